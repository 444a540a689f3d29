"""The letter that reminds of an event, written from what is true when it goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.web.converters import slug
from programme.core.web.words import clock_change, distance
from programme.engines.calendar.actions.values import told_of, when_words
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.reminders.actions import EVENT_LETTER
from programme.flows.reminding import happens, start_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write the reminder; None where the event moved away or is off, or the person has no place there any more.

    What is asked here is asked when it is queued, too: else a letter would be queued and cancelled for ever.
    """
    event = event_of(session, message)
    person = holder_of(session, message)
    if event is None or person is None:
        return None
    return Composed(words_of(session, event, person, now=now, links=links))


def event_of(session: Session, message: OutboxMessage) -> Event | None:
    """Return the event if it still happens when the letter says."""
    event = session.scalar(
        select(Event)
        .where(Event.id == message.context["event"], happens())
        .options(joinedload(Event.venue), joinedload(Event.series))
        .execution_options(populate_existing=True)
    )
    return event if event is not None and start_text(event) == message.context["start"] else None


def holder_of(session: Session, message: OutboxMessage) -> Registration | None:
    """Return the registration if it is confirmed and holds its chair there."""
    return session.scalar(
        select(Registration)
        .join(Seat, Seat.registration_id == Registration.id)
        .where(Registration.id == message.subject_id, Registration.state == RegistrationState.CONFIRMED)
        .where(Seat.event_id == message.context["event"], Seat.state == SeatState.HELD)
        .execution_options(populate_existing=True)
    )


def words_of(session: Session, event: Event, person: Registration, *, now: datetime, links: Links) -> Mapping[str, Any]:
    """Return the variables of the three templates."""
    title = shown_title(event.title, is_known=event.title_is_known, series=event.series.title if event.series else None)
    told = told_of(event)
    return {
        "name": person.name,
        "title": title,
        "starts_at": event.starts_at,
        "ends_at": None if event.all_day else event.ends_at,
        "when": when_words(told),
        "day": day_words(event.starts_at, now),
        "clocks": clock_change(now, event.starts_at),
        "place": told.place,
        "address": address_of(event),
        "gate": event.venue.access.get("gate", "") if event.venue else "",
        "online_link": event.online_link if event.is_online else "",
        "weeks": weeks_of(session, event),
        "manage_url": links.url(person),
        "event_url": f"{links.base_url}/events/{slug(title, event.id)}",
        "contact": event.contact_name,
    }


def day_words(start: datetime, now: datetime) -> str:
    """Say how far it is: today, tomorrow, in 3 days."""
    return distance(start, now)


def address_of(event: Event) -> str:
    """Return the address of the venue in one line."""
    if event.venue is None:
        return ""
    return ", ".join(part for part in (*event.venue.address.splitlines(), event.venue.postcode) if part)


def weeks_of(session: Session, event: Event) -> list[dict[str, str]]:
    """Return the academic week at each university."""
    labels = week_labels(terms(session), london_day(event.starts_at))
    return [{"end": week.end, "name": week.name, "words": week.label.long} for week in labels]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    starts = datetime(2027, 2, 16, 14, tzinfo=UTC)
    return {
        "name": "Alice Aldgrove",
        "title": "Quantum sensing for chemists",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "when": "Tuesday 16 February 2027, 14:00 to 15:00 GMT",
        "day": "tomorrow",
        "clocks": "",
        "place": "Lecture theatre 2, Central Teaching Hub",
        "address": "Mount Pleasant, L3 5TR",
        "gate": "",
        "online_link": "",
        "weeks": [
            {"end": "liverpool", "name": "Liverpool", "words": "Semester 2, week 3"},
            {"end": "oxford", "name": "Oxford", "words": "Tuesday of 5th week, Hilary 2027"},
        ],
        "manage_url": "https://programme.example.ac.uk/registrations/1-example",
        "event_url": "https://programme.example.ac.uk/events/quantum-sensing-for-chemists-1",
        "contact": "Olga Oakhurst",
    }


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter that remind."""
    write = partial(compose, links=links)
    return (Letter(EVENT_LETTER, "A reminder of an event", Purpose.SERVICE, write, example),)
