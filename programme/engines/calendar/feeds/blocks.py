"""Entries kept as bytes, so that an edit writes one again and a feed joins the rest."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from programme.engines.calendar.feeds.entries import Site, Variant, entries_of
from programme.engines.calendar.ical.block import entry_block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MOST_BLOCKS = 12_000
TEMPLATE = 2
"""Part of every key: raise it when the same event is told in other words."""


class BlockKey(NamedTuple):
    """What a block depends on; `edition` stands for term dates, places and organisations."""

    event_id: int
    version: int
    sequence: int
    edition: str
    variant: Variant


class Blocks:
    """A bounded mapping of blocks, the longest unused thrown away first; one an application, shared by its threads."""

    def __init__(self, most: int = MOST_BLOCKS) -> None:
        self.most = most
        self.kept: OrderedDict[BlockKey, bytes] = OrderedDict()
        self.lock = Lock()

    def known(self, keys: Sequence[BlockKey]) -> dict[BlockKey, bytes]:
        """Return those of `keys` that are kept."""
        with self.lock:
            return {key: self.kept[key] for key in keys if key in self.kept}

    def keep(self, made: dict[BlockKey, bytes]) -> None:
        """Keep new blocks, and throw away what is too many."""
        with self.lock:
            self.kept.update(made)
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)


def blocks_for(session: Session, keys: Sequence[BlockKey], *, blocks: Blocks, site: Site) -> list[bytes]:
    """Return the block of each key in order, writing those that are not kept."""
    known = blocks.known(keys)
    missing = [key for key in keys if key not in known]
    if missing:
        made = written(session, missing, site=site)
        blocks.keep(made)
        known |= made
    return [known[key] for key in keys if key in known]


def written(session: Session, keys: Sequence[BlockKey], *, site: Site) -> dict[BlockKey, bytes]:
    """Write the blocks of keys that all have one variant."""
    entries = entries_of(session, [key.event_id for key in keys], site=site, variant=keys[0].variant)
    return {key: entry_block(entries[key.event_id]) for key in keys if key.event_id in entries}
