"""Whose dates a change of a rulebook moves: everybody's milestones before and after it, compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import plural
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change comes to: how many researchers, dates that move (some of them to an earlier day), come and go."""

    people: int = 0
    moved: int = 0
    earlier: int = 0
    added: int = 0
    gone: int = 0

    @property
    def sentence(self) -> str:
        """Say it: "14 researchers, 22 dates move"; empty where nothing changes for anybody."""
        parts = [
            (self.moved, plural(self.moved, "date moves", "dates move") + self.earlier_words),
            (self.added, f"{plural(self.added, 'milestone comes', 'milestones come')} besides"),
            (self.gone, f"{plural(self.gone, 'milestone goes', 'milestones go')}"),
        ]
        told = ", ".join(words for number, words in parts if number)
        return f"{plural(self.people, 'researcher')}: {told}." if told else ""

    @property
    def earlier_words(self) -> str:
        """Say how many of the dates come earlier."""
        return f" ({self.earlier} to an earlier day)" if self.earlier else ""


def renewed(session: Session, organisation_id: int, *, now: datetime) -> Effect:
    """Reckon the milestones of everybody at a university again, and return what that changed."""
    session.flush()
    living = (Candidature.home_organisation_id == organisation_id, Candidature.state.in_(UNDER_WAY))
    ids = session.scalars(select(Candidature.id).where(*living).order_by(Candidature.id)).all()
    before = kept(session, ids)
    renew_milestones(session, ids, now=now)
    return compared(before, kept(session, ids))


def kept(session: Session, ids: Collection[int]) -> dict[Key, tuple[int, date | None]]:
    """Return when everything is due as it is kept: unit and day."""
    columns = (Milestone.candidature_id, Milestone.code, Milestone.occurrence, Milestone.unit, Milestone.due_on)
    rows = session.execute(select(*columns).where(Milestone.candidature_id.in_(ids))) if ids else ()
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in rows}


def compared(before: Mapping[Key, tuple[int, date | None]], after: Mapping[Key, tuple[int, date | None]]) -> Effect:
    """Return what lies between two reckonings."""
    moved = [key for key in before if key in after and before[key] != after[key]]
    earlier = [key for key in moved if after[key][0] < before[key][0] or comes_earlier(before[key][1], after[key][1])]
    added, gone = after.keys() - before.keys(), before.keys() - after.keys()
    people = {key[0] for key in (*moved, *added, *gone)}
    return Effect(len(people), len(moved), len(earlier), len(added), len(gone))


def comes_earlier(before: date | None, after: date | None) -> bool:
    """Whether a day that was known comes before the one it was."""
    return before is not None and after is not None and after < before
