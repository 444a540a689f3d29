"""What is odd in a row and what is done about it: the defaults of every reader, each said in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from programme.engines.calendar.reading.rows import (
    TITLE_TO_COME,
    ColumnSeen,
    Oddity,
    Reading,
    ReadRow,
    RefusedRow,
    is_placeholder,
)
from programme.engines.calendar.times import (
    TimeDoesNotExist,
    TimeIsAmbiguous,
    london_day,
    nearest_instant,
    to_instant,
    to_wall,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

USUAL_LENGTH = timedelta(hours=1)
_LONG = timedelta(hours=12)
_SHOWN = 60

# Characters of any one text. What takes the row in shortens lines further, and says so, too.
LONGEST_TEXT = 100_000


class RowRefused(Exception):  # noqa: N818  it is the row that is refused
    """This row cannot be taken; `reason` is a sentence."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name
        self.reason = reason


@dataclass(slots=True)
class Notes:
    """The oddities of one row, gathered while it is read."""

    line: int
    oddities: list[Oddity] = field(default_factory=list)

    def say(self, field_name: str, reason: str, default_taken: str) -> None:
        """Note what is odd and what was done about it."""
        self.oddities.append(Oddity(self.line, field_name, reason, default_taken))

    def refused(self, refusal: RowRefused, text: str) -> RefusedRow:
        """Say that the row is not taken, and how it begins."""
        return RefusedRow(self.line, refusal.field, refusal.reason, shown(text))


@dataclass(slots=True)
class Gathered:
    """What has been read of a file so far."""

    rows: list[ReadRow] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    def reading(self, columns_seen: tuple[ColumnSeen, ...], *, encoding: str, delimiter: str | None) -> Reading:
        """Close the reading: in the order of the file, each oddity of a line once."""
        rows = sorted(self.rows, key=lambda row: row.line)
        once: dict[tuple[int, str, str], Oddity] = {}
        for odd in sorted(self.oddities, key=lambda odd: odd.line):
            once.setdefault((odd.line, odd.field, odd.reason), odd)
        return Reading(tuple(rows), tuple(once.values()), tuple(self.refused), columns_seen, encoding, delimiter)


def shown(text: str) -> str:
    """Shorten text for a sentence."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"


def judged_lengths(cells: Mapping[str, str], notes: Notes) -> dict[str, str]:
    """Take each text; one too long to keep is shortened and noted."""
    return {name: judged_length(name, text, notes) for name, text in cells.items()}


def judged_length(name: str, text: str, notes: Notes) -> str:
    """Take a text; one too long to keep is shortened and noted."""
    if len(text) <= LONGEST_TEXT:
        return text
    reason = f"The {shown(name.replace('_', ' '))} is {len(text):,} characters long."
    notes.say(name, reason, f"Shortened to {LONGEST_TEXT:,}.")
    return text[: LONGEST_TEXT - 1].rstrip() + "…"


def judged_title(title: str, notes: Notes) -> str:
    """Take a title; one that is still to come is kept as written and noted."""
    if is_placeholder(title):
        reason = f"The title is “{shown(title)}”." if title else "There is no title."
        notes.say("title", reason, "Taken as a title still to be announced.")
    return title or TITLE_TO_COME


def judged_instant(wall: datetime, field_name: str, notes: Notes, *, fold: int | None = None) -> datetime:
    """Turn wall time into an instant (UTC); an aware one stays. Over a gap forward, of two times the first."""
    if wall.tzinfo is not None:
        return wall
    try:
        return to_instant(wall, fold=fold)
    except TimeDoesNotExist as refusal:
        notes.say(field_name, refusal.sentence, f"Taken as {to_wall(refusal.after):%H:%M}.")
    except TimeIsAmbiguous as refusal:
        notes.say(field_name, refusal.sentence, "Taken as the first, before the change.")
    return nearest_instant(wall)


def judged_end(starts: datetime, ends: datetime | None, notes: Notes, *, written: str = "") -> datetime:
    """Take the end of a timed row: an hour after its start where there is none or it is not later.

    `written` is what stood there, if it could not be read.
    """
    if ends is not None and ends > starts:
        _note_days(starts, ends, notes)
        return ends
    notes.say("ends", _no_end(starts, ends, written), f"Taken as one hour, until {_wall(starts + USUAL_LENGTH)}.")
    return starts + USUAL_LENGTH


def judged_last_day(first: date, last: date | None, notes: Notes) -> date:
    """Take the last day, included, of a row of whole days: its first where there is none or it is earlier."""
    if last is None or last == first:
        return first
    if last < first:
        notes.say("ends", f"It ends before it starts, on {last:%d/%m/%Y}.", "Taken as one whole day.")
        return first
    days = (last - first).days + 1
    notes.say("ends", f"It lasts {days} days, until {last:%d/%m/%Y}.", "Taken as one event over all of them.")
    return last


def judged_venue(venue: str, online_url: str, notes: Notes) -> tuple[str, str | None]:
    """Take venue and joining link; a link in the place of a venue is a link."""
    link = judged_link(online_url, notes)
    if link is None and is_web_address(venue):
        return "", venue
    if not venue and link is None:
        notes.say("venue", "There is no venue.", "Left open: venue to be announced.")
    return venue, link


def judged_link(url: str, notes: Notes) -> str | None:
    """Take a joining link if it is an address on the web."""
    if url and not is_web_address(url):
        notes.say("online_url", f"“{shown(url)}” is not an address on the web.", "Kept as a note, not as a link.")
        return None
    return url or None


def is_web_address(text: str) -> bool:
    """Tell whether text is one absolute http or https address."""
    if not text or any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _no_end(starts: datetime, ends: datetime | None, written: str) -> str:
    if ends is None:
        return f"The end “{shown(written)}” cannot be read." if written else "There is no end."
    return "It ends when it starts." if ends == starts else f"It ends before it starts, at {_wall(ends)}."


def _note_days(starts: datetime, ends: datetime, notes: Notes) -> None:
    if ends - starts > _LONG and london_day(starts) != london_day(ends):
        days = (london_day(ends) - london_day(starts)).days + 1
        reason = f"It runs from {_wall(starts)} to {_wall(ends)}, over {days} days."
        notes.say("ends", reason, "Taken as one event over all of them.")


def _wall(instant: datetime) -> str:
    return f"{to_wall(instant):%d/%m/%Y %H:%M}"
