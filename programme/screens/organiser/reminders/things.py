"""From an address to the thing whose reminders it shows: an event or an opening, and the rights over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import abort, current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar import sight
from programme.engines.calendar.actions.values import told_of, when_words
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.questionnaire.models import Questionnaire
from programme.engines.registration.feedback.actions import FEEDBACK, form_of
from programme.engines.registration.models import Opening, OpeningEvent, Registration
from programme.engines.registration.offers.actions import OFFER
from programme.engines.registration.openings.rights import opening_scope, opening_with_owners
from programme.engines.registration.states import OpeningState, RegistrationState
from programme.engines.reminders.actions import Thing
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.permissions import Verb, may
from programme.people.states import Strand
from programme.screens.organiser import scopes
from programme.screens.roll.scopes import of_opening
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.reminders.ports import ReminderSubject
    from programme.people.permissions import Scope

NO_DATE = "It has no date, so nothing is due."


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing with rules, as its pages show it.

    `silence` says why nothing goes out for it at all, if so; `is_draft`, that it would if it were announced. `place` is
    where its reminders are, below its home, if not there.
    """

    thing: Thing
    title: str
    when: str
    home: str
    scope: Scope
    openings: Sequence[Opening]
    strand: str
    is_draft: bool = False
    silence: str = ""
    place: str = ""

    @property
    def address(self) -> str:
        """Return the address of its reminders."""
        return f"{self.home}{self.place}/reminders"

    def may(self, verb: Verb) -> bool:
        """Whether the acting person may do a verb to it."""
        return may(actor(), verb, self.scope)


def address_of(kind: str, number: int) -> str:
    """Return the address of the reminders of a thing, by its kind and id."""
    if kind == OFFER:
        return f"/organise/openings/{number}/offers/reminders"
    if kind == FEEDBACK:
        return f"/organise/openings/{number}/feedback/reminders"
    return f"/organise/{kind}s/{number}/reminders"


def of_thing(
    session: Session,
    event_id: int = 0,
    opening_id: int = 0,
    offers_of: int = 0,
    feedback_of: int = 0,
    cohort_id: int = 0,
    **rest: object,
) -> Scope | None:
    """Return the scope of an event, a cohort, an opening, or of the opening whose offers or whose feedback is meant."""
    del rest
    if cohort_id:
        cohort = session.get(Cohort, cohort_id)
        scope = award_scope(cohort.award) if cohort else None
        return scope if scope and may(actor(), Verb.SEE_DRAFT, scope) else None
    meant = opening_id or offers_of or feedback_of
    return scopes.of_event(session, event_id) if event_id else of_opening(session, meant)


def subject_of(kind: str) -> ReminderSubject:
    """Return the plug of a kind of thing."""
    subjects: Sequence[ReminderSubject] = current_app.extensions["reminder_subjects"]
    return next((one for one in subjects if one.kind == kind), None) or abort(404)


def thing_here(
    event_id: int = 0,
    opening_id: int = 0,
    offers_of: int = 0,
    feedback_of: int = 0,
    cohort_id: int = 0,
    **rest: object,
) -> Shown:
    """Return the thing of an address; its guard has seen that it is there."""
    del rest
    if cohort_id:
        return shown_cohort(cohort_id)
    if offers_of:
        return shown_within(offers_of, OFFER, word="Offers", place="/offers", silence=silence_of_offers)
    if feedback_of:
        return shown_within(feedback_of, FEEDBACK, word="Feedback", place="/feedback", silence=silence_of_feedback)
    return shown_event(event_id) if event_id else shown_opening(opening_id)


def shown_event(event_id: int) -> Shown:
    """Return an event as its reminders' pages show it."""
    options: Any = [joinedload(Event.series), selectinload(Event.co_owners)]
    event = database_session().get(Event, event_id, options=options) or abort(404)
    return Shown(
        Thing(subject_of("event"), event.id, event.lead_organisation_id),
        event.title,
        when_words(told_of(event)),
        f"/organise/events/{event.id}",
        sight.event_scope(event),
        openings_for(event.id),
        event.strand.value,
        is_draft=event.state is EventState.DRAFT,
        silence=silence_of(event),
    )


def silence_of(event: Event) -> str:
    """Say why an event reminds nobody, if it does not."""
    if event.state is EventState.CANCELLED:
        return "It is cancelled, so nobody is reminded. If it is put on again, these reminders hold again."
    if event.is_archive:
        return "It is kept for the record only, and reminds nobody."
    return "" if event.date_is_known else NO_DATE


def openings_for(event_id: int) -> Sequence[Opening]:
    """Return the openings that admit to an event, with their forms."""
    statement = (
        select(Opening)
        .join(OpeningEvent, OpeningEvent.opening_id == Opening.id)
        .where(OpeningEvent.event_id == event_id)
        .options(joinedload(Opening.questionnaire).selectinload(Questionnaire.questions))
        .options(selectinload(Opening.co_owners), selectinload(Opening.events))
        .order_by(Opening.id)
    )
    return database_session().scalars(statement).all()


def shown_opening(opening_id: int) -> Shown:
    """Return an opening as its reminders' pages show it."""
    opening = opening_with_owners(database_session(), opening_id) or abort(404)
    return Shown(
        Thing(subject_of("opening"), opening.id, opening.lead_organisation_id),
        opening.title,
        "",
        f"/organise/openings/{opening.id}",
        opening_scope(opening),
        [opening],
        opening.strand.value,
        is_draft=opening.state is OpeningState.DRAFT,
        silence=silence_of_opening(opening),
    )


def shown_cohort(cohort_id: int) -> Shown:
    """Return a cohort as its reminders' pages show it: they are of its researchers' milestones."""
    cohort = database_session().get_one(Cohort, cohort_id)
    return Shown(
        Thing(subject_of("cohort"), cohort.id, cohort.award.lead_organisation_id),
        f"Milestones: {cohort.title}",
        "",
        f"/organise/cohorts/{cohort.id}",
        award_scope(cohort.award),
        [],
        Strand.COHORTS.value,
    )


def shown_within(opening_id: int, kind: str, *, word: str, place: str, silence: Callable[[Opening], str]) -> Shown:
    """Return what belongs to an opening and reminds by rules of its own, as the pages of these show it."""
    shown = shown_opening(opening_id)
    opening = shown.openings[0]
    return replace(
        shown,
        thing=Thing(subject_of(kind), opening.id, opening.lead_organisation_id),
        title=f"{word}: {opening.title}",
        place=place,
        silence=silence(opening),
    )


def silence_of_feedback(opening: Opening) -> str:
    """Say why an opening asks nobody how it was, if it does not."""
    return "" if form_of(database_session(), opening.id) else "Nothing is asked yet, so nobody is written to."


def silence_of_offers(opening: Opening) -> str:
    """Say why the offers of an opening remind nobody, if they do not."""
    if opening.offer_hours is None:
        return "Places are given at once here. Set the hours of an offer in the settings, and these reminders hold."
    offered = select(Registration.id).where(Registration.state == RegistrationState.OFFERED)
    is_any = database_session().scalar(offered.where(Registration.opening_id == opening.id).limit(1)) is not None
    return "" if is_any else "Nobody is offered a place now, so nothing is due. Each offer brings its own reminders."


def silence_of_opening(opening: Opening) -> str:
    """Say why an opening reminds nobody, if it does not."""
    if opening.closes_at is None:
        return "Registration has no end, so nothing is due. Set one in its settings."
    if opening.state is OpeningState.CLOSED:
        return "Registration is closed, so nobody is reminded."
    over = bool(opening.events) and all(event.state is EventState.CANCELLED for event in opening.events)
    return "What it admits to is cancelled, so nobody is reminded." if over else ""
