"""A line of a training record as a thing that is signed: by the primary supervisor at home, who assents or refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.engines.documents.queries import documents_of
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Candidature, TrainingEntry
from programme.strands.cohorts.rights import TRAINING_ENTRY
from programme.strands.cohorts.signing.actions import answer, ask
from programme.strands.cohorts.signing.ports import Described
from programme.strands.cohorts.signing.queries import under
from programme.strands.cohorts.states import (
    TRAINING_MOVES,
    SignatureState,
    Signer,
    TrainingEvidence,
    TrainingState,
)
from programme.strands.cohorts.training.record.drafting import is_present
from programme.strands.cohorts.training.record.entries import entry_of
from programme.strands.cohorts.training.record.queries import primary_of
from programme.strands.cohorts.training.words import EVIDENCE, ITEMS, days, hours

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Signature
    from programme.strands.cohorts.signing.ports import Facts, SignedThings

NOT_PRIMARY = "Only the primary supervisor at the home university assents to training, and that is somebody else now."
NOT_PRESENT = "They are not marked as present at this event any more. Refuse it, or ask its organisers."


class TrainingSigned:
    """What signing asks of training records."""

    kind = TRAINING_ENTRY

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return what was done, and whose record it is in."""
        person = joinedload(TrainingEntry.candidature).joinedload(Candidature.person)
        rows = session.scalars(select(TrainingEntry).where(TrainingEntry.id.in_(ids)).options(person))
        return {row.id: described(row) for row in rows}

    def facts(self, session: Session, ids: Collection[int]) -> Mapping[int, Facts]:
        """Return what whoever assents has to know."""
        person = joinedload(TrainingEntry.candidature).joinedload(Candidature.person)
        rows = session.scalars(select(TrainingEntry).where(TrainingEntry.id.in_(ids)).options(person))
        files = {one.subject_id: one.name for one in documents_of(session, TRAINING_ENTRY, ids)}
        return {row.id: facts(row, file=files.get(row.id, "")) for row in rows}

    def on_answered(self, session: Session, signature: Signature, *, actor: Actor, now: datetime) -> None:
        """Let the line count, or not; only whoever is primary supervisor now has a say."""
        del actor
        entry = session.get(TrainingEntry, signature.subject_id, populate_existing=True)
        if entry is None:
            return
        primary = primary_of(session, entry.candidature, today=london_day(now))
        if primary is None or primary.id != signature.person_id:
            raise Refusal(NOT_PRIMARY)
        agrees = signature.state is SignatureState.AGREED
        if agrees:
            refuse_absent(session, entry)
        move(entry, TrainingState.AGREED if agrees else TrainingState.REFUSED, moves=TRAINING_MOVES)
        entry.comment, entry.changed_at = signature.reason, now


def facts(row: TrainingEntry, *, file: str) -> Facts:
    """Return what is to be known of one line."""
    return [
        ("Researcher", row.candidature.researcher),
        ("When", days(row.begins_on, row.ends_on)),
        ("Hours", hours(row.minutes)),
        ("Organised by", row.organiser),
        ("Parts of the framework", ", ".join(row.codes)),
        ("Needed by everybody", ITEMS[row.item] if row.item else ""),
        ("Shown by", EVIDENCE[row.evidence]),
        ("File", file),
        ("Link", row.link),
        ("Their note", row.note),
    ]


def described(row: TrainingEntry) -> Described:
    """Return what one line is called."""
    record = row.candidature
    return Described(f"Training: {row.title}", record.researcher, f"/records/{record.id}/training/{row.id}")


def refuse_absent(session: Session, entry: TrainingEntry) -> None:
    """Refuse to let an event count at which its researcher is not marked as present any more."""
    if entry.evidence is not TrainingEvidence.CHECK_IN or entry.event_id is None:
        return
    if not is_present(session, entry.candidature_id, entry.event_id):
        raise Refusal(NOT_PRESENT)


def assent(
    session: Session,
    candidature_id: int,
    entry_id: int,
    *,
    agrees: bool,
    comment: str = "",
    things: SignedThings,
    actor: Actor,
    now: datetime,
) -> TrainingEntry:
    """Assent to a line on its page, or refuse with a comment: for the primary supervisor, asked before or not."""
    row = hold(session, candidature_id)
    entry = entry_of(session, row.id, entry_id)
    primary = primary_of(session, row, today=london_day(now))
    if primary is None or primary.id != actor.person_id:
        raise Refusal(NOT_PRIMARY)
    signed = next(
        (one for one in under(session, TRAINING_ENTRY, [entry.id])[entry.id] if one.person_id == primary.id), None
    )
    if signed is None or signed.state is SignatureState.NOT_ASKED:
        subject = (TRAINING_ENTRY, entry.id)
        signed = ask(session, row, subject=subject, signer=Signer.SUPERVISOR, person=primary, actor=actor, now=now)
    answer(session, signed, agrees=agrees, reason=comment, things=things, actor=actor, now=now)
    return entry


TRAINING_SIGNED = TrainingSigned()
