"""Entries of the trail as lines of a page: who did what to which thing, and what differs since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.audit import AuditEntry
from programme.screens.organiser.trail.differences import differences
from programme.screens.organiser.trail.sentences import sentence
from programme.screens.organiser.trail.things import Thing, known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.screens.organiser.trail.differences import Difference

LONGEST_HISTORY = 12
HERE = {
    "event": "this event",
    "series": "this series",
    "registration": "them",
    "opening": "registration",
    "candidature": "this record",
}
"""What a thing is called on its own page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One act. `thing` is empty where the sentence names nothing; `has_before` tells a change from what is new."""

    at: datetime
    who: str
    says: str
    thing: Thing | None
    rest: str
    differences: Sequence[Difference]
    has_before: bool


def lines_of(session: Session, entries: Sequence[AuditEntry], *, reader: Actor, is_here: bool = False) -> list[Line]:
    """Return a line for each entry; `is_here` on the page of the thing itself, which need not name it."""
    told = known(session, entries, reader=reader)
    found = []
    for entry in entries:
        told_as = sentence(entry.verb)
        thing = Thing(HERE[entry.subject_kind], "") if is_here else told.thing(entry)
        named = {"it": thing, "title": replace(thing, lead=""), "": None}[told_as.names]
        lines = differences(entry, told)
        found.append(Line(entry.at, told.doer(entry), told_as.before, named, told_as.after, lines, bool(entry.before)))
    return found


def history(
    session: Session,
    kind: str,
    number: int,
    *,
    reader: Actor,
    limit: int = LONGEST_HISTORY,
    since: datetime | None = None,
) -> list[Line]:
    """Return what was done to a thing, the latest first.

    `since` it was made, where its number may have been another's that is deleted: SQLite gives numbers away again.
    """
    about = select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject_id == number)
    about = about if since is None else about.where(AuditEntry.at >= since)
    latest = session.scalars(about.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)).all()
    return lines_of(session, latest, reader=reader, is_here=True)
