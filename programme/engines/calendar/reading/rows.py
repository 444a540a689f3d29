"""What a reader hands on: rows, oddities, and the rules by which a row is known again."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    _Group = tuple[list["ReadRow"], list["KnownRow"]]

TITLE_TO_COME = "To be announced"
# More pairs than this of one series and title, and nobody could answer for them.
_PAIRS = 10_000
_PLACEHOLDER = re.compile(
    r"(?:title )?(?:tba|tbc|tbd|to (?:be (?:announced|confirmed|decided)|follow))(?: tba| tbc| title)?",
)


class ReadingRefused(Refusal):
    """A file cannot be read at all; `sentence` says why."""


class RowStatus(StrEnum):
    """What the row says of its event."""

    PUBLISHED = "published"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    UNSTATED = "unstated"


class RowAudience(StrEnum):
    """Who may attend, as far as the row says."""

    PUBLIC = "public"
    MEMBERS = "members"
    UNSTATED = "unstated"


class RowBooking(StrEnum):
    """Whether one must book, as far as the row says."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    NOT_REQUIRED = "not_required"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """One event of the file, every default taken.

    `line` is the first line of the row in the file (the row of the sheet in XLSX), from 1. `starts` and `ends` are
    aware UTC instants, `ends` always later; all-day rows run from one London midnight to the midnight after the last
    day. `extra` holds, under its own heading, what we have no column for or could not recognise.
    """

    line: int
    uid: str | None
    title: str
    series: str
    starts: datetime
    ends: datetime
    all_day: bool
    venue: str
    online_url: str | None
    audience: RowAudience
    booking: RowBooking
    speakers: tuple[str, ...]
    status: RowStatus
    abstract: str
    price: str | None = None
    strand: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    sequence: int = 0
    stamp: datetime | None = None
    """Which version of the event it is, where its source counts them: the number, and when it was made (UTC)."""

    @property
    def is_title_to_come(self) -> bool:
        """Whether the title only says that there will be one."""
        return is_placeholder(self.title)


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd in a row that was taken all the same: why, in a sentence, and what was done about it."""

    line: int
    field: str
    reason: str
    default_taken: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be taken: why, in a sentence, and how it begins."""

    line: int
    field: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A heading of the file and the field that it was read as, None if it was kept as it is."""

    heading: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read of one file. `delimiter` is None where there is none (XLSX, iCalendar)."""

    rows: tuple[ReadRow, ...]
    oddities: tuple[Oddity, ...]
    refused_rows: tuple[RefusedRow, ...]
    columns_seen: tuple[ColumnSeen, ...]
    encoding: str
    delimiter: str | None


@dataclass(frozen=True, slots=True)
class KnownRow:
    """An event that an earlier import of the same source made, and that the new file no longer has."""

    identity: str
    series: str
    title: str
    starts: datetime


@dataclass(frozen=True, slots=True)
class LikelyMove:
    """A new row that looks like a known one at another time: to be asked, not assumed."""

    row: ReadRow
    known: KnownRow


def is_placeholder(title: str) -> bool:
    """Tell a title that is still to come: empty, TBA, TBC, to be announced, in any spelling."""
    words = "".join(letter if letter.isalnum() else " " for letter in title.casefold())
    plain = " ".join(words.split())
    return not plain or _PLACEHOLDER.fullmatch(plain) is not None


def identity(row: ReadRow, repeat: int) -> str:
    """Name a row for ever, in 64 hexadecimal digits: its UID, else series, title, start, venue.

    `repeat` counts rows of the file that are otherwise the same, from 1. Differences of white space do not matter.
    """
    return _hash([*_key(row), str(repeat)])


def identities(rows: Iterable[ReadRow]) -> list[str]:
    """Name the rows of one file in order, counting repeats."""
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for row in rows:
        key = _key(row)
        seen[key] += 1
        names.append(identity(row, seen[key]))
    return names


def digest(row: ReadRow) -> str:
    """Sum up, in 64 hexadecimal digits, what an event takes from a row: same identity and other digest is "changed".

    Lines and unread columns do not count.
    """
    told = [row.title, row.series, _instant(row.starts), _instant(row.ends), row.all_day, row.venue, row.online_url]
    told += [row.audience, row.booking, list(row.speakers), row.status, row.abstract, row.price, row.strand]
    return _hash(told)


def likely_moves(new_rows: Iterable[ReadRow], known: Iterable[KnownRow]) -> list[LikelyMove]:
    """Pair rows of unknown identity with known events missing from the file: same series and title, new start.

    Each is used once, the nearest in time first. Titles that are still to come prove nothing.
    """
    groups: defaultdict[tuple[str, str], _Group] = defaultdict(lambda: ([], []))
    for row in new_rows:
        if not row.is_title_to_come:
            groups[_folded(row.series, row.title)][0].append(row)
    for event in known:
        groups[_folded(event.series, event.title)][1].append(event)
    moves = [move for rows, events in groups.values() for move in _nearest_first(rows, events)]
    return sorted(moves, key=lambda move: move.row.line)


def _nearest_first(rows: list[ReadRow], events: list[KnownRow]) -> Iterator[LikelyMove]:
    if len(rows) * len(events) > _PAIRS:
        return
    pairs = [(abs(r.starts - e.starts), i, j) for i, r in enumerate(rows) for j, e in enumerate(events)]
    moved, used = set[int](), set[int]()
    for apart, i, j in sorted(pairs):
        if apart and i not in moved and j not in used:
            yield LikelyMove(rows[i], events[j])
            moved.add(i)
            used.add(j)


def _key(row: ReadRow) -> tuple[str, ...]:
    if row.uid:
        return ("uid", row.uid)
    return ("row", *map(_plain, (row.series, row.title)), _instant(row.starts), _plain(row.venue))


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _folded(*texts: str) -> tuple[str, str]:
    series, title = (_plain(text).casefold() for text in texts)
    return series, title


def _hash(told: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
