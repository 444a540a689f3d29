"""What an event takes from a row: which field of the file becomes which columns."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.naming import audience_words
from programme.engines.calendar.reading.rows import RowAudience, RowBooking, RowStatus
from programme.engines.calendar.states import Audience, EventState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from programme.engines.calendar.reading.rows import ReadRow

AUDIENCES = {
    RowAudience.PUBLIC: Audience.EVERYONE,
    RowAudience.UNSTATED: Audience.EVERYONE,
    RowAudience.MEMBERS: Audience.LEAD_UNIVERSITY,
}
# "Not required" is left unsaid: an opening here may ask for a registration all the same.
BOOKING = {RowBooking.REQUIRED: "booking required", RowBooking.RECOMMENDED: "booking recommended"}
STATES = {
    RowStatus.PUBLISHED: EventState.PUBLISHED,
    RowStatus.DRAFT: EventState.DRAFT,
    RowStatus.CANCELLED: EventState.CANCELLED,
    RowStatus.POSTPONED: EventState.POSTPONED,
    RowStatus.UNSTATED: EventState.PUBLISHED,
}
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows name and the database has: series by folded title; places by folded name, only those named once.

    `lead` is the short name of the organisation that imports.
    """

    series: Mapping[str, int]
    venues: Mapping[str, int]
    lead: str


def folded(text: str) -> str:
    """Return a name so that case and white space do not matter."""
    return " ".join(text.split()).casefold()


def title_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take the title, known or to be announced."""
    del ground
    return {"title": row.title, "title_is_known": not row.is_title_to_come}


def series_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take the series, which is there by now."""
    return {"series_id": ground.series.get(folded(row.series)) if row.series else None}


def time_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take start and end."""
    del ground
    return {"starts_at": row.starts, "ends_at": row.ends, "all_day": row.all_day}


def place_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take the place: a venue known by exactly this name, with what stands before it as the room; else words."""
    venue_id, room = place_of(row.venue, ground.venues)
    is_online = row.online_url is not None or "online_url" in row.extra
    return {"venue_id": venue_id, "room": room, "is_online": is_online, "online_link": row.online_url or ""}


def place_of(text: str, venues: Mapping[str, int]) -> tuple[int | None, str]:
    """Part "Seminar Room 3, Physics Building" where the building is a venue; the longest such name counts."""
    parts = text.split(", ")
    for begin in range(len(parts)):
        venue_id = venues.get(folded(", ".join(parts[begin:])))
        if venue_id is not None:
            return venue_id, ", ".join(parts[:begin])
    return None, text


def audience_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take who can attend; the note, which stands before it on every page, says it with what is to be added."""
    audience = AUDIENCES[row.audience]
    stated = row.audience is not RowAudience.UNSTATED
    who = row.extra.get("audience") or (audience_words(audience, ground.lead) if stated else "")
    booking = row.extra.get("booking") or BOOKING.get(row.booking, "")
    note = "; ".join(filter(None, (who, booking))) if booking or "audience" in row.extra else ""
    return {"audience": audience, "audience_note": (note[:1].upper() + note[1:])[:LONGEST_NOTE]}


def abstract_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take the abstract."""
    del ground
    return {"description": row.abstract}


def price_columns(row: ReadRow, ground: Ground) -> dict[str, Any]:
    """Take the price."""
    del ground
    return {"price_note": row.price or ""}


COLUMNS: Mapping[str, Callable[[ReadRow, Ground], dict[str, Any]]] = {
    "title": title_columns,
    "series": series_columns,
    "time": time_columns,
    "place": place_columns,
    "audience": audience_columns,
    "abstract": abstract_columns,
    "price": price_columns,
}
"""Fields of a file that are columns of an event; speakers and status stand apart."""

LABELS = {
    "title": "title",
    "series": "series",
    "time": "time",
    "place": "place",
    "audience": "who can attend",
    "abstract": "abstract",
    "price": "price",
    "speakers": "speakers",
    "status": "status",
}


def columns_of(row: ReadRow, fields: Iterable[str], ground: Ground) -> dict[str, Any]:
    """Return the columns that the named fields of a row give."""
    return {key: value for name in fields if name in COLUMNS for key, value in COLUMNS[name](row, ground).items()}


def told_of(row: ReadRow) -> dict[str, str]:
    """Sum up each field of a row by itself, so that a later file shows which of them it changed."""
    said: dict[str, list[object]] = {
        "title": [row.title],
        "series": [row.series],
        "time": [row.starts, row.ends, row.all_day],
        "place": [row.venue, row.online_url],
        "audience": [row.audience, row.booking, row.extra.get("audience"), row.extra.get("booking")],
        "abstract": [row.abstract],
        "price": [row.price],
        "speakers": list(row.speakers),
        "status": [row.status],
    }
    return {name: summed(values) for name, values in said.items()}


def summed(values: list[object]) -> str:
    """Return ten letters that differ where the values do."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:10]


def state_of(row: ReadRow, *, publish: bool) -> EventState:
    """Return the state of a new event; without leave to publish it is a draft, unless the row calls it cancelled."""
    return STATES[row.status] if publish or row.status is RowStatus.CANCELLED else EventState.DRAFT
