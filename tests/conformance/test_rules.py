"""The rules find what they are for: each breakage of a sound calendar is told."""

from __future__ import annotations

import pytest

from tests.conformance.rules import faults

SOUND = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
CALSCALE:GREGORIAN
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19810329T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:event-7@events.example
SEQUENCE:2
DTSTAMP:20270105T093000Z
LAST-MODIFIED:20270105T093000Z
DTSTART;TZID=Europe/London:20270504T180000
DTEND;TZID=Europe/London:20270504T190000
SUMMARY:Rust\\, on the Mersey\\; a history
GEO:53.406000;-2.966000
URL:https://events.example/events/rust-7
CONFERENCE;VALUE=URI:https://events.example/join/7
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
BREAKAGES = {
    "a bare line feed": ("SEQUENCE:2\r\n", "SEQUENCE:2\n", "half of an end"),
    "a blank line": ("SEQUENCE:2\r\n", "SEQUENCE:2\r\n\r\n", "is blank"),
    "a long line": ("Rust", "Rust" * 20, "octets"),
    "a control character": ("Rust", "Ru\x07st", "control character"),
    "no end": ("END:VCALENDAR\r\n", "END:VCALENDAR", "does not end"),
    "a line that is none": ("SEQUENCE:2", "SEQUENCE 2", "no content line"),
    "an entry within an entry": ("STATUS:", "BEGIN:VEVENT\r\nSTATUS:", "ends VEVENT"),
    "a method in a feed": ("CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\r\nMETHOD:REQUEST", "METHOD is ['REQUEST']"),
    "two of one": ("SEQUENCE:2", "SEQUENCE:2\r\nSEQUENCE:3", "has 2 times SEQUENCE"),
    "none of one": ("SEQUENCE:2\r\n", "", "has 0 times SEQUENCE"),
    "an attendee in a feed": ("TRANSP:", "ATTENDEE:mailto:a@example.org\r\nTRANSP:", "1 times ATTENDEE"),
    "an organiser in a feed": ("TRANSP:", "ORGANIZER:mailto:a@example.org\r\nTRANSP:", "1 times ORGANIZER"),
    "a rule": ("TRANSP:", "RRULE:FREQ=DAILY\r\nTRANSP:", "has RRULE"),
    "an alarm nobody asked for": (
        "END:VEVENT",
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT",
        "holds VALARM",
    ),
    "another stamp": ("DTSTAMP:20270105T093000Z", "DTSTAMP:20270105T093001Z", "DTSTAMP is not"),
    "a floating time": ("DTEND;TZID=Europe/London:", "DTEND:", "is no time"),
    "an end before the start": ("T190000", "T170000", "does not end later"),
    "a day as a start": (
        "DTSTART;TZID=Europe/London:20270504T180000",
        "DTSTART;VALUE=DATE:20270504",
        "different kinds",
    ),
    "a cancelled entry that takes up time": ("STATUS:CONFIRMED", "STATUS:CANCELLED", "takes up time"),
    "a bare semicolon": ("Mersey\\;", "Mersey;", "SUMMARY is not escaped"),
    "a bare comma": ("Rust\\,", "Rust,", "SUMMARY is not escaped"),
    "a lone backslash": ("Rust", "R\\ust", "SUMMARY is not escaped"),
    "an address that is none": ("URL:https:", "URL:javascript:", "URL is no address"),
    "an address that does not say so": (";VALUE=URI", "", "does not say"),
    "a place off the globe": ("53.406000", "153.406000", "GEO is nowhere"),
    "another zone": ("TZID:Europe/London", "TZID:GMT", "has the zones"),
    "a zone by dates": ("TZNAME:GMT", "RDATE:19981025T020000\r\nTZNAME:GMT", "choke"),
    "a zone that changes at another hour": ("T010000", "T020000", "not by its rule"),
    "a zone with other offsets": ("TZOFFSETTO:+0100", "TZOFFSETTO:+0200", "other offsets"),
}


def body(text: str) -> bytes:
    """The calendar as it goes over the wire."""
    return text.replace("\n", "\r\n").encode()


def test_a_sound_calendar_has_no_fault() -> None:
    assert faults(body(SOUND)) == []


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_each_breakage_is_told(breakage: str) -> None:
    before, after, told = BREAKAGES[breakage]
    sound = body(SOUND).decode()
    assert before in sound
    assert told in "\n".join(faults(sound.replace(before, after).encode()))


def test_a_split_character_is_told() -> None:
    split = body(SOUND).replace(b"Rust", "ō".encode()[:1] + b"\r\n " + "ō".encode()[1:])
    assert "splits a character" in "\n".join(faults(split))


def test_two_entries_of_one_uid_are_told() -> None:
    whole = body(SOUND).decode()
    entry = whole[whole.index("BEGIN:VEVENT") : whole.index("END:VCALENDAR")]
    assert "stands there 2 times" in "\n".join(faults(whole.replace(entry, entry * 2).encode()))


def test_a_letter_has_one_organiser_and_one_attendee() -> None:
    asked = body(SOUND).decode().replace("CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\r\nMETHOD:REQUEST")
    people = "ORGANIZER:mailto:programme@example.org\r\nATTENDEE;RSVP=TRUE:mailto:anna@example.org\r\n"
    assert faults(asked.replace("TRANSP:", f"{people}TRANSP:").encode(), method="REQUEST") == []
    assert "with METHOD REQUEST" in "\n".join(faults(asked.encode(), method="REQUEST"))
