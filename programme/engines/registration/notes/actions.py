"""Verbs of notes between organisers: write one, take one's own back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.engines.registration.notes.models import RegistrationNote

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration
    from programme.people.permissions import Actor

NAMELESS = "This registration names nobody any more, so nothing can be written about it."
ANOTHERS = "Somebody else wrote this note: only they can take it back."


def thread(registration_id: int) -> Select[RegistrationNote]:
    """Return the notes about a registration with their authors, the first one first."""
    about = select(RegistrationNote).where(RegistrationNote.registration_id == registration_id)
    return about.order_by(RegistrationNote.id).options(joinedload(RegistrationNote.author))


def write(session: Session, row: Registration, text: str, *, actor: Actor, now: datetime) -> RegistrationNote:
    """Write a note about a registration."""
    if row.person_id is None:
        raise Refusal(NAMELESS)
    note = RegistrationNote(registration_id=row.id, author_id=actor.person_id, text=text, written_at=now)
    session.add(note)
    session.flush()
    return note


def take_back(session: Session, note: RegistrationNote, *, actor: Actor) -> None:
    """Take one's own note back."""
    if actor.person_id is None or note.author_id != actor.person_id:
        raise Refusal(ANOTHERS)
    session.delete(note)
    session.flush()
