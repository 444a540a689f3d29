"""Which heading means which field: spreadsheets are kept by people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.rows import ColumnSeen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HEADINGS = {
    "uid": ("uid", "ical uid", "unique id"),
    "title": ("title", "talk title", "event title", "title of talk", "event", "event name", "name of event", "subject"),
    "series": ("series", "series title", "seminar series", "event series", "series name"),
    "starts": ("start", "starts", "starts at", "start date time", "date time", "date and time", "when", "begin"),
    "ends": ("end", "ends", "ends at", "end date time", "finish", "finishes", "until"),
    "date": ("date", "start date", "day", "event date", "date of talk"),
    "end_date": ("end date", "last day", "finish date"),
    "time": ("time", "times", "start time", "starts time", "from", "time of talk"),
    "end_time": ("end time", "finish time", "to"),
    "whole_day": ("all day event", "all day", "whole day"),
    "venue": ("venue", "location", "place", "where", "building", "site"),
    "room": ("room", "room name", "lecture theatre"),
    "online_url": (
        *("online link", "online", "joining link", "join link", "zoom link", "zoom", "teams link", "meeting link"),
        *("webinar link", "video link", "conference link", "link to join", "online url"),
    ),
    "audience": ("who can attend", "audience", "open to", "eligibility", "who may attend", "attendance"),
    "booking": ("booking", "booking required", "registration", "registration required", "sign up", "need to book"),
    "speakers": ("speakers", "speaker", "speaker s", "presenter", "presenters", "speaker name", "lecturer"),
    "status": ("status", "state"),
    "abstract": ("abstract", "description", "details", "summary", "blurb", "about", "synopsis"),
    "price": ("price", "cost", "fee", "ticket price", "charge"),
    "strand": ("strand", "theme strand", "programme strand"),
}
_LONGEST = 100
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_WORD = re.compile(r"[\W_]+")


def by_heading(headings: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return which heading means which field, from the headings of each field in small letters."""
    return {heading: field for field, known in headings.items() for heading in known}


OF_EVENTS = by_heading(_HEADINGS)


def columns(headings: Sequence[str], known: Mapping[str, str] = OF_EVENTS) -> tuple[ColumnSeen, ...]:
    """Read a line of headings; of two for one field the first counts, the other is kept as it is.

    `known` says which heading means which field: those of events, unless the sheet is about something else.
    """
    seen: set[str] = set()
    found = []
    for heading in headings:
        field = field_of(heading, known)
        found.append(ColumnSeen(heading, None if field in seen else field))
        seen |= {field} if field else set()
    return tuple(found)


def field_of(heading: str, known: Mapping[str, str] = OF_EVENTS) -> str | None:
    """Name the field a heading means, whatever its case, punctuation and asides in brackets; None if unknown."""
    if len(heading) > _LONGEST:
        return None
    return known.get(plain_heading(heading))


def plain_heading(heading: str) -> str:
    """Return a heading as it is looked up: small letters, without punctuation and asides in brackets."""
    return _NOT_WORD.sub(" ", _ASIDE.sub(" ", heading)).strip().casefold()


def is_heading_line(found: Sequence[ColumnSeen]) -> bool:
    """Tell whether a line names what every row needs: a title and a day."""
    fields = {column.field for column in found}
    return "title" in fields and bool(fields & {"starts", "date"})


def known_headings() -> str:
    """Say, for a person, the headings that are looked for first."""
    return "Title, Series, Start, End, Venue, Who can attend, Booking, Speakers, Status, Abstract"
