"""From the text of a calendar that came by mail to what it answers: who, to which event, to which version of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote

from programme.engines.calendar.replies.lines import decoded, lines_of
from programme.engines.calendar.times import LONDON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.calendar.replies.lines import ContentLine

MOST_ATTENDEES, LONGEST_ADDRESS, LONGEST_COMMENT = 50, 254, 500
INSTANT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
NUMBER = re.compile(r"\d{1,9}")
LONDON_NAMES = frozenset({"EUROPE/LONDON", "GMT STANDARD TIME", "GREENWICH STANDARD TIME"})
"""What calendars call the zone of our own invitations, Windows among them."""


class Answer(StrEnum):
    """What a calendar answers to an invitation."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One who is named in an answer: their address, what they say in small letters, who sent it for them."""

    address: str
    said: str = ""
    sent_by: str = ""
    is_delegating: bool = False

    @property
    def answer(self) -> Answer | None:
        """Return the answer, where it is one that a roll can show."""
        return Answer(self.said) if self.said in set(Answer) and not self.is_delegating else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """What a calendar says. `sequence` is None where it names no version, `stamp` where it has no time.

    `organiser` is empty where it was left out, as Outlook does. `recurrence` is the date of a repeated event that is
    meant, an instant or a day; `is_about_a_date` says that one is named, though it may be unreadable. `events` is how
    many components there are: one, if it is an answer.
    """

    method: str
    uid: str = ""
    attendees: tuple[Attendee, ...] = ()
    sequence: int | None = None
    stamp: datetime | None = None
    recurrence: datetime | date | None = None
    is_about_a_date: bool = False
    organiser: str = ""
    comment: str = ""
    events: int = 0


@dataclass(slots=True)
class Found:
    """The lines of a calendar by where they stand."""

    of_calendar: list[ContentLine] = field(default_factory=list)
    of_event: list[ContentLine] = field(default_factory=list)
    events: int = 0


def answer_in(content: bytes, *, charset: str = "", method: str = "") -> CalendarAnswer | None:
    """Read what a calendar part says; None where it is no calendar.

    `method` is the one that the header of the part names: it counts where the calendar itself names none.
    """
    found = sorted_out(decoded(content, charset=charset))
    if not (found.of_calendar or found.events):
        return None
    inside = next((line.text for line in found.of_calendar if line.name == "METHOD"), "")
    named = first_of_each(found.of_event)
    return CalendarAnswer(
        method=(inside or method).upper()[:20],
        uid=named["UID"].text[:LONGEST_ADDRESS] if "UID" in named else "",
        attendees=attendees_among(found.of_event),
        sequence=number_in(named.get("SEQUENCE")),
        stamp=stamp_in(named.get("DTSTAMP")),
        recurrence=date_or_instant(named.get("RECURRENCE-ID")),
        is_about_a_date="RECURRENCE-ID" in named,
        organiser=address_in(named["ORGANIZER"]) if "ORGANIZER" in named else "",
        comment=named["COMMENT"].text[:LONGEST_COMMENT] if "COMMENT" in named else "",
        events=found.events,
    )


def sorted_out(text: str) -> Found:
    """Sort the lines of a calendar: its own, and those of its first event, without what hangs on that (an alarm)."""
    found, within = Found(), [""]
    for line in lines_of(text):
        if line.name == "BEGIN":
            within.append(line.value.strip().upper())
            found.events += within[1:] == ["VCALENDAR", "VEVENT"]
        elif line.name == "END":
            within = within[:-1] or [""]
        elif within == ["", "VCALENDAR"]:
            found.of_calendar.append(line)
        elif within == ["", "VCALENDAR", "VEVENT"] and found.events == 1:
            found.of_event.append(line)
    return found


def first_of_each(lines: list[ContentLine]) -> Mapping[str, ContentLine]:
    """Return the first line of each name."""
    named: dict[str, ContentLine] = {}
    for line in lines:
        named.setdefault(line.name, line)
    return named


def attendees_among(lines: list[ContentLine]) -> tuple[Attendee, ...]:
    """Return who is named, each address once, in their order."""
    found: dict[str, Attendee] = {}
    for line in (line for line in lines if line.name == "ATTENDEE"):
        one = attendee_of(line)
        if one.address and len(found) < MOST_ATTENDEES:
            found.setdefault(one.address.lower(), one)
    return tuple(found.values())


def attendee_of(line: ContentLine) -> Attendee:
    """Read one who is named."""
    said = line.parameters.get("PARTSTAT", "").strip().lower()
    is_delegating = bool(line.parameters.get("DELEGATED-TO")) or said == "delegated"
    sent_by = mail_address(line.parameters.get("SENT-BY", ""))
    return Attendee(address_in(line), said[:20], sent_by, is_delegating)


def address_in(line: ContentLine) -> str:
    """Return the mail address of a calendar user: Apple may name them by another scheme, and have it as EMAIL."""
    return mail_address(line.value) or mail_address(f"mailto:{line.parameters.get('EMAIL', '')}")


def mail_address(value: str) -> str:
    """Return the address in `mailto:alice@example.org`, or in one without the scheme; empty where it is none."""
    scheme, colon, rest = value.strip().partition(":")
    plain = unquote(rest if colon and scheme.lower() == "mailto" else value).strip().strip("<>")
    is_one = plain.count("@") == 1 and plain.isprintable() and " " not in plain and (colon == "" or rest != "")
    return plain[:LONGEST_ADDRESS] if is_one else ""


def number_in(line: ContentLine | None) -> int | None:
    """Return a version; None where there is none, or one that is no number."""
    value = line.value.strip() if line else ""
    return int(value) if NUMBER.fullmatch(value) and value.isascii() else None


def stamp_in(line: ContentLine | None) -> datetime | None:
    """Return when an answer was given; what has no zone is taken for UTC, as it has to be."""
    found = date_or_instant(line, floating=UTC)
    return found if isinstance(found, datetime) else None


def date_or_instant(line: ContentLine | None, *, floating: tzinfo = LONDON) -> datetime | date | None:
    """Return a day, or an instant in UTC; None where it cannot be read, or its zone is unknown."""
    match = INSTANT.fullmatch(line.value.strip()) if line else None
    if line is None or match is None or not line.value.isascii():
        return None
    try:
        day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC)
        if match[2] is None:
            return day.date()
        time = datetime.strptime(match[2], "%H%M%S").replace(tzinfo=UTC).time()
        zone = UTC if match[3] else zone_named(line.parameters.get("TZID", ""), floating=floating)
        return datetime.combine(day.date(), time, tzinfo=zone).astimezone(UTC) if zone else None
    except (ValueError, OverflowError):
        return None


def zone_named(name: str, *, floating: tzinfo) -> tzinfo | None:
    """Return the zone of a name, of those that our invitations have; none is looked up for a stranger."""
    if not name:
        return floating
    if name.strip().upper() in {"UTC", "ETC/UTC", "GMT"}:
        return UTC
    return LONDON if name.strip().upper() in LONDON_NAMES else None
