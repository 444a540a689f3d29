"""What accounts keep for forms: told, and deleted, with the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.profiles.models import ProfileAnswer
from programme.people.keeping.ports import Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times


class ProfilesKept:
    """Answers kept for the next forms."""

    tables = frozenset({"profile_answer"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give every answer that is kept."""
        rows = session.scalars(
            select(ProfileAnswer).where(ProfileAnswer.person_id == who.person_id).order_by(ProfileAnswer.kind)
        )
        told = (
            {"about": KINDS[row.kind].title, "answer": KINDS[row.kind].text(row.value), "changed": iso(row.changed_at)}
            for row in rows
        )
        yield Section("filled in for you", told)

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that they go."""
        if session.scalar(select(ProfileAnswer.kind).where(ProfileAnswer.person_id == who.person_id).limit(1)):
            yield Fate("What is filled in for you in forms: dietary and access needs")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete them."""
        del now
        session.execute(delete(ProfileAnswer).where(ProfileAnswer.person_id == who.person_id))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Keep them: they are there for as long as their person wants."""
        del session, times, now
        return 0


PROFILES = ProfilesKept()
