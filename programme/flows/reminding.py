"""Reminding: what is due is reckoned from the events as they stand now, and queued under keys that forbid twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, cast, literal, or_, select
from sqlalchemy.orm import joinedload

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK, gives_its_key_back, post_selected
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.reminders.actions import EVENT, EVENT_LETTER
from programme.engines.reminders.due import Span, due_at, is_due, reach
from programme.engines.reminders.models import ReminderRule
from programme.engines.reminders.queries import offset_of, offsets_in_use

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Reminder:
    """A rule of an event that is due."""

    rule: ReminderRule
    event: Event

    @property
    def span(self) -> Span:
        """The event as the pure rule reads it."""
        return Span(self.event.starts_at, self.event.ends_at)

    @property
    def due(self) -> datetime:
        """When it fell due."""
        return due_at(offset_of(self.rule), self.span)


def queue_due_reminders(session: Session, now: datetime) -> int:
    """Queue every reminder that is due and not queued yet, in one statement for each event; return how many."""
    return sum(queue(session, reminder, now=now) for reminder in due_reminders(session, now=now))


def due_reminders(session: Session, *, now: datetime) -> list[Reminder]:
    """Return what is due now: only events that start within the longest offset in use are looked at."""
    found = candidates(session, now=now, within=longest_reach(session))
    return [
        reminder
        for reminder in found
        if is_due(offset_of(reminder.rule), reminder.span, now=now, since=reminder.rule.created_at)
    ]


def longest_reach(session: Session) -> timedelta | None:
    """Return how long before its event a reminder can fall due; None where there is no rule."""
    return max((reach(offset) for offset in offsets_in_use(session, EVENT, EVENT_LETTER)), default=None)


def candidates(session: Session, *, now: datetime, within: timedelta | None) -> list[Reminder]:
    """Return the rules of events that are to happen soon."""
    if within is None:
        return []
    statement = (
        select(ReminderRule, Event)
        .join(Event, and_(ReminderRule.subject_kind == EVENT, ReminderRule.subject_id == Event.id))
        .where(ReminderRule.is_active, ReminderRule.letter == EVENT_LETTER, happens())
        .where(Event.starts_at > now, Event.starts_at <= now + within)
        .options(joinedload(Event.lead_organisation))
        .order_by(Event.starts_at, Event.id, ReminderRule.id)
    )
    return [Reminder(rule, event) for rule, event in session.execute(statement)]


def happens() -> ColumnElement[bool]:
    """Whether an event is announced for a known date, postponed to it or not; imports of the past remind nobody."""
    return and_(Event.state.in_(ANNOUNCED), Event.date_is_known, ~Event.is_archive)


def queue(session: Session, reminder: Reminder, *, now: datetime) -> int:
    """Queue one reminder for everybody it is for; return how many letters are new."""
    return post_selected(session, letters(reminder, now=now))


def letters(reminder: Reminder, *, now: datetime) -> Select[Any]:
    """Select the outbox rows of a reminder: confirmed before it fell due, chair held, not written to before."""
    key = literal(f"reminder:{reminder.rule.id}:") + cast(Seat.id, String) + literal(f":{start_text(reminder.event)}")
    return (
        select(
            key.label("dedup_key"),
            Registration.address.label("recipient"),
            Registration.name.label("recipient_name"),
            Registration.person_id.label("person_id"),
            literal("registration").label("subject_kind"),
            Registration.id.label("subject_id"),
            *[literal(value, column.type).label(column.key) for column, value in shared(reminder, now)],
        )
        .join(Seat, Seat.registration_id == Registration.id)
        .where(Seat.event_id == reminder.event.id, Seat.state == SeatState.HELD)
        .where(Registration.state == RegistrationState.CONFIRMED, Registration.confirmed_at <= reminder.due)
        .where(Registration.person_id.is_not(None))
        .where(~taken(key))
    )


def taken(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the key is used up: asked first, so that a tick with nothing new locks and writes nothing."""
    return (
        select(OutboxMessage.id)
        .where(OutboxMessage.dedup_key == key, or_(OutboxMessage.state != OutboxState.CANCELLED, ~gives_its_key_back()))
        .exists()
    )


def shared(reminder: Reminder, now: datetime) -> list[tuple[Any, Any]]:
    """Return the columns that all letters of a reminder have alike."""
    table, event = OutboxMessage.__table__.c, reminder.event
    return [
        (table.letter, EVENT_LETTER),
        (table.rule_id, reminder.rule.id),
        (table.organisation_id, event.lead_organisation_id),
        (table.strand, event.strand),
        (table.context, {"event": event.id, "start": start_text(event)}),
        (table.sender_name, (event.contact_name or event.lead_organisation.name)[:200]),
        (table.reply_to, event.contact_address or event.lead_organisation.contact_address),
        (table.state, OutboxState.PENDING),
        (table.priority, BULK),
        (table.created_at, now),
        (table.due_at, now),
        (table.valid_until, event.starts_at),
    ]


def start_text(event: Event) -> str:
    """Return the start as the key of a reminder says it: in UTC."""
    return event.starts_at.strftime("%Y-%m-%dT%H:%MZ")
