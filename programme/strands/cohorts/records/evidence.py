"""The file that shows that something of a record is so: kept with it, and read by those of its record alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from programme.engines.calendar.times import london_day
from programme.engines.documents.actions import forget_others, put_to, refuse_flood, take_in
from programme.strands.cohorts.models import Milestone, TrainingEntry
from programme.strands.cohorts.rights import relations

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.models import Document
    from programme.engines.documents.ports import Reader
    from programme.engines.documents.shelf import Laid

Evidenced = TypeVar("Evidenced", Milestone, TrainingEntry)

FILE_PART = 1
ACCEPTS = ("pdf", "docx", "odt", "png", "jpeg")


def keep_file(session: Session, subject: tuple[str, int], laid: Laid, *, now: datetime) -> Document:
    """Keep a file with a part of a record, instead of the one that was handed in before."""
    refuse_flood(session)
    take_in(session, laid, now=now)
    kept = put_to(session, laid.token, subject=subject, part=FILE_PART, name=laid.name)
    forget_others(session, subject, kept=[laid.token], now=now)
    return kept


@dataclass(frozen=True, slots=True)
class MayReadEvidence(Generic[Evidenced]):
    """Answers for the files of one kind of thing; `now` reads the clock, as whoever supervises does so for a time."""

    kind: str
    owner: type[Evidenced]
    now: Callable[[], datetime]

    def __call__(self, session: Session, subject_id: int, part: int | None, reader: Reader, /) -> bool:
        """Whether a reader is anything to the record, or was handed a link for this very thing."""
        del part
        row = session.get(self.owner, subject_id)
        if row is None:
            return False
        if (self.kind, subject_id) in reader.opened:
            return True
        return bool(relations(session, row.candidature, reader.actor, today=london_day(self.now())))
