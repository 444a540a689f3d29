"""iCalendar files in: each event by itself, so that one broken event costs one row."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from programme.core.lazy import load
from programme.engines.calendar.reading import words
from programme.engines.calendar.reading.decoding import clean
from programme.engines.calendar.reading.icalendar.blocks import event_blocks
from programme.engines.calendar.reading.icalendar.repeats import (
    Budget,
    Parsed,
    Series,
    parted,
    recurrence_key,
    told_out,
)
from programme.engines.calendar.reading.judging import (
    Gathered,
    Notes,
    RowRefused,
    judged_end,
    judged_instant,
    judged_last_day,
    judged_lengths,
    judged_title,
    judged_venue,
    shown,
)
from programme.engines.calendar.reading.rows import (
    ColumnSeen,
    Oddity,
    Reading,
    ReadingRefused,
    ReadRow,
    RefusedRow,
    RowAudience,
    RowBooking,
    RowStatus,
)
from programme.engines.calendar.times import start_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from programme.engines.calendar.reading.icalendar.blocks import Block

MOST_EVENTS = 20_000
_LARGEST_SEQUENCE = 2**31 - 1
_YEARS = range(1900, 2200)
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=3_660)
_SPEAKERS = re.compile(r"\n\s*Speakers:\n(?P<names>[^\n]+)\s*\Z")
_PRIVATE = frozenset({"PRIVATE", "CONFIDENTIAL"})
_FIELDS = {
    "UID": "uid",
    "SUMMARY": "title",
    "DTSTART": "starts",
    "DTEND": "ends",
    "DURATION": "ends",
    "LOCATION": "venue",
    "CONFERENCE": "online_url",
    "X-GOOGLE-CONFERENCE": "online_url",
    "DESCRIPTION": "abstract",
    "STATUS": "status",
}
_OTHERWISE = frozenset(
    {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "DTSTAMP", "CLASS", "CATEGORIES", "URL"}
    | {"CREATED", "LAST-MODIFIED", "TRANSP", "PRIORITY"}
)
"""What is read although no field has its name, and what says nothing to people: not among what is left out."""


def is_calendar(text: str) -> bool:
    """Tell whether text begins as an iCalendar file does."""
    return text.lstrip("\ufeff \t\r\n")[:15].upper() == "BEGIN:VCALENDAR"


def read_calendar(text: str, *, encoding: str, around: date | None = None) -> Reading:
    """Read the events of a calendar, repeating ones for two years and 1,000 times at most, old ones `around` a day.

    Times without a zone, or with one that nobody knows, are London's. Alarms, attendees and zone rules are not read.
    Raises ReadingRefused where there is no event, or are too many.
    """
    blocks = list(event_blocks(text))
    _check_count(len(blocks))
    found = Gathered()
    events = list(_parsed(blocks, found))
    singles, repeating = parted(events)
    for line, event in singles:
        _take(line, event, found)
    budget = Budget()
    for series in repeating:
        _take_series(series, found, around, budget)
        _check_count(len(found.rows) + 1)
    names = dict.fromkeys(name for _line, event in events for name in event if name not in _OTHERWISE)
    seen = tuple(ColumnSeen(name, _FIELDS.get(name)) for name in names)
    return found.reading(seen, encoding=encoding, delimiter=None)


def _check_count(count: int) -> None:
    if count == 0:
        raise ReadingRefused("The calendar holds no events.")
    if count > MOST_EVENTS:
        raise ReadingRefused(f"The calendar holds more than {MOST_EVENTS:,} events. Please split it.")


def _parsed(blocks: Iterable[Block], found: Gathered) -> Iterator[Parsed]:
    parse = load("icalendar").Event.from_ical
    for block in blocks:
        try:
            event = parse(block.text)
        except Exception:  # noqa: BLE001  whatever the library raises on a hostile line
            text = block.text.partition("\r\n")[2]
            found.refused.append(RefusedRow(block.line, "event", "The event cannot be read.", shown(text)))
        else:
            yield Parsed(block.line, _without_broken(event))


def _without_broken(event: Any) -> Any:
    """Drop the properties that could not be read, but for the start, which is told as it was written."""
    for name in {name for name, _reason in event.errors if name and name != "DTSTART"}:
        event.pop(name, None)
    return event


def _take_series(series: Series, found: Gathered, around: date | None, budget: Budget) -> None:
    if _moment(series.master, "DTSTART") is None:
        _take(series.line, series.master, found)
        return
    if zone := _unknown_zone(series.master, "DTSTART"):
        found.oddities.append(Oddity(series.line, "starts", *zone))
    told = told_out(series, around=around, budget=budget)
    if told.oddity:
        found.oddities.append(Oddity(series.line, "starts", *told.oddity))
    for event in told.events:
        _take(series.line, event, found)


def _take(line: int, event: Any, found: Gathered) -> None:
    notes = Notes(line)
    try:
        row = _row(line, event, notes)
    except RowRefused as refusal:
        found.refused.append(notes.refused(refusal, _text(event, "SUMMARY")))
        return
    found.rows.append(row)
    found.oddities.extend(notes.oddities)


def _row(line: int, event: Any, notes: Notes) -> ReadRow:
    written = {name: said for key, name in _FIELDS.items() if (said := _text(event, key))}
    text = judged_lengths(written, notes)
    _note_broken(event, notes)
    starts, ends, all_day = _span(event, notes)
    venue, online_url = judged_venue(text.get("venue", ""), text.get("online_url", ""), notes)
    abstract, speakers = _speakers(text.get("abstract", ""))
    return ReadRow(
        line=line,
        uid="/".join(filter(None, (text.get("uid"), recurrence_key(event)))) or None,
        title=judged_title(text.get("title", ""), notes),
        series="",
        starts=starts,
        ends=ends,
        all_day=all_day,
        venue=venue,
        online_url=online_url,
        audience=RowAudience.UNSTATED,
        booking=RowBooking.UNSTATED,
        speakers=speakers,
        status=_status(event, notes),
        abstract=abstract,
        extra=_extra(event),
        sequence=_sequence(event),
        stamp=_stamp(event),
    )


def _span(event: Any, notes: Notes) -> tuple[datetime, datetime, bool]:
    start, end = _start(event), _moment(event, "DTEND")
    length = _length(event)
    if not isinstance(start, datetime):
        return _whole_days(start, start + length if end is None and length else end, notes)
    starts = _instant(event, "DTSTART", start, notes)
    if isinstance(end, datetime):
        return starts, judged_end(starts, _instant(event, "DTEND", end, notes), notes), False
    ends = start_of_day(end) if end else starts + length if length else None
    return starts, judged_end(starts, ends, notes), False


def _whole_days(first: date, end: date | None, notes: Notes) -> tuple[datetime, datetime, bool]:
    """Read days of the kind that ends on the day after the last; many programs end a single day on itself."""
    end_day = end.date() if isinstance(end, datetime) else end
    last = first if end_day is None or end_day == first else end_day - _DAY
    last = judged_last_day(first, last, notes)
    return start_of_day(first), start_of_day(last + _DAY), True


def _start(event: Any) -> date:
    start = _moment(event, "DTSTART")
    if start is None:
        written = _text(event, "DTSTART")
        reason = f"The start “{shown(written)}” cannot be read as a date." if written else "There is no start."
        raise RowRefused("starts", reason)
    return start


def _moment(event: Any, name: str) -> date | None:
    """Give a date or datetime of the years 1900 to 2199; None for all else."""
    moment = _value(event, name)
    return moment if isinstance(moment, date) and moment.year in _YEARS else None


def _length(event: Any) -> timedelta | None:
    length = _value(event, "DURATION")
    return length if isinstance(length, timedelta) and abs(length) < _LONGEST else None


def _value(event: Any, name: str) -> Any:
    """Give the value of a property that has one value; None where it is missing, repeated or broken."""
    try:
        return event[name].dt
    except (KeyError, AttributeError, ValueError):
        return None


def _instant(event: Any, name: str, moment: datetime, notes: Notes) -> datetime:
    """Turn a time into an instant; London's times by our own rule, so that the two odd nights are noted."""
    if zone := _unknown_zone(event, name):
        notes.say("starts", *zone)
    if moment.tzinfo is None or getattr(moment.tzinfo, "key", None) == "Europe/London":
        return judged_instant(moment.replace(tzinfo=None, fold=0), _FIELDS[name], notes)
    return moment.astimezone(UTC)


def _unknown_zone(event: Any, name: str) -> tuple[str, str] | None:
    """Say that a time has a zone that nobody knows. The times of a series have lost it: their first one is asked."""
    zone, moment = event[name].params.get("TZID"), _moment(event, name)
    if zone and isinstance(moment, datetime) and moment.tzinfo is None:
        return f"The zone “{shown(str(zone))}” is not known.", "Read as London time."
    return None


def _note_broken(event: Any, notes: Notes) -> None:
    for name, _reason in event.errors:
        what = f"The line {shown(name)}" if name else "A line of the event"
        notes.say(_FIELDS.get(name or "", "event"), f"{what} cannot be read.", "Left out.")


def _status(event: Any, notes: Notes) -> RowStatus:
    """Read STATUS; what a feed holds is published unless it says otherwise, but what is private stays a draft."""
    written = _text(event, "STATUS")
    status = words.status_of(written) if written else RowStatus.PUBLISHED
    if status is None:
        notes.say("status", f"“{shown(written)}” is not a known status.", "Taken as a draft.")
    private = _text(event, "CLASS").upper()
    if private in _PRIVATE and status is RowStatus.PUBLISHED:
        notes.say("status", f"The event is marked {private}.", "Taken as a draft.")
        return RowStatus.DRAFT
    return status or RowStatus.DRAFT


def _speakers(description: str) -> tuple[str, tuple[str, ...]]:
    """Part a description from the line of speakers at its end, as Oxford Talks writes it."""
    found = _SPEAKERS.search(f"\n{description}")
    if found is None:
        return description, ()
    return f"\n{description}"[: found.start()].strip(), words.names_by_comma(found["names"])


def _extra(event: Any) -> dict[str, str]:
    categories = getattr(event.get("CATEGORIES"), "cats", [])
    told = {"url": _text(event, "URL"), "categories": ", ".join(clean(str(name)) for name in categories)}
    return {name: text for name, text in told.items() if text}


def _sequence(event: Any) -> int:
    """Give the number of the version; 0 where there is none that can be kept."""
    number = event.get("SEQUENCE")
    return number if isinstance(number, int) and 0 <= number <= _LARGEST_SEQUENCE else 0


def _stamp(event: Any) -> datetime | None:
    """Give when this version was made (UTC), where that is said with a zone."""
    stamp = _moment(event, "DTSTAMP")
    return stamp.astimezone(UTC) if isinstance(stamp, datetime) and stamp.tzinfo else None


def _text(event: Any, name: str) -> str:
    value = event.get(name, "")
    first = value[0] if isinstance(value, list) and value else value
    return clean(str(first)) if isinstance(first, str) else ""
