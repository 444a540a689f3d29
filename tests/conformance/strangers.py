"""Two parsers that share nothing with our writer, nor with each other: what each says that a calendar holds.

One (`ical`) takes zones from the zone database by their name, the other (`vobject`) from the zone block in the file: a
wrong block or a wrong name makes them differ.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import vobject
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Occurrence(NamedTuple):
    """When one entry is, in UTC or as days, how often it changed, and whether it takes place."""

    starts: datetime | date
    ends: datetime | date
    sequence: int
    takes_place: bool


def by_zone_database(body: bytes) -> dict[str, Occurrence]:
    """Return what `ical` reads, by UID; it raises where two entries are one."""
    found: dict[str, Occurrence] = {}
    for entry in IcsCalendarStream.calendar_from_ics(body.decode()).events:
        assert entry.uid is not None
        assert entry.dtend is not None
        assert entry.uid not in found
        takes_place = entry.status is not EventStatus.CANCELLED
        found[entry.uid] = Occurrence(in_utc(entry.dtstart), in_utc(entry.dtend), int(entry.sequence or 0), takes_place)
    return found


def by_zone_block(body: bytes) -> dict[str, Occurrence]:
    """Return what `vobject` reads, by UID."""
    (calendar,) = vobject.readComponents(body.decode())
    found: dict[str, Occurrence] = {}
    for entry in calendar.contents.get("vevent", ()):
        assert entry.uid.value not in found
        found[entry.uid.value] = Occurrence(
            in_utc(entry.dtstart.value),
            in_utc(entry.dtend.value),
            int(entry.sequence.value),
            entry.status.value != "CANCELLED",
        )
    return found


def in_utc(value: Any) -> datetime | date:
    """Return a day as it is, and an instant in UTC; a time without a zone is no instant."""
    if not isinstance(value, datetime):
        assert isinstance(value, date)
        return value
    assert value.tzinfo is not None, f"{value} floats"
    return value.astimezone(UTC)


STRANGERS: Mapping[str, Callable[[bytes], dict[str, Occurrence]]] = {
    "ical": by_zone_database,
    "vobject": by_zone_block,
}
