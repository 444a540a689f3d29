"""How an event is called, where it is and who may come, in the words that every list and calendar uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.states import Audience, EventState, Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.calendar.models import Event
    from programme.people.states import End

UNKNOWN_TITLE = "Title to be announced"
SITES: Mapping[str, str] = {
    "LIV": "Liverpool",
    "DAR": "Daresbury",
    "OXF": "Oxford",
    "HAR": "Harwell",
    "LON": "London",
}
"""Where venues are, by the codes that are kept: between these the ways are known."""
STATUSES = {
    EventState.CANCELLED: EntryStatus.CANCELLED,
    EventState.PUBLISHED: EntryStatus.CONFIRMED,
}


def has_place(event: Event) -> bool:
    """Whether people read where an event is: a venue, a room alone, or online."""
    return event.venue_id is not None or bool(event.room) or event.is_online


def shown_title(title: str, *, is_known: bool = True, series: str | None = None) -> str:
    """Return the title as people see it; an unknown one is told by its series."""
    if is_known and title:
        return title
    return f"{series}: title to be announced" if series else UNKNOWN_TITLE


def title_of(event: Event, *, is_theirs: bool = False) -> str:
    """Return the title of an event at hand; an unknown one is told by its series, asked for only then.

    Everybody reads the name of a public series, and whoever has registered (`is_theirs`) that of any but a hidden one.
    """
    if event.title_is_known and event.title:
        return event.title
    named = {Visibility.PUBLIC, Visibility.MEMBERS} if is_theirs else {Visibility.PUBLIC}
    return shown_title("", series=event.series.title if event.series and event.series.visibility in named else None)


def audience_words(audience: Audience, lead: str, note: str = "") -> str:
    """Say who may attend: the organisers' own words first."""
    if note:
        return note.rstrip(".")
    words = {
        Audience.EVERYONE: "Everyone",
        Audience.BOTH_UNIVERSITIES: "Members of both universities",
        Audience.LEAD_UNIVERSITY: f"Members of {lead} only",
        Audience.INVITED: "By invitation",
    }
    return words[audience]


def place_words(*parts: str | None, is_online: bool) -> str:
    """Say where it is, from the room outwards; online where there is no room, "and online" where there is."""
    place = ", ".join(part for part in parts if part)
    if not place:
        return "Online" if is_online else ""
    return f"{place}, and online" if is_online else place


def place_end(venue_end: End | None, *, has_place: bool, is_online: bool) -> str:
    """Return the end of the corridor that stands beside the place."""
    if venue_end is not None:
        return venue_end.value
    return "online" if is_online and not has_place else ""


def status_of(state: EventState, *, date_is_known: bool) -> EntryStatus:
    """Say what a calendar shows: postponed counts as called off only until there is a new date."""
    if state is EventState.POSTPONED and not date_is_known:
        return EntryStatus.POSTPONED
    return STATUSES.get(state, EntryStatus.CONFIRMED)


def is_web(url: str) -> bool:
    """Whether a link leads to the web, and to nowhere stranger."""
    return url.startswith(("https://", "http://"))
