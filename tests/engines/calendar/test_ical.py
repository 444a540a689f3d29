"""Calendars as clients read them: each line of the conformance list that is about the body."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import LONDON_ZONE, calendar_bytes, etag
from programme.engines.calendar.ical.entry import CalendarEntry, EntryStatus, Timing, sequence_after

LONDON = ZoneInfo("Europe/London")
LECTURE = CalendarEntry(
    uid="event-7@events.example",
    sequence=2,
    last_changed=datetime(2027, 1, 5, 9, 30, tzinfo=UTC),
    starts=datetime(2027, 5, 4, 17, tzinfo=UTC),
    ends=datetime(2027, 5, 4, 18, tzinfo=UTC),
    summary="Rust, on the Mersey; a history",
    description="Doors at 17:30.\nBring a \\ and a friend, or two; all welcome.",
    location="Sherrington Building, Liverpool",
    url="https://events.example/events/rust-7",
    latitude=53.406,
    longitude=-2.966,
    categories=("Lecture", "Open, to all"),
    conference_url="https://events.example/join/7",
    related_to=("event-1@events.example",),
    colour="teal",
    image_url="https://events.example/images/rust.jpg",
    image_type="image/jpeg",
)


def test_lines_end_in_crlf_and_none_is_blank_or_long() -> None:
    body = feed(LECTURE, replace(LECTURE, uid="event-8@events.example", summary="ō" * 200))
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.removesuffix(b"\r\n").split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert all(0 < len(line) <= 75 for line in lines)
    assert not body.startswith(b"\xef\xbb\xbf")


def test_a_calendar_has_one_of_each_that_must_be() -> None:
    names = [line.partition(b":")[0].partition(b";")[0].decode() for line in unfolded(feed(LECTURE))]
    for name in ("VERSION", "PRODID", "UID", "DTSTAMP", "SUMMARY", "DTEND", "LAST-MODIFIED", "SEQUENCE", "STATUS"):
        assert names.count(name) == 1
    assert names.count("DTSTART") == 1 + 2
    assert feed(LECTURE).count(b"BEGIN:VCALENDAR") == 1
    assert "DURATION" not in names


def test_the_body_parses_back_to_what_it_was_written_from() -> None:
    event = parsed(LECTURE)
    assert event["UID"] == LECTURE.uid
    assert event["SUMMARY"] == LECTURE.summary
    assert event["DESCRIPTION"] == LECTURE.description
    assert event["LOCATION"] == LECTURE.location
    assert event["URL"] == LECTURE.url
    assert event["GEO"].to_ical() == "53.406;-2.966"
    assert [str(name) for name in event["CATEGORIES"].cats] == list(LECTURE.categories)
    assert event["SEQUENCE"] == 2
    assert event["RELATED-TO"] == LECTURE.related_to[0]
    assert event["CONFERENCE"] == LECTURE.conference_url
    assert event.errors == []


def test_a_uid_stays_through_every_change() -> None:
    moved = replace(LECTURE, starts=LECTURE.starts + timedelta(days=1), ends=LECTURE.ends + timedelta(days=1))
    changes = [moved, replace(LECTURE, summary="x"), replace(LECTURE, status=EntryStatus.CANCELLED)]
    assert {str(parsed(entry)["UID"]) for entry in changes} == {LECTURE.uid}


def test_feeds_have_no_method_organiser_attendee_or_alarm() -> None:
    assert not re.search(
        rb"^(METHOD|ORGANIZER|ATTENDEE|BEGIN:VALARM|RRULE:FREQ=(?!YEARLY))", feed(LECTURE), re.MULTILINE
    )
    assert not {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"} & set(parsed(LECTURE))


def test_a_method_is_written_only_when_asked() -> None:
    body = calendar_bytes([entry_block(LECTURE)], method="PUBLISH")
    assert body.count(b"METHOD:PUBLISH\r\n") == 1
    assert b"X-WR-CALNAME" not in body


def test_the_stamp_is_the_last_change() -> None:
    event = parsed(LECTURE)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == LECTURE.last_changed


def test_two_renderings_are_the_same_bytes() -> None:
    assert feed(LECTURE) == feed(replace(LECTURE))


def test_a_sequence_rises_with_time_and_status_only() -> None:
    before = Timing(LECTURE.starts, LECTURE.ends, LECTURE.status)
    assert sequence_after(2, before=before, after=before) == 2
    assert sequence_after(2, before=before, after=before._replace(starts=before.ends)) == 3
    assert sequence_after(2, before=before, after=before._replace(ends=before.starts)) == 3
    assert sequence_after(2, before=before, after=before._replace(status=EntryStatus.CANCELLED)) == 3
    elsewhere = before._replace(starts=datetime(2027, 5, 4, 18, tzinfo=LONDON))
    assert sequence_after(2, before=before, after=elsewhere) == 2


def test_a_moved_event_is_one_entry_with_a_higher_sequence() -> None:
    moved = replace(
        LECTURE, sequence=3, starts=LECTURE.starts + timedelta(days=1), ends=LECTURE.ends + timedelta(days=1)
    )
    events: list[Any] = icalendar.Calendar.from_ical(feed(moved)).walk("VEVENT")
    assert [(str(event["UID"]), event["SEQUENCE"], event["DTSTART"].dt) for event in events] == [
        (LECTURE.uid, 3, moved.starts),
    ]


@pytest.mark.parametrize(
    ("status", "title"),
    [(EntryStatus.CANCELLED, "Cancelled: Rust"), (EntryStatus.POSTPONED, "Postponed: Rust")],
)
def test_a_cancelled_or_postponed_event_stays_and_says_so(status: EntryStatus, title: str) -> None:
    event = parsed(replace(LECTURE, summary="Rust", status=status))
    assert (event["STATUS"], event["TRANSP"], event["SUMMARY"]) == ("CANCELLED", "TRANSPARENT", title)
    assert event["DTSTART"].dt == LECTURE.starts


def test_other_states_are_written_plainly() -> None:
    assert (parsed(LECTURE)["STATUS"], parsed(LECTURE)["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    tentative = parsed(replace(LECTURE, status=EntryStatus.TENTATIVE, transparent=True))
    assert (tentative["STATUS"], tentative["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")


def test_timed_entries_carry_london_time_and_its_one_zone() -> None:
    body = feed(LECTURE)
    assert b"DTSTART;TZID=Europe/London:20270504T180000\r\n" in body
    assert b"DTEND;TZID=Europe/London:20270504T190000\r\n" in body
    assert body.count(b"BEGIN:VTIMEZONE") == body.count(b"TZID:Europe/London") == 1
    assert body.count(b"RRULE:FREQ=YEARLY") == 2
    assert b"RDATE" not in LONDON_ZONE
    assert b"COMMENT" not in LONDON_ZONE


def test_offsets_equal_the_zone_database_over_both_clock_changes() -> None:
    begin = datetime(2027, 3, 1, tzinfo=UTC)
    starts = [begin + timedelta(hours=hours) for hours in range(0, 24 * 260, 5)]
    starts += [datetime(2027, 10, 31, 0, minute, tzinfo=UTC) for minute in range(0, 60, 15)]
    starts += [datetime(2027, 10, 31, 1, minute, tzinfo=UTC) for minute in range(0, 60, 15)]
    entries = [
        replace(LECTURE, uid=f"{number}@events.example", starts=start, ends=start + timedelta(minutes=90))
        for number, start in enumerate(starts)
    ]
    events: list[Any] = icalendar.Calendar.from_ical(feed(*entries)).walk("VEVENT")
    for entry, event in zip(entries, events, strict=True):
        for name, instant in (("DTSTART", entry.starts), ("DTEND", entry.ends)):
            assert event[name].dt.astimezone(UTC) == instant
            assert read_by_zone_rule(event[name]) == instant


def test_the_second_of_two_times_is_written_in_utc() -> None:
    second = replace(
        LECTURE, starts=datetime(2027, 10, 31, 1, 30, tzinfo=UTC), ends=datetime(2027, 10, 31, 3, tzinfo=UTC)
    )
    assert b"DTSTART:20271031T013000Z\r\nDTEND:20271031T030000Z\r\n" in entry_block(second)


def test_whole_days_are_dates_and_end_on_the_day_after() -> None:
    block = entry_block(replace(LECTURE, starts=date(2027, 5, 4), ends=date(2027, 5, 6)))
    assert b"DTSTART;VALUE=DATE:20270504\r\nDTEND;VALUE=DATE:20270506\r\n" in block


def test_text_is_escaped_and_addresses_are_not() -> None:
    lines = unfolded(entry_block(replace(LECTURE, url="https://events.example/a;b,c?d=é \n")))
    assert rb"SUMMARY:Rust\, on the Mersey\; a history" in lines
    assert rb"DESCRIPTION:Doors at 17:30.\nBring a \\ and a friend\, or two\; all welcome." in lines
    assert rb"CATEGORIES:Lecture,Open\, to all" in lines
    assert b"URL:https://events.example/a;b,c?d=%C3%A9" in lines
    assert b"CONFERENCE;VALUE=URI:https://events.example/join/7" in lines
    image = b"IMAGE;VALUE=URI;DISPLAY=BADGE;FMTTYPE=image/jpeg:https://events.example/images/rust.jpg"
    assert image in lines
    untyped = unfolded(entry_block(replace(LECTURE, image_type="image/jpeg:x\r\nATTACH")))
    assert image.replace(b";FMTTYPE=image/jpeg", b"") in untyped


@pytest.mark.parametrize("url", ["/events/7", "javascript:alert(1)", "events.example", "https://", "http://[", ""])
def test_an_address_that_is_not_absolute_is_left_out(url: str) -> None:
    event = parsed(replace(LECTURE, url=url, conference_url=url, image_url=url))
    assert not {"URL", "CONFERENCE", "IMAGE"} & set(event)


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 0.0), (0.0, -181.0), (None, 1.0), (float("nan"), 0.0)])
def test_a_place_off_the_globe_is_left_out(latitude: float | None, longitude: float) -> None:
    assert "GEO" not in parsed(replace(LECTURE, latitude=latitude, longitude=longitude))


def test_a_colour_is_a_name() -> None:
    assert parsed(LECTURE)["COLOR"] == "teal"
    assert "COLOR" not in parsed(replace(LECTURE, colour="#0af"))


def test_an_empty_feed_is_still_a_calendar() -> None:
    calendar = icalendar.Calendar.from_ical(calendar_bytes([], name="Nothing yet"))
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


def test_a_feed_says_its_name_and_when_to_come_again() -> None:
    lines = unfolded(
        calendar_bytes(
            [], name="What's on, all", description="a\nb", source_url="https://e.example/c.ics", colour="navy"
        )
    )
    assert {
        rb"NAME:What's on\, all",
        rb"X-WR-CALNAME:What's on\, all",
        rb"DESCRIPTION:a\nb",
        rb"X-WR-CALDESC:a\nb",
        b"X-WR-TIMEZONE:Europe/London",
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        b"X-PUBLISHED-TTL:PT1H",
        b"SOURCE;VALUE=URI:https://e.example/c.ics",
        b"COLOR:navy",
    } <= set(lines)


def test_a_download_has_no_name_lest_a_new_calendar_opens() -> None:
    assert not re.search(rb"^(NAME|X-WR|REFRESH|SOURCE|X-PUB)", calendar_bytes([entry_block(LECTURE)]), re.MULTILINE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": LECTURE.starts},
        {"ends": LECTURE.starts - timedelta(hours=1)},
        {"ends": date(2027, 5, 5)},
        {"starts": datetime(2027, 5, 4, 17)},  # noqa: DTZ001  without a zone is what is refused
        {"last_changed": datetime(2027, 5, 4, 17)},  # noqa: DTZ001
    ],
)
def test_an_entry_no_client_could_read_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="event-7"):
        replace(LECTURE, **wrong)


def test_an_etag_changes_when_and_only_when_the_bytes_do() -> None:
    here, again, other = (etag(feed(entry)) for entry in (LECTURE, replace(LECTURE), replace(LECTURE, sequence=9)))
    assert here == again != other
    assert re.fullmatch('"[0-9a-f]{32}"', here)


def feed(*entries: CalendarEntry) -> bytes:
    return calendar_bytes(map(entry_block, entries), name="What's on")


def parsed(entry: CalendarEntry) -> Any:
    (event,) = icalendar.Calendar.from_ical(feed(entry)).walk("VEVENT")
    return event


def unfolded(body: bytes) -> list[bytes]:
    return body.replace(b"\r\n ", b"").split(b"\r\n")


def read_by_zone_rule(written: Any) -> datetime:
    """Read a time as a client does that knows only the zone's rule in the file: the last Sundays, at 01:00 UTC."""
    moment: datetime = written.dt
    if written.params.get("TZID") is None:
        return moment
    wall = moment.replace(tzinfo=None)
    spring, autumn = (last_sunday(moment.year, month) for month in (3, 10))
    is_summer = spring + timedelta(hours=1) <= wall < autumn + timedelta(hours=2)
    return wall.replace(tzinfo=UTC) - timedelta(hours=is_summer)


def last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31)  # noqa: DTZ001  a wall time
    return last - timedelta(days=(last.weekday() + 1) % 7)
