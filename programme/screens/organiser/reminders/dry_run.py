"""The dry run: what a thing's rules would send, when, to whom, and what it would say, before anything is sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import and_, func, or_, select

from programme.core.web.lists import Page
from programme.core.web.words import plural
from programme.engines.mail.composing import Desk, rendered, without_keys
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wording.stationery import stationery_of
from programme.engines.registration.models import Registration, Seat
from programme.engines.reminders.models import Audience
from programme.engines.reminders.outgoing import forecast
from programme.engines.reminders.outgoing.occurrences import standing
from programme.engines.reminders.queries import rules_ever
from programme.engines.reminders.wording import offset_words
from programme.flows.notices import feedback
from programme.flows.notices.reminders import events, offers, openings
from programme.flows.notices.reminders.facts import filled, rules_with_events, rules_with_openings
from programme.flows.subjects.events import EVENTS
from programme.screens.organiser.reminders.told_to import to_words
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.reminding import telling
from programme.strands.cohorts.reminding.subject import COHORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

    from programme.engines.mail.wire.messages import Body
    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.outgoing.occurrences import Occurrence
    from programme.screens.organiser.reminders.things import Shown

LATER = frozenset({Audience.PRESENT, Audience.ABSENT})
GONE = (OutboxState.SENT, OutboxState.BUNDLED)
WAITING = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.HELD)
PEOPLE_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the table shows it: when it is due, how many it is for, what has gone, and what is to be said of it."""

    rule: ReminderRule
    when: str
    to: str
    due: datetime | None = None
    number: int | None = None
    states: Mapping[OutboxState, int] = field(default_factory=dict)
    note: str = ""
    is_over: bool = False

    @property
    def gone(self) -> int:
        """How many letters went out."""
        return sum(self.states.get(state, 0) for state in GONE)

    @property
    def waiting(self) -> int:
        """How many wait in the outbox."""
        return sum(self.states.get(state, 0) for state in WAITING)

    @property
    def lost(self) -> int:
        """How many could not be sent, or have no answer."""
        return sum(self.states.get(state, 0) for state in (OutboxState.FAILED, OutboxState.UNKNOWN))


def table(session: Session, shown: Shown, *, now: datetime) -> tuple[list[Line], list[Line]]:
    """Return the rules of a thing in the order of time, and those that were removed."""
    rules = rules_ever(session, shown.thing.subject.kind, [shown.thing.id])
    active = [rule for rule in rules if rule.is_active]
    found = standing(session, shown.thing.subject, [rule.id for rule in active], drafts=True)
    due = {one.rule.id: one for one in forecast.expected(found.values(), now=now)}
    numbers = forecast.numbers(session, shown.thing.subject, list(due.values()), now=now) if due else {}
    sent = sent_by(session, shown, [rule.id for rule in rules])
    lines = [line_of(shown, rule, due.get(rule.id), numbers, sent.get(rule.id, {}), now=now) for rule in active]
    lines.sort(key=lambda line: (line.due is None, line.due, line.rule.id))
    gone = [line_of(shown, rule, None, {}, sent.get(rule.id, {}), now=now) for rule in rules if not rule.is_active]
    return lines, gone


def line_of(
    shown: Shown,
    rule: ReminderRule,
    one: Occurrence | None,
    numbers: Mapping[tuple[int, str], int],
    states: Mapping[OutboxState, int],
    *,
    now: datetime,
) -> Line:
    """Return one line."""
    subject = shown.thing.subject
    when, to = offset_words(subject, rule), to_words(subject, rule)
    if one is None or shown.silence:
        return Line(rule, when, to, states=states)
    is_over = one.turn.until <= now
    number = None if is_over else numbers.get((rule.id, one.stamp), 0)
    return Line(rule, when, to, one.turn.due, number, states, note_of(shown, rule, one, now=now), is_over)


def note_of(shown: Shown, rule: ReminderRule, one: Occurrence, *, now: datetime) -> str:
    """Say what else there is to know of a line, if anything."""
    if rule.created_at > one.turn.due:
        return "It was made after it would have been due, so it stays silent."
    if one.turn.until <= now:
        return ""
    if rule.audience in LATER and one.turn.due > now:
        return "Known once people have been checked in."
    if one.turn.due <= now and not shown.is_draft:
        return "It is due now."
    return ""


def sent_by(session: Session, shown: Shown, rule_ids: Sequence[int]) -> dict[int, Counter[OutboxState]]:
    """Count the letters that each rule queued, by state; found by what they are about, which has an index."""
    thing = shown.thing
    if thing.subject.kind == COHORT:
        return counted(session, OutboxMessage.person_id.in_(telling.people_of(thing.id)), rule_ids)
    if thing.subject.kind == "event":
        roll = select(Seat.registration_id).where(Seat.event_id == thing.id)
    else:
        roll = select(Registration.id).where(Registration.opening_id == thing.id)
    about = or_(
        and_(OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id.in_(roll)),
        and_(OutboxMessage.subject_kind == thing.subject.kind, OutboxMessage.subject_id == thing.id),
    )
    return counted(session, about, rule_ids)


def counted(session: Session, about: ColumnElement[bool], rule_ids: Sequence[int]) -> dict[int, Counter[OutboxState]]:
    """Count letters of rules by state, among those that are about something."""
    statement = (
        select(OutboxMessage.rule_id, OutboxMessage.state, func.count())
        .where(about, OutboxMessage.rule_id.in_(rule_ids))
        .group_by(OutboxMessage.rule_id, OutboxMessage.state)
    )
    found: dict[int, Counter[OutboxState]] = {}
    for rule_id, state, number in session.execute(statement):
        if rule_id is not None:
            found.setdefault(rule_id, Counter())[state] += number
    return found


def occurrence_of(session: Session, shown: Shown, rule: ReminderRule, *, now: datetime) -> Occurrence | None:
    """Return when a rule is due next, or was last; None where nothing is."""
    found = standing(session, shown.thing.subject, [rule.id], drafts=True)
    return next(iter(forecast.expected(found.values(), now=now)), None) if found and not shown.silence else None


def readers(session: Session, shown: Shown, one: Occurrence, *, number: int, now: datetime) -> Page[Row[Any]]:
    """Return a page of those to whom it would go."""
    chosen = forecast.people(shown.thing.subject, one, now=now)
    if chosen is None:
        return Page([], 1, PEOPLE_ON_A_PAGE, 0)
    total = session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0
    number = min(number, max(1, -(-total // PEOPLE_ON_A_PAGE)))
    some = chosen.limit(PEOPLE_ON_A_PAGE).offset((number - 1) * PEOPLE_ON_A_PAGE)
    return Page(session.execute(some).all(), number, PEOPLE_ON_A_PAGE, total)


def reader(session: Session, shown: Shown, one: Occurrence, *, who: str, now: datetime) -> Row[Any] | None:
    """Return one of them: the one asked for, or else the first."""
    chosen = forecast.people(shown.thing.subject, one, now=now)
    if chosen is None:
        return None
    narrowed: Select[Any] = chosen.where(chosen.selected_columns["who"] == who) if who else chosen
    return session.execute(narrowed.limit(1)).first()


def letter(session: Session, one: Occurrence, person: Row[Any] | None, *, now: datetime) -> Body:
    """Return what one would read, as of when it is due; without keys, and to nobody where nobody is known yet."""
    room, links = current_app.extensions["mail_room"], current_app.extensions["links"]
    rule, then = one.rule, max(now, one.turn.due)
    told = shared_by(rule.subject_kind)(session, [found_for(session, rule)], now=then, links=links)
    name = person.recipient_name if person is not None else "Their Name"
    hidden = {"manage_url": "registrations", "invite_url": "invitations", "feedback_url": "feedback"}
    blanks = {"name": name, **{key: f"{links.base_url}/{noun}/hidden" for key, noun in hidden.items()}}
    shared, stencil = told[rule.id]
    row = OutboxMessage(letter=rule.letter, recipient="", recipient_name=name)
    desk = Desk(room, then, stationery_of(session))
    body = rendered(room.letters[rule.letter], filled(shared, stencil, blanks), message=row, desk=desk)
    return type(body)(body.subject, without_keys(body.text), without_keys(body.html), body.attachments)


def shared_by(kind: str) -> Any:
    """Return what writes the letters of a kind of thing."""
    writers: Any = {
        "event": events.shared_of,
        "opening": openings.shared_of,
        "offer": offers.shared_of,
        "feedback": feedback.shared_of,
        COHORT: telling.shared_of,
    }
    return writers[kind]


def found_for(session: Session, rule: ReminderRule) -> Any:
    """Return a rule with its thing, announced or not."""
    if rule.subject_kind == EVENTS.kind:
        return rules_with_events(session, [rule.id], drafts=True)[rule.id]
    if rule.subject_kind == COHORT:
        return rule, session.get_one(Cohort, rule.subject_id)
    return rules_with_openings(session, [rule.id], kind=rule.subject_kind, drafts=True)[rule.id]


def summary(lines: Sequence[Line]) -> str:
    """Say how many letters are to come."""
    return plural(sum(line.number or 0 for line in lines if line.due is not None and not line.is_over), "letter")
