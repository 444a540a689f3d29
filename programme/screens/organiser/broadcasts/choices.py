"""What the form of a letter to many offers: organisations, openings and events, tags and answers, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import selectinload
from wtforms import SelectChoice

from programme.core.web.words import short_date
from programme.engines.calendar import sight
from programme.engines.calendar.models import Contribution, Event
from programme.engines.calendar.times import london_day
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.rights import listed_under, sensitive_reach
from programme.engines.registration.roll.answers import every_question, readable
from programme.engines.registration.roll.filters import ELSEWHERE
from programme.engines.registration.roll.tags import tags_in
from programme.people.groups.queries import groups_of
from programme.people.models import Organisation, Role
from programme.people.queries import organisations, universities
from programme.screens.organiser.broadcasts.forms import GroupForm, LetterForm, RegisteredForm, SpeakersForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question
    from programme.people.permissions import Actor

MOST = 200
OWN_MEMBERS = " (of your own members)"
CHOOSE, ANY = SelectChoice("", "Choose one"), SelectChoice("", "Any")


def offer(session: Session, actor: Actor, form: LetterForm) -> None:
    """Fill in what can be chosen."""
    form.organisation.choices = [SelectChoice(row.id, row.name) for row in mine(session, actor)]
    if isinstance(form, RegisteredForm):
        offer_registered(session, actor, form)
    elif isinstance(form, GroupForm):
        rows = session.scalars(groups_of(actor).limit(MOST))
        form.group.choices = [CHOOSE, *(SelectChoice(row.id, row.title) for row in rows)]
    elif isinstance(form, SpeakersForm):
        form.event.choices = [CHOOSE, *(SelectChoice(row.id, dated(row)) for row in with_speakers(session, actor))]


def mine(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Return the organisations that an actor organises for."""
    return [row for row in organisations(session) if row.id in actor.organises_for]


def offer_registered(session: Session, actor: Actor, form: RegisteredForm) -> None:
    """Fill in openings and events; tags and answers are those of the opening that is chosen."""
    rows = openings(session, actor)
    form.about.choices = [CHOOSE, *(SelectChoice(f"opening:{row.id}", opening_word(row)) for row in rows)]
    form.about.choices += [
        SelectChoice(f"event:{event.id}", f"{dated(event)}: one event of several") for event in events_of_several(rows)
    ]
    places = [SelectChoice(row.slug, row.name) for row in universities(session)]
    form.home.choices = [SelectChoice("", "Anywhere"), *places, SelectChoice(ELSEWHERE, "Elsewhere")]
    chosen = next((row for row in rows if form.about.data == f"opening:{row.id}"), None)
    form.tag.choices, form.said.choices = [ANY], [ANY]
    if chosen is not None:
        form.tag.choices += [
            SelectChoice(tag, f"{tag} ({number})") for tag, number in tags_in(session, chosen.id).items()
        ]
        form.said.choices += answers_to(session, chosen, actor)


def openings(session: Session, actor: Actor) -> Sequence[Opening]:
    """Return the openings whose people an actor may write to, the latest first."""
    statement = (
        select(Opening)
        .where(run_by(actor))
        .options(selectinload(Opening.events), selectinload(Opening.co_owners), selectinload(Opening.questionnaire))
        .order_by(Opening.id.desc())
        .limit(MOST)
    )
    return session.scalars(statement).all()


def run_by(actor: Actor) -> ColumnElement[bool]:
    """Whether an opening is one that an actor organises; helpers write to nobody."""
    return or_(false(), *(listed_under(grant) for grant in actor.grants if grant.role is Role.ORGANISER))


def opening_word(opening: Opening) -> str:
    """Return what an opening is called on a menu."""
    known = [event for event in opening.events if event.date_is_known]
    return f"{opening.title}, {day_of(known[0])}" if known else opening.title


def events_of_several(rows: Iterable[Opening]) -> list[Event]:
    """Return the events of openings that admit to several, each once."""
    return list({event.id: event for row in rows if len(row.events) > 1 for event in row.events}.values())


def dated(event: Event) -> str:
    """Return an event's title and day."""
    return f"{event.title}, {day_of(event)}"


def day_of(event: Event) -> str:
    """Return an event's day with its year."""
    return f"{short_date(event.starts_at)} {london_day(event.starts_at).year}"


def answers_to(session: Session, opening: Opening, actor: Actor) -> list[SelectChoice]:
    """Return the answers to choose from: the options of questions that the actor may read, of both forms.

    Who shares the opening asks by sensitive ones, too, which reaches their own members alone.
    """
    found, reach = [], sensitive_reach(actor, opening)
    for question in readable(every_question(session, opening), reach):
        whose = OWN_MEMBERS if question.is_sensitive and not reach.is_everybody else ""
        found += [
            SelectChoice(f"{question.id}:{option}", f"{question.label} {option}{whose}")
            for option in options_of(question)
        ]
    return found


def options_of(question: Question) -> list[str]:
    """Return what may be answered to a question that has a list of answers."""
    if question.kind == "yes_no":
        return ["Yes", "No"]
    return list(question.settings.get("options", ())) if KINDS[question.kind].has_options else []


def with_speakers(session: Session, actor: Actor) -> Sequence[Any]:
    """Return events with speakers who are known as people, the latest first."""
    known = select(Contribution.event_id).where(Contribution.person_id.is_not(None))
    own = [sight.organised_under(grant) for grant in actor.grants if grant.role is Role.ORGANISER]
    mine_too = or_(false(), *(condition for condition in own if condition is not None))
    statement = select(Event).where(Event.id.in_(known), mine_too).order_by(Event.starts_at.desc(), Event.id)
    return session.scalars(statement.limit(MOST)).all()
