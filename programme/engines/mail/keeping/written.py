"""What is kept on those who write: their broadcasts, and the wording they changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from programme.core.web.words import plural
from programme.engines.mail.written.models import Broadcast, Wording
from programme.people.keeping.ports import Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times


class WrittenKept:
    """Broadcasts and wording: they are the programme's, and name their author."""

    tables = frozenset({"broadcast", "wording"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give what somebody wrote to many."""
        yield Section("broadcasts", broadcasts(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that what was written stays, without its author."""
        by_person = Broadcast.author_id == who.person_id
        number = session.scalar(select(func.count()).select_from(Broadcast).where(by_person)) or 0
        if number:
            why = "they were written for the programme; your name is taken out"
            yield Fate(f"{plural(number, 'letter')} you wrote to many", why)

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take the author out."""
        del now
        session.execute(update(Broadcast).where(Broadcast.author_id == who.person_id).values(author_id=None))
        session.execute(update(Wording).where(Wording.changed_by_id == who.person_id).values(changed_by_id=None))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Nothing here has a time of its own."""
        del session, times, now
        return 0


def broadcasts(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what somebody wrote to many."""
    for row in session.scalars(select(Broadcast).where(Broadcast.author_id == who.person_id).order_by(Broadcast.id)):
        yield {"subject": row.subject_line, "text": row.text, "state": row.state.value, "written": iso(row.created_at)}


WRITTEN = WrittenKept()
