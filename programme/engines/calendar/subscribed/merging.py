"""What an event takes of what its source says now, where organisers may have changed it: a pure rule.

Every side is summed up field by field: equal sums are equal values.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

LONGEST_PAUSE = timedelta(hours=24)
FEWEST_OF_MANY = 5
STATUS = "status"


class Version(NamedTuple):
    """Which version of an event its source gives: SEQUENCE, and DTSTAMP where there is one."""

    sequence: int
    stamp: datetime | None


class Merged(NamedTuple):
    """The fields to take, and those that both sides changed, each to something else."""

    take: tuple[str, ...]
    conflicts: tuple[str, ...]


def is_stale(found: Version, known: Version) -> bool:
    """Tell whether a version is older than the one we have: some caches go back in time.

    An equal SEQUENCE with an equal or newer DTSTAMP is news (Google leaves the SEQUENCE when it cancels). A lower
    SEQUENCE is news only with a newer DTSTAMP: its source began to count afresh.
    """
    if found.sequence > known.sequence:
        return False
    if found.stamp is None or known.stamp is None:
        return found.sequence < known.sequence
    return found.stamp < known.stamp or (found.stamp == known.stamp and found.sequence < known.sequence)


def merged(
    changed: Collection[str],
    *,
    taken: Mapping[str, str],
    here: Mapping[str, str],
    theirs: Mapping[str, str],
    conflicts: Collection[str] = (),
) -> Merged:
    """Say what an event takes; `changed` are the fields of which its source says something else than it said last.

    Where organisers left a field as it was `taken`, it follows; what they changed stays, and is a conflict where the
    source says neither what it did when it was taken nor what stands here. A conflict lasts until both agree, or
    somebody decides.
    """
    take: list[str] = []
    both: list[str] = []
    for name in theirs:
        is_ours = here[name] != taken.get(name)
        agrees = theirs[name] == here[name]
        if name in changed and not is_ours and not agrees:
            take.append(name)
        elif is_ours and not agrees and theirs[name] != taken.get(name) and (name in changed or name in conflicts):
            both.append(name)
    return Merged(tuple(take), tuple(both))


def pause_after(failures: int, *, every_hours: int) -> timedelta:
    """Say how long to wait after so many failures in a row: twice as long each time, a day at most."""
    usual = timedelta(hours=every_hours)
    return min(usual * (1 << min(failures, 10)), max(LONGEST_PAUSE, usual))


def are_too_many(vanished: int, upcoming: int) -> bool:
    """Tell whether so many of the upcoming events vanished at once that their source may rather be broken."""
    return vanished > FEWEST_OF_MANY and vanished * 2 > upcoming
