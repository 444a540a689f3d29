"""Events remind: of their start and end, those with a place and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, literal, or_, select
from sqlalchemy.orm import aliased

from programme.engines.calendar.models import Event, EventCoOwner
from programme.engines.calendar.sight import ANNOUNCED, EVENT
from programme.engines.calendar.states import EventState
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Opening, Registration, RegistrationTag, Seat
from programme.engines.registration.states import Attendance, RegistrationState, SeatState
from programme.engines.reminders.models import Anchor, Audience
from programme.engines.reminders.outgoing.queueing import key_of, taken
from programme.engines.reminders.ports import Reach, Side
from programme.flows.subjects import people
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, FromClause, Select

    from programme.engines.reminders.ports import Only

REMINDER, NOTICE, BRIEFING = "event_reminder", "event_notice", "event_briefing"
A = Audience
EITHER = {Side.BEFORE: REMINDER, Side.AFTER: NOTICE}
BEFORE, AFTER, BOTH = {Side.BEFORE: NOTICE}, {Side.AFTER: NOTICE}, {Side.BEFORE: NOTICE, Side.AFTER: NOTICE}
PLACE, WAITS = "Sent because you have a place.", "Sent because you are on the waiting list."
IN_STATE = {A.WAITING: RegistrationState.WAITLISTED, A.OFFERED: RegistrationState.OFFERED}


class EventSubject:
    """Events, as the rules of reminders see them."""

    kind = EVENT
    may_repeat = False
    anchors: Mapping[Anchor, str] = {Anchor.START: "the start", Anchor.END: "the end"}
    audiences: Mapping[Audience, Reach] = {
        A.CONFIRMED: Reach("everybody with a place", PLACE, EITHER),
        A.WAITING: Reach("those on the waiting list", WAITS, BEFORE),
        A.OFFERED: Reach("those who are offered a place", "Sent because a place is offered to you.", BEFORE),
        A.PRESENT: Reach("those who came", "Sent because you were there.", AFTER),
        A.ABSENT: Reach("those who did not come", "Sent because you had a place.", AFTER),
        A.ANSWERED: Reach("those who gave one answer", PLACE, EITHER, "question"),
        A.TAGGED: Reach("those with a tag", PLACE, EITHER, "tag"),
        A.SPEAKERS: Reach("the speakers", "Sent because you are on the programme.", BOTH),
        A.ORGANISERS: Reach(
            "the organisers", "Sent because you organise this.", {Side.BEFORE: BRIEFING, Side.AFTER: BRIEFING}
        ),
        A.GROUP: Reach("those of a group who have not registered", "Sent because you are in a group.", BEFORE, "group"),
    }

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select when events start or end that take place; with `drafts`, those too that nobody knows of yet."""
        found = select(Event.id.label("subject_id"), instant_of(Event, anchor).label("instant"))
        return found.where(happens(drafts=drafts))

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select who is of an audience of events."""
        if audience is A.ORGANISERS:
            owners = EventCoOwner.__table__
            return people.persons(Event, due, only=only).where(people.organise(Event, owners, due))
        if audience is A.SPEAKERS:
            return people.persons(Event, due, only=only).where(people.speak(due))
        if audience is A.GROUP:
            found = people.persons(Event, due, only=only).where(people.belong(due))
            open_now = select(Opening.id).where(Opening.id.in_(people.admitting(due)), people.is_open(due)).exists()
            return found.where(open_now, ~people.is_registered_for(people.admitting(due)))
        return seated(audience, due, only=only)


def instant_of(event: Any, anchor: Anchor) -> Any:
    """Return the instant of an event that an anchor names, or the column that holds it."""
    return event.ends_at if anchor is Anchor.END else event.starts_at


def happens(*, drafts: bool = False) -> ColumnElement[bool]:
    """Whether an event is announced for a known date, postponed to it or not; imports of the past remind nobody."""
    states = (*ANNOUNCED, EventState.DRAFT) if drafts else ANNOUNCED
    return and_(Event.state.in_(states), Event.date_is_known, ~Event.is_archive)


def seated(audience: Audience, due: FromClause, *, only: Only | None) -> Select[Any]:
    """Select the chairs whose people are of an audience; of somebody with two, the first, and no second letter."""
    found = (
        select(
            cast(Seat.id, String).label("who"),
            *people.addressed(Registration.address, Registration.name, Registration.person_id),
            literal("registration", String).label("subject_kind"),
            Registration.id.label("subject_id"),
            *people.sent_for(Event),
            Registration.link_version.label("link_version"),
            due.c.rule_id.label("rule_id"),
            due.c.stamp.label("stamp"),
        )
        .select_from(due)
        .join(Event, Event.id == due.c.subject_id)
        .join(Organisation, Organisation.id == Event.lead_organisation_id)
        .join(Seat, Seat.event_id == Event.id)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Registration.person_id.is_not(None), *belongs(audience, due, Seat, Registration))
        .where(~has_another(audience, due))
    )
    if only is None:
        return found
    # of the chair too, or a database reads every chair of the event to find a few
    return found.where(Registration.id.in_(only.registrations), Seat.registration_id.in_(only.registrations))


def belongs(audience: Audience, due: FromClause, seat: Any, registration: Any) -> list[ColumnElement[bool]]:
    """Return what makes a chair one of an audience, now and before its reminder fell due."""
    held = seat.state == SeatState.HELD
    if audience in IN_STATE:
        return [held, registration.state == IN_STATE[audience], registration.joined_at <= due.c.due_at]
    placed = and_(
        held,
        registration.state == RegistrationState.CONFIRMED,
        registration.confirmed_at <= due.c.due_at,
    )
    lent = and_(seat.state == SeatState.LENT, seat.lent_at <= due.c.due_at)
    return [or_(placed, lent), *narrower(audience, due, seat, registration)]


def narrower(audience: Audience, due: FromClause, seat: Any, registration: Any) -> list[ColumnElement[bool]]:
    """Return what an audience asks besides a place."""
    if audience is A.PRESENT:
        return [seat.attendance == Attendance.PRESENT]
    if audience is A.ABSENT:
        other = aliased(Seat)
        came = select(other.id).where(other.event_id == seat.event_id, other.attendance == Attendance.PRESENT)
        counted = came.where(other.attended_at <= due.c.due_at).exists()
        is_absent = seat.attendance == Attendance.ABSENT
        return [is_absent | ((seat.attendance == Attendance.UNKNOWN) & counted)]
    if audience is A.ANSWERED:
        return [answered(registration.answer_sheet_id, due)]
    if audience is A.TAGGED:
        tag = select(RegistrationTag.tag).where(RegistrationTag.registration_id == registration.id)
        return [tag.where(RegistrationTag.tag == due.c.word).exists()]
    return []


def answered(sheet_id: Any, due: FromClause) -> ColumnElement[bool]:
    """Whether a sheet holds the answer that narrows a rule; what is sensitive is never asked."""
    said = cast(Answer.value, String).like("%" + due.c.word + "%", escape="\\")
    return (
        select(Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.sheet_id == sheet_id, Answer.question_id == due.c.number, ~Question.is_sensitive, said)
        .exists()
    )


def has_another(audience: Audience, due: FromClause) -> ColumnElement[bool]:
    """Whether the chair's person has another one at the event that comes first, or had a letter for another.

    Looked for by the person: the sum keeps databases from going through every chair of the event instead.
    """
    seat, registration = aliased(Seat), aliased(Registration)
    first = and_(seat.id < Seat.id, *belongs(audience, due, seat, registration))
    return (
        select(seat.id)
        .join(registration, registration.id == seat.registration_id)
        .where(registration.person_id == Registration.person_id, registration.id != Registration.id)
        .where(seat.event_id + 0 == Seat.event_id, or_(first, taken(key_of(due, seat.id))))
        .exists()
    )


EVENTS = EventSubject()
