"""Entries in memory, as bytes: a feed joins them, and asks the database for those alone that changed."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from programme.engines.calendar.feeds.entries import IN_ONE_GO, Edition, Variant, entries_of
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.models.blocks import CalendarBlock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MOST_OCTETS = 24 * 1024 * 1024


class Standing(NamedTuple):
    """How the block of an event stands in the database; all but the event None where there is none."""

    event_id: int
    mark: int | None
    written: int | None
    edition: str | None

    def is_current(self, digest: str) -> bool:
        """Whether what is kept says what is true now."""
        return self.mark is not None and self.mark == self.written and self.edition == digest


class BlockKey(NamedTuple):
    """What a block in memory was written from."""

    event_id: int
    variant: Variant
    mark: int | None
    edition: str


class Blocks:
    """The blocks used last, up to so many octets; one an application, shared by its threads, disposable."""

    def __init__(self, most: int = MOST_OCTETS) -> None:
        self.most = most
        self.octets = 0
        self.kept: OrderedDict[BlockKey, bytes] = OrderedDict()
        self.lock = Lock()

    def known(self, keys: Sequence[BlockKey]) -> dict[BlockKey, bytes]:
        """Return those of `keys` that are kept."""
        with self.lock:
            found = {key: self.kept[key] for key in keys if key in self.kept}
            for key in found:
                self.kept.move_to_end(key)
            return found

    def keep(self, made: dict[BlockKey, bytes]) -> None:
        """Keep new blocks, and throw away the longest unused for them; one without a mark cannot be known again."""
        with self.lock:
            for key, block in made.items():
                if key.mark is not None:
                    self.octets += len(block) - len(self.kept.pop(key, b""))
                    self.kept[key] = block
            while self.octets > self.most:
                self.octets -= len(self.kept.popitem(last=False)[1])


def blocks_for(session: Session, standings: Sequence[Standing], *, blocks: Blocks, edition: Edition) -> list[bytes]:
    """Return the public block of each event in order: from memory, from the database, or written now.

    `standings` were read before: whatever changed since is read newer, and asked for again next time.
    """
    keys = {one: BlockKey(one.event_id, Variant.PUBLIC, one.mark, edition.digest) for one in standings}
    known = blocks.known(list(keys.values()))
    missing = [one for one, key in keys.items() if key not in known]
    if missing:
        stored = stored_blocks(session, [one.event_id for one in missing if one.is_current(edition.digest)])
        made = stored | written(session, [one.event_id for one in missing if one.event_id not in stored], edition)
        fresh = {keys[one]: made[one.event_id] for one in missing if one.event_id in made}
        blocks.keep(fresh)
        known |= fresh
    return [known[key] for key in keys.values() if key in known]


def stored_blocks(session: Session, ids: Sequence[int]) -> dict[int, bytes]:
    """Return what the database keeps of events."""
    found: dict[int, bytes] = {}
    wanted = select(CalendarBlock.event_id, CalendarBlock.content).where(CalendarBlock.variant == Variant.PUBLIC)
    for first in range(0, len(ids), IN_ONE_GO):
        some = wanted.where(CalendarBlock.event_id.in_(ids[first : first + IN_ONE_GO]))
        found |= {event_id: content for event_id, content in session.execute(some) if content}
    return found


def written(session: Session, ids: Sequence[int], edition: Edition) -> dict[int, bytes]:
    """Write the public blocks of events."""
    entries = entries_of(session, ids, site=edition.site, variant=Variant.PUBLIC)
    return {event_id: entry_block(entry) for event_id, entry in entries.items()}
