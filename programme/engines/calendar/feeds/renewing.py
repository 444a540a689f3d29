"""Entries kept in the database: written at the edit; all of them by `init`, where they lead elsewhere or say more."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import not_, or_, select, update

from programme.engines.calendar.feeds.blocks import Standing, written
from programme.engines.calendar.feeds.entries import Edition, Variant, edition_for
from programme.engines.calendar.models import Event
from programme.engines.calendar.models.blocks import LONG_AGO, ONLY, CalendarBlock, CalendarRevision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

AT_ONCE = 500
LATER = "calendar entries to be written later"


def renew(session: Session, ids: Sequence[int] | None = None) -> int:
    """Write the entries of those of `ids` (of all events where None) that are not current; returns how many.

    For the end of a verb, in its transaction. What a verb forgets is written when it is read, as the database has
    noted it, and kept by the next that renews everything. Nothing before `init`, as nobody knows where entries lead.
    Within `in_one_go` they are written at its end.
    """
    session.flush()
    later = session.info.get(LATER)
    if later is not None and ids is not None:
        later.update(ids)
        return 0
    base_url = session.scalar(select(CalendarRevision.base_url).where(CalendarRevision.id == ONLY))
    if not base_url or (ids is not None and not ids):
        return 0
    edition = edition_for(session, base_url=base_url)
    stale = standings_of(session, None if ids is None else with_wholes(session, ids), is_stale(edition))
    for first in range(0, len(stale), AT_ONCE):
        write(session, stale[first : first + AT_ONCE], edition)
    return len(stale)


def with_wholes(session: Session, ids: Sequence[int]) -> list[int]:
    """Return events and what they are parts of: that tells of its parts."""
    parts = [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
    wholes = [
        session.scalars(select(Event.part_of_id).where(Event.id.in_(part), Event.part_of_id.is_not(None)))
        for part in parts
    ]
    return list({*ids, *(whole for some in wholes for whole in some if whole is not None)})


@contextmanager
def in_one_go(session: Session) -> Iterator[None]:
    """Let verbs change many events, and write the entries of all of them in a few statements at the end.

    For flows that carry out many verbs in one transaction: of one event often two. What is refused writes nothing.
    """
    ids: set[int] = set()
    outer = session.info.get(LATER)
    session.info[LATER] = ids
    try:
        yield
    finally:
        session.info.pop(LATER)
        if outer is not None:
            session.info[LATER] = outer
    renew(session, sorted(ids))


def rebuild(session: Session, *, base_url: str) -> int:
    """Note where entries lead, and write all that are not current."""
    row = session.get(CalendarRevision, ONLY) or CalendarRevision(id=ONLY, number=0, at=LONG_AGO, moved_in=0)
    row.base_url = base_url
    session.add(row)
    return renew(session)


def is_stale(edition: Edition) -> ColumnElement[bool]:
    """Whether a block says what is not true any more, or nothing yet."""
    return or_(CalendarBlock.mark != CalendarBlock.written, CalendarBlock.edition != edition.digest)


def standings_of(session: Session, ids: Sequence[int] | None, condition: ColumnElement[bool]) -> list[Standing]:
    """Return how those public blocks of events stand that meet a condition: from an index alone."""
    block = CalendarBlock
    columns = select(block.event_id, block.mark, block.written, block.edition)
    wanted = columns.where(block.variant == Variant.PUBLIC, condition).order_by(block.event_id)
    if ids is None:
        return [Standing(*row) for row in session.execute(wanted)]
    parts = [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
    found = [session.execute(wanted.where(block.event_id.in_(part))) for part in parts]
    return [Standing(*row) for rows in found for row in rows]


def write(session: Session, stale: Sequence[Standing], edition: Edition) -> None:
    """Write blocks, each only where nothing changed since its standing was read: else somebody newer writes it."""
    made = written(session, [one.event_id for one in stale], edition)
    for one in stale:
        block = (CalendarBlock.event_id == one.event_id, CalendarBlock.variant == Variant.PUBLIC)
        if one.event_id in made:
            values = {"written": one.mark, "edition": edition.digest, "content": made[one.event_id]}
            session.execute(
                update(CalendarBlock).where(*block, CalendarBlock.mark == one.mark).values(values),
                execution_options={"synchronize_session": False},
            )


def differing(session: Session) -> list[int]:
    """Return the events whose block says it is current and yet differs from what would be written now."""
    base_url = session.scalar(select(CalendarRevision.base_url).where(CalendarRevision.id == ONLY))
    edition = edition_for(session, base_url=base_url or "")
    current = [one.event_id for one in standings_of(session, None, not_(is_stale(edition)))]
    found = []
    for first in range(0, len(current), AT_ONCE):
        some = current[first : first + AT_ONCE]
        fresh = written(session, some, edition)
        kept = select(CalendarBlock.event_id, CalendarBlock.content).where(CalendarBlock.event_id.in_(some))
        found += [event_id for event_id, content in session.execute(kept) if fresh.get(event_id) != content]
    return found
