"""What decisions and notes keep on organisers: notes they wrote, rounds they decided, where lateness is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from programme.engines.registration.deciding.models import DecisionRound, DecisionTerms, KeyHolder
from programme.engines.registration.models import Opening
from programme.engines.registration.notes.models import RegistrationNote
from programme.people.keeping.ports import iso
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject

PART = 200


def written_notes(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the notes that somebody wrote; notes about them are between organisers and in nobody else's file."""
    own = select(RegistrationNote).where(RegistrationNote.author_id == who.person_id).order_by(RegistrationNote.id)
    for note in session.scalars(own.execution_options(yield_per=PART)):
        yield {"written": iso(note.written_at), "text": note.text}


def held_keys(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the openings for which somebody turns the keys of an organisation."""
    columns = select(Opening.title, Organisation.name).select_from(KeyHolder)
    rows = columns.join(Opening, Opening.id == KeyHolder.opening_id)
    rows = rows.join(Organisation, Organisation.id == KeyHolder.organisation_id)
    for title, name in session.execute(rows.where(KeyHolder.person_id == who.person_id).order_by(Opening.id)):
        yield {"opening": title, "for": name}


def erase_from_decisions(session: Session, who: Subject) -> None:
    """Take somebody out of what they wrote and decided; what they said of others stays, as nobody's."""
    wrote = update(RegistrationNote).where(RegistrationNote.author_id == who.person_id)
    session.execute(wrote.values(author_id=None))
    session.execute(delete(KeyHolder).where(KeyHolder.person_id == who.person_id))
    decided = update(DecisionRound).where(DecisionRound.person_id == who.person_id)
    session.execute(decided.values(person_id=None))
    told = update(DecisionTerms).where(func.lower(DecisionTerms.escalation_address) == who.key)
    session.execute(told.values(escalation_address=""))
