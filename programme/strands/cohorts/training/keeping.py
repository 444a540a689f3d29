"""What is kept of training: lines of records with their files. They go with the name of their record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, update

from programme.core.web.words import plural
from programme.engines.documents.actions import forget_all
from programme.engines.documents.queries import documents_of
from programme.engines.registration.keeping.files import FilesKept
from programme.people.keeping.ports import AT_ONCE, Fate, Section
from programme.strands.cohorts.models import Candidature, TrainingEntry, TrainingExemption
from programme.strands.cohorts.queries import long_over
from programme.strands.cohorts.rights import TRAINING_ENTRY
from programme.strands.cohorts.training.words import EVIDENCE, hours

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Shelf
    from programme.people.keeping.ports import Subject, Times


@dataclass(frozen=True, slots=True)
class TrainingKept:
    """Training records: given back whole. Days, hours and parts stay for sums; every word of somebody's own goes."""

    shelf: Shelf
    tables: frozenset[str] = frozenset()

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every line, why somebody need not come, and every file with its bytes."""
        rows = entries_of(session, who)
        yield Section("training", (told(row) for row in rows))
        yield Section("events you need not come to", exemptions(session, who))
        files = documents_of(session, TRAINING_ENTRY, [row.id for row in rows])
        yield Section("files handed in with training", (FilesKept(self.shelf).told(row) for row in files))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that lines stay without words, and that files go."""
        rows = entries_of(session, who)
        if rows:
            why = "The university accounts for the award by them. They name nobody any more."
            yield Fate(f"The days and hours of {plural(len(rows), 'line')} of your training record", why)
        files = documents_of(session, TRAINING_ENTRY, [row.id for row in rows])
        if files:
            yield Fate(f"{plural(len(files), 'file')} handed in with training")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Forget somebody's files, and every word in their record."""
        own = session.scalars(select(Candidature.id).where(Candidature.person_id == who.person_id)).all()
        hush(session, own, now=now)

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Do the same for records of awards that ended long ago."""
        worded = select(TrainingEntry.candidature_id).where(has_words())
        excused = select(TrainingExemption.candidature_id).where(TrainingExemption.reason != "")
        telling = or_(Candidature.id.in_(worded), Candidature.id.in_(excused))
        old = select(Candidature.id).where(Candidature.cohort_id.in_(long_over(now, times)), telling)
        ids = session.scalars(old.order_by(Candidature.id).limit(AT_ONCE)).all()
        hush(session, ids, now=now)
        return len(ids)


def has_words() -> Any:
    """Return the condition for lines that still say something of somebody's own."""
    own = (TrainingEntry.note, TrainingEntry.comment, TrainingEntry.link)
    return or_(*(column != "" for column in own), (TrainingEntry.event_id.is_(None)) & (TrainingEntry.title != ""))


def hush(session: Session, ids: Collection[int], *, now: datetime) -> None:
    """Take every word out of some records, and forget their files; what an event of ours is called stays."""
    silent = {"synchronize_session": False}
    own = TrainingEntry.candidature_id.in_(ids)
    forget_all(session, TRAINING_ENTRY, session.scalars(select(TrainingEntry.id).where(own)).all(), now=now)
    session.execute(update(TrainingEntry).where(own).values(note="", comment="", link=""), execution_options=silent)
    elsewhere = update(TrainingEntry).where(own, TrainingEntry.event_id.is_(None))
    session.execute(elsewhere.values(title="", organiser=""), execution_options=silent)
    excused = update(TrainingExemption).where(TrainingExemption.candidature_id.in_(ids))
    session.execute(excused.values(reason=""), execution_options=silent)


def entries_of(session: Session, who: Subject) -> Sequence[TrainingEntry]:
    """Return the lines of somebody's records."""
    own = select(TrainingEntry).join(Candidature).where(Candidature.person_id == who.person_id)
    return session.scalars(own.order_by(TrainingEntry.id)).all()


def told(row: TrainingEntry) -> Mapping[str, Any]:
    """Return one line."""
    return {
        "title": row.title,
        "from": row.begins_on.isoformat(),
        "until": row.ends_on.isoformat(),
        "hours": hours(row.minutes),
        "parts": list(row.codes),
        "organised by": row.organiser,
        "shown by": EVIDENCE[row.evidence],
        "link": row.link,
        "note": row.note,
        "status": row.state.value,
        "comment": row.comment,
    }


def exemptions(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give why somebody need not come to events."""
    own = select(TrainingExemption).join(Candidature).where(Candidature.person_id == who.person_id)
    for row in session.scalars(own.order_by(TrainingExemption.id)):
        yield {"event": row.event_id, "reason": row.reason, "since": row.granted_at.isoformat()}
