"""Certificates of attendance: for those who were there, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import date_span, join_words, long_date, plural, time_range
from programme.engines.calendar.naming import place_words, shown_title
from programme.engines.registration.papers.setting import pdf_of, settable
from programme.people.roles import STRAND_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from programme.engines.calendar.models import Event
    from programme.people.models import Organisation

MINUTE, HOUR = 60, 3600


def certificates(
    event: Event, names: Sequence[str], *, owners: Sequence[Organisation], programme: str, now: datetime
) -> bytes:
    """Return a page for each name; a name that no font here has is left to be written by hand."""
    by = [owner.name for owner in owners]
    told: dict[str, Any] = {
        "title": f"Certificate of attendance: {title_of(event)}",
        "event": title_of(event),
        "when": when_of(event),
        "length": "" if event.all_day else length_of(event.starts_at, event.ends_at),
        "place": settable(place_of(event)),
        "strand": STRAND_WORDS[event.strand],
        "by": settable(join_words([f"the {name}" if name.startswith("University") else name for name in by])),
        "organisers": [settable(name) for name in by],
        "programme": settable(programme),
        "issued": long_date(now),
        "people": [{"name": settable(name)} for name in names],
    }
    return pdf_of("certificate", told)


def title_of(event: Event) -> str:
    """Return an event's title as it can be set."""
    return settable(shown_title(event.title, is_known=event.title_is_known)) or "An event of the programme"


def when_of(event: Event) -> str:
    """Say when it was."""
    days = date_span(event.starts_at, event.ends_at)
    return days if event.all_day else f"{days}, {time_range(event.starts_at, event.ends_at)}"


def length_of(starts: datetime, ends: datetime) -> str:
    """Say how long something lasted, to the minute."""
    seconds = max(0, int((ends - starts).total_seconds()))
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    parts = [plural(hours, "hour") if hours else "", plural(minutes, "minute") if minutes else ""]
    return " ".join(part for part in parts if part)


def place_of(event: Event) -> str:
    """Say where it was."""
    venue = event.venue
    return place_words(event.room, venue.name if venue else None, is_online=event.is_online)
