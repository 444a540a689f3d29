"""The rules of a calendar's bytes, read from RFC 5545 and 7986: what is wrong with a body, in sentences.

Written from the standards and from what clients choke on; it shares nothing with the writer that it judges.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OCTETS = 75
_VALUE = r'(?:"[^"]*"|[^";:,]*)'
NAME = re.compile(rf"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*)*):(.*)", re.DOTALL)
CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
LONE = re.compile(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]|(?<!\\)(?:\\\\)*\\$")
"""A backslash that escapes nothing."""
BARE = re.compile(r"(?<!\\)(?:\\\\)*[;]")
UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
LOCAL_TIME = re.compile(r"\d{8}T\d{6}")
DAY = re.compile(r"\d{8}")
URI = re.compile(r"https?://[^\s\"<>\\^`{|}]+")
TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "UID", "RELATED-TO"})
URIS = frozenset({"URL", "CONFERENCE", "IMAGE", "SOURCE"})
STATUSES = frozenset({"CONFIRMED", "TENTATIVE", "CANCELLED"})

ONE_OF = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP")
AT_MOST_ONE = ("DESCRIPTION", "LOCATION", "GEO", "URL", "CATEGORIES", "COLOR", "ORGANIZER")
SEVERAL = ("CONFERENCE", "RELATED-TO", "IMAGE", "ATTENDEE")
NEVER = ("DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "EXRULE")
OF_A_LETTER = frozenset({"ORGANIZER", "ATTENDEE"})
OF_CALENDARS = ("VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC")
OF_FEEDS = ("X-WR-TIMEZONE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "SOURCE", "COLOR")


@dataclass(frozen=True, slots=True)
class Line:
    """One content line, unfolded."""

    name: str
    parameters: str
    value: str


@dataclass(frozen=True, slots=True)
class Component:
    """A component with its lines and the components in it."""

    kind: str
    lines: tuple[Line, ...]
    parts: tuple[Component, ...]

    def values(self, name: str) -> list[str]:
        """Return the values of a property."""
        return [line.value for line in self.lines if line.name == name]

    def named(self, kind: str) -> list[Component]:
        """Return the components of a kind in it."""
        return [part for part in self.parts if part.kind == kind]


def faults(body: bytes, *, method: str | None = None, may_ring: bool = False) -> list[str]:
    """Return what is wrong with a calendar; `method` as its letter says, alarms only where their owner asked."""
    found = list(faults_of_lines(body))
    if found:
        return found
    try:
        whole = component_of(unfolded(body))
    except ValueError as error:
        return [str(error)]
    return [*faults_of_calendar(whole, method), *faults_of_entries(whole, method, may_ring=may_ring)]


def faults_of_lines(body: bytes) -> Iterator[str]:
    """Look at the bytes: ends of lines, lengths, characters."""
    if not body.endswith(b"END:VCALENDAR\r\n"):
        yield "does not end in END:VCALENDAR and the end of a line"
    if body.startswith(b"\xef\xbb\xbf"):
        yield "begins with a mark of byte order"
    lines = body.removesuffix(b"\r\n").split(b"\r\n")
    for number, line in enumerate(lines, 1):
        yield from (f"line {number} {fault}" for fault in faults_of_line(line))


def faults_of_line(line: bytes) -> Iterator[str]:
    """Look at one line as it stands."""
    if not line.strip():
        yield "is blank"
    if len(line) > OCTETS:
        yield f"has {len(line)} octets"
    if b"\n" in line or b"\r" in line:
        yield "holds half of an end of a line"
    try:
        text = line.decode()
    except UnicodeDecodeError:
        yield "splits a character"
        return
    if CONTROLS.search(text):
        yield "holds a control character"


def unfolded(body: bytes) -> list[Line]:
    """Return the content lines; raises ValueError where one is none."""
    lines = []
    for text in body.decode().replace("\r\n ", "").replace("\r\n\t", "").removesuffix("\r\n").split("\r\n"):
        match = NAME.fullmatch(text)
        if match is None:
            raise ValueError(f"no content line: {text!r}")
        lines.append(Line(match[1].upper(), match[2], match[3]))
    return lines


def component_of(lines: Sequence[Line]) -> Component:
    """Return the one calendar that lines make; raises ValueError where they make none, or more."""
    stack: list[tuple[str, list[Line], list[Component]]] = [("", [], [])]
    for line in lines:
        if line.name == "BEGIN":
            stack.append((line.value, [], []))
        elif line.name == "END":
            kind, own, parts = stack.pop()
            if kind != line.value or not stack:
                raise ValueError(f"END:{line.value} ends {kind or 'nothing'}")
            stack[-1][2].append(Component(kind, tuple(own), tuple(parts)))
        else:
            stack[-1][1].append(line)
    kind, stray, parts = stack[-1]
    if kind or stray or [part.kind for part in parts] != ["VCALENDAR"]:
        raise ValueError("is not one calendar")
    return parts[0]


def faults_of_calendar(whole: Component, method: str | None) -> Iterator[str]:
    """Look at what stands around the entries."""
    for name, value in (("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        if whole.values(name) != [value]:
            yield f"{name} is not {value}"
    if len(whole.values("PRODID")) != 1:
        yield "has not one PRODID"
    if whole.values("METHOD") != ([method] if method else []):
        yield f"METHOD is {whole.values('METHOD')}, not {method}"
    counted = Counter(line.name for line in whole.lines)
    yield from (f"has {name} {times} times" for name, times in counted.items() if times > 1)
    yield from (f"{name} is of no calendar" for name in counted if name not in {*OF_CALENDARS, *OF_FEEDS})
    if {part.kind for part in whole.parts} - {"VTIMEZONE", "VEVENT"}:
        yield "holds other components"
    zones = [zone.values("TZID") for zone in whole.named("VTIMEZONE")]
    if zones != [["Europe/London"]]:
        yield f"has the zones {zones}"
    yield from (fault for zone in whole.named("VTIMEZONE") for fault in faults_of_zone(zone))
    yield from (fault for line in whole.lines for fault in faults_of_value(line))


def faults_of_zone(zone: Component) -> Iterator[str]:
    """Look at a zone block: each side by a rule, as Outlook reads nothing else."""
    for kind, onset, before, after, month in (
        ("DAYLIGHT", "T010000", "+0000", "+0100", "3"),
        ("STANDARD", "T020000", "+0100", "+0000", "10"),
    ):
        sides = zone.named(kind)
        if len(sides) != 1:
            yield f"the zone has {len(sides)} times {kind}"
            continue
        told = {line.name: line.value for line in sides[0].lines}
        wanted = f"FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU"
        if told.get("RRULE") != wanted or not told.get("DTSTART", "").endswith(onset):
            yield f"{kind} is not by its rule"
        if (told.get("TZOFFSETFROM"), told.get("TZOFFSETTO")) != (before, after):
            yield f"{kind} has other offsets"
        if {"RDATE", "COMMENT"} & told.keys():
            yield f"{kind} has what clients choke on"


def faults_of_entries(whole: Component, method: str | None, *, may_ring: bool) -> Iterator[str]:
    """Look at each entry, and at all of them beside each other."""
    entries = whole.named("VEVENT")
    uids = Counter(uid for entry in entries for uid in entry.values("UID"))
    yield from (f"{uid} stands there {times} times" for uid, times in uids.items() if times > 1)
    for entry in entries:
        uid = "".join(entry.values("UID"))
        yield from (f"{uid}: {fault}" for fault in faults_of_entry(entry, method))
        yield from (f"{uid}: {fault}" for part in entry.parts for fault in faults_of_alarm(part, may_ring=may_ring))


def faults_of_entry(entry: Component, method: str | None) -> Iterator[str]:
    """Look at one entry."""
    counted = Counter(line.name for line in entry.lines)
    yield from (f"has {counted[name]} times {name}" for name in ONE_OF if counted[name] != 1)
    yield from (f"has {counted[name]} times {name}" for name in AT_MOST_ONE if counted[name] > 1)
    known = {*ONE_OF, *AT_MOST_ONE, *SEVERAL}
    yield from (f"has {name}" for name in counted if name in NEVER or name not in known)
    wanted = 1 if method in {"REQUEST", "CANCEL", "REPLY"} else 0
    yield from (
        f"has {counted[name]} times {name}, with METHOD {method}" for name in OF_A_LETTER if counted[name] != wanted
    )
    yield from (fault for line in entry.lines for fault in faults_of_value(line))
    if all(counted[name] == 1 for name in ONE_OF):
        yield from faults_of_change(entry, method)
        yield from faults_of_times(entry)


def faults_of_alarm(part: Component, *, may_ring: bool) -> Iterator[str]:
    """Look at what an entry holds: an alarm, where its owner asked for one, that says when and what."""
    if part.kind != "VALARM" or not may_ring:
        yield f"holds {part.kind}"
    elif sorted(line.name for line in part.lines) != ["ACTION", "DESCRIPTION", "TRIGGER"]:
        yield "has an alarm that does not say when and what"


def faults_of_change(entry: Component, method: str | None) -> Iterator[str]:
    """Look at what says how often it changed, when, and whether it takes place."""
    (stamp,), (changed,) = entry.values("DTSTAMP"), entry.values("LAST-MODIFIED")
    (status,), (transparency,), (sequence,) = (entry.values(name) for name in ("STATUS", "TRANSP", "SEQUENCE"))
    if method in {None, "PUBLISH"} and stamp != changed:
        yield "DTSTAMP is not LAST-MODIFIED"
    if not (UTC_TIME.fullmatch(stamp) and UTC_TIME.fullmatch(changed)):
        yield "is not stamped in UTC"
    if status not in STATUSES or not sequence.isdecimal():
        yield f"STATUS is {status}, SEQUENCE {sequence}"
    if method == "CANCEL" and status != "CANCELLED":
        yield "CANCEL does not cancel"
    if status == "CANCELLED" and transparency != "TRANSPARENT":
        yield "is cancelled and takes up time"


def faults_of_times(entry: Component) -> Iterator[str]:
    """Look at when it is: days, London time, or UTC, and the end as the start."""
    starts, ends = (next(line for line in entry.lines if line.name == name) for name in ("DTSTART", "DTEND"))
    forms = {";VALUE=DATE": DAY, ";TZID=Europe/London": LOCAL_TIME, "": UTC_TIME}
    for line in (starts, ends):
        form = forms.get(line.parameters)
        if form is None or not form.fullmatch(line.value):
            yield f"{line.name}{line.parameters}:{line.value} is no time"
    if starts.parameters != ends.parameters:
        yield "starts and ends in different kinds of time"
    if ends.value <= starts.value:
        yield "does not end later than it starts"


def faults_of_value(line: Line) -> Iterator[str]:
    """Look at one value: escaped text, addresses as they are, a position on the globe."""
    if line.name in TEXTS and (LONE.search(line.value) or BARE.search(line.value) or is_listed(line.value)):
        yield f"{line.name} is not escaped: {line.value!r}"
    if line.name in URIS and not URI.fullmatch(line.value):
        yield f"{line.name} is no address: {line.value!r}"
    if line.name in {"CONFERENCE", "IMAGE", "SOURCE"} and "VALUE=URI" not in line.parameters:
        yield f"{line.name} does not say that it is an address"
    if line.name == "GEO" and not is_position(line.value):
        yield f"GEO is nowhere: {line.value}"


def is_listed(value: str) -> bool:
    """Whether a bare comma makes a list of what is one text."""
    return re.search(r"(?<!\\)(?:\\\\)*,", value) is not None


def is_position(value: str) -> bool:
    """Whether it is a latitude and a longitude."""
    match = re.fullmatch(r"(-?\d+\.\d+);(-?\d+\.\d+)", value)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180
