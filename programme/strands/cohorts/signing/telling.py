"""Queues the letters about signatures; what they say is written when they go (see `letters/signing.py`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.times import days_before, london_day, nearest_instant
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.engines.mail.states import OutboxState
from programme.people.states import Strand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.strands.cohorts.models import Signature

NEWS = timedelta(days=30)
"""How long an answer is news: later on, whoever asked has read it on the record."""
SIGNATURE, ASKED, ANSWERED, WAITING = "signature", "signature_asked", "signature_answered", "signatures_waiting"
GATHERED = frozenset({"supervision_meeting", "training_entry"})
"""Kinds of things of which many come: one letter a day tells of them, and several are agreed to in one press."""
GATHERED_AT = time(16)
"""When that letter goes, by London's clock: what comes later is in the next day's."""


def tell_asked(session: Session, row: Signature, *, now: datetime) -> None:
    """Queue the letter that asks: one a day for each version of the link, however often it is asked for.

    What comes in numbers is told in one letter a day, with everything that waits for its reader.
    """
    if row.subject_kind in GATHERED:
        tell_waiting(session, row.person, now=now)
        return
    day = london_day(now)
    key = f"{ASKED}:{row.id}:{row.link_version}:{day:%Y%m%d}"
    post(session, letter_to(row, row.person, ASKED, key, {"version": row.link_version}), now=now)


def tell_waiting(session: Session, person: Person, *, now: datetime) -> None:
    """Queue the day's letter of what waits for somebody; where it has gone already, that of the next day."""
    first = gathered_at(now)
    for at in (first, days_before(first, -1)):
        key = f"{WAITING}:{person.id}:{london_day(at):%Y%m%d}"
        if post(session, letter_of_day(person, key, at), now=now) or is_to_go(session, key):
            return


def gathered_at(now: datetime) -> datetime:
    """Return when the letter goes that is gathered now."""
    today = nearest_instant(datetime.combine(london_day(now), GATHERED_AT))
    return today if now < today else days_before(today, -1)


def is_to_go(session: Session, key: str) -> bool:
    """Whether a letter waits still to be sent."""
    waits = (OutboxMessage.dedup_key == key, OutboxMessage.state == OutboxState.PENDING)
    return session.scalar(select(OutboxMessage.id).where(*waits)) is not None


def letter_of_day(person: Person, key: str, at: datetime) -> Post:
    """Return the letter of what waits for somebody, whoever asked."""
    recipient = Recipient(person.address, person.name, person.id)
    return Post(WAITING, key, recipient, ("person", person.id), due_at=at, priority=USUAL)


def tell_answered(session: Session, row: Signature, *, now: datetime) -> None:
    """Queue the letter to whoever asked: what somebody answers at one instant is told together."""
    asker = row.asked_by
    if asker is None or asker.id == row.person_id:
        return
    key = f"{ANSWERED}:{asker.id}:{row.candidature_id}:{row.subject_kind}:{row.person_id}:{now:%Y%m%d%H%M%S%f}"
    letter = letter_to(row, asker, ANSWERED, key, {"answered_at": stamp(row)})
    post(session, replace(letter, valid_until=now + NEWS), now=now)


def stamp(row: Signature) -> str:
    """Return when a signature was answered, as its letter remembers it; empty where it was not."""
    return row.answered_at.astimezone(UTC).isoformat() if row.answered_at else ""


def letter_to(row: Signature, person: Person, letter: str, key: str, context: dict[str, Any]) -> Post:
    """Return a letter about a signature; answers go to the organisation that leads the award."""
    lead = row.candidature.cohort.award.lead_organisation
    return Post(
        letter=letter,
        key=key,
        recipient=Recipient(person.address, person.name, person.id),
        subject=(SIGNATURE, row.id),
        context=context,
        sender_name=lead.name,
        reply_to=lead.contact_address,
        organisation_id=lead.id,
        strand=Strand.COHORTS,
        priority=USUAL,
    )
