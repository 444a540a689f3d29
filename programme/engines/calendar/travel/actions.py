"""Changing travel times: all of them at once, by administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.models import TravelTime
from programme.engines.calendar.naming import SITES
from programme.engines.calendar.travel.queries import lines, mark_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.travel.queries import Line
    from programme.people.models import Installation
    from programme.people.permissions import Actor

MEANWHILE = (
    "Somebody else changed the travel times meanwhile. What you typed stands below; what differs from theirs is marked."
    " Look at both, and save again to let yours stand."
)


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long a way takes: at the least, and as planned."""

    least: int
    planned: int


def change(
    session: Session,
    wanted: Mapping[str, Minutes],
    *,
    seen: str,
    installation: Installation,
    actor: Actor,
    now: datetime,
) -> int:
    """Let the times be these, by the keys of lines; return how many are others now.

    Refusal where they are not those that were `seen`: two at once do not undo each other. The installation's row is
    what both lock.
    """
    session.refresh(installation, with_for_update=True)
    found = lines(session)
    if seen != mark_of(found):
        raise Refusal(MEANWHILE)
    others = [(line, wanted[line.key]) for line in found if wanted[line.key] != Minutes(line.least, line.planned)]
    for line, told in others:
        put(session, line, told)
    if others:
        note(session, installation, others, actor=actor, now=now)
    return len(others)


def put(session: Session, line: Line, told: Minutes) -> None:
    """Let one way take as long as told; what was known beforehand needs no row."""
    site, other = line.known.site, line.known.other
    session.execute(delete(TravelTime).where(TravelTime.site == site, TravelTime.other == other))
    if told != Minutes(line.known.least, line.known.planned):
        session.add(TravelTime(site=site, other=other, least=told.least, planned=told.planned))
    session.flush()


def note(
    session: Session,
    installation: Installation,
    others: Sequence[tuple[Line, Minutes]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write into the trail what was changed."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb="changed travel times",
        subject=("installation", installation.id),
        now=now,
        before={"travel": [said(line, Minutes(line.least, line.planned)) for line, _ in others]},
        after={"travel": [said(line, told) for line, told in others]},
    )


def said(line: Line, minutes: Minutes) -> str:
    """Say how long a way takes."""
    way = f"{SITES[line.known.site]} to {SITES[line.known.other]}"
    return f"{way} {minutes.least} to {minutes.planned} min"
