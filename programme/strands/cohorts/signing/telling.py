"""Queues the letters about signatures; what they say is written when they go (see `letters/signing.py`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.times import london_day
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.people.states import Strand

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.strands.cohorts.models import Signature

NEWS = timedelta(days=30)
"""How long an answer is news: later on, whoever asked has read it on the record."""
SIGNATURE, ASKED, ANSWERED = "signature", "signature_asked", "signature_answered"


def tell_asked(session: Session, row: Signature, *, now: datetime) -> None:
    """Queue the letter that asks: one a day for each version of the link, however often it is asked for."""
    day = london_day(now)
    key = f"{ASKED}:{row.id}:{row.link_version}:{day:%Y%m%d}"
    post(session, letter_to(row, row.person, ASKED, key, {"version": row.link_version}), now=now)


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
