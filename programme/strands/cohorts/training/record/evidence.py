"""The file that shows that training took place: kept with its entry, read by those of its record alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.calendar.times import london_day
from programme.engines.documents.actions import forget_others, put_to, refuse_flood, take_in
from programme.strands.cohorts.models import TrainingEntry
from programme.strands.cohorts.rights import relations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.models import Document
    from programme.engines.documents.ports import Reader
    from programme.engines.documents.shelf import Laid

TRAINING_ENTRY = "training_entry"
FILE_PART = 1
ACCEPTS = ("pdf", "docx", "odt", "png", "jpeg")


def keep_file(session: Session, entry: TrainingEntry, laid: Laid, *, now: datetime) -> Document:
    """Keep a file with an entry, instead of the one before."""
    refuse_flood(session)
    take_in(session, laid, now=now)
    subject = (TRAINING_ENTRY, entry.id)
    kept = put_to(session, laid.token, subject=subject, part=FILE_PART, name=laid.name)
    forget_others(session, subject, kept=[laid.token], now=now)
    return kept


@dataclass(frozen=True, slots=True)
class MayReadTraining:
    """Answers for the files of training records; `now` reads the clock, as whoever supervises does so for a time."""

    now: Callable[[], datetime]

    def __call__(self, session: Session, subject_id: int, part: int | None, reader: Reader, /) -> bool:
        """Whether a reader is anything to the record, or was handed a link for this entry."""
        del part
        entry = session.get(TrainingEntry, subject_id)
        if entry is None:
            return False
        if (TRAINING_ENTRY, subject_id) in reader.opened:
            return True
        return bool(relations(session, entry.candidature, reader.actor, today=london_day(self.now())))
