"""What is kept with milestones: files handed in, and words that say why. They go with the name of their record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core.web.words import plural
from programme.engines.documents.actions import forget_all
from programme.engines.documents.models import Document
from programme.engines.documents.queries import documents_of
from programme.engines.registration.keeping.files import FilesKept
from programme.people.keeping.ports import AT_ONCE, Fate, Section
from programme.strands.cohorts.models import Candidature, Extension, Milestone, Suspension
from programme.strands.cohorts.queries import long_over
from programme.strands.cohorts.rights import MILESTONE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.documents.shelf import Shelf
    from programme.people.keeping.ports import Subject, Times


@dataclass(frozen=True, slots=True)
class EvidenceKept:
    """Files of milestones: given back whole. Dates stay (see the keeper of records), what tells of somebody goes."""

    shelf: Shelf
    tables: frozenset[str] = frozenset()

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every file with its bytes."""
        told = FilesKept(self.shelf).told
        yield Section("files handed in for milestones", (told(row) for row in files_of(session, who)))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that files go."""
        number = len(files_of(session, who))
        if number:
            yield Fate(f"{plural(number, 'file')} handed in for milestones")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Forget somebody's files and every reason that was given."""
        own = session.scalars(select(Candidature.id).where(Candidature.person_id == who.person_id)).all()
        forget_all(session, MILESTONE, milestone_ids(session, who), now=now)
        hush(session, own)

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Do the same for records of awards that ended long ago."""
        old = select(Candidature.id).where(Candidature.cohort_id.in_(long_over(now, times)))
        milestones = select(Milestone.id).where(Milestone.candidature_id.in_(old))
        files = select(Document.subject_id).where(
            Document.subject_kind == MILESTONE, Document.subject_id.in_(milestones)
        )
        found = session.scalars(files.order_by(Document.id).limit(AT_ONCE)).all()
        forget_all(session, MILESTONE, [one for one in found if one], now=now)
        named = old.where(Candidature.person_id.is_not(None)).order_by(Candidature.id).limit(AT_ONCE)
        hush(session, session.scalars(named).all())
        return len(found)


def hush(session: Session, ids: Collection[int]) -> None:
    """Take every word out of what was granted to some records."""
    silent = {"synchronize_session": False}
    for table in (Suspension, Extension):
        said = update(table).where(table.candidature_id.in_(ids), table.reason != "")
        session.execute(said.values(reason=""), execution_options=silent)
    said = update(Milestone).where(Milestone.candidature_id.in_(ids))
    session.execute(said.values(words="", set_reason=""), execution_options=silent)


def files_of(session: Session, who: Subject) -> Sequence[Document]:
    """Return the files that somebody handed in for milestones."""
    return documents_of(session, MILESTONE, milestone_ids(session, who))


def milestone_ids(session: Session, who: Subject) -> Sequence[int]:
    """Return the ids of the milestones of somebody's records."""
    own = select(Milestone.id).join(Candidature).where(Candidature.person_id == who.person_id)
    return session.scalars(own).all()
