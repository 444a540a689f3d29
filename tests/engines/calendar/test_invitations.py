"""Who invites whom, as content lines, and by which method a letter tells calendars: pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.ical.entry import CalendarEntry, EntryStatus
from programme.engines.calendar.invitations.method import method_for
from programme.engines.calendar.invitations.parties import Invitation, Party, name_of
from tests.conformance.rules import faults

STARTS = datetime(2027, 2, 16, 14, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="event-1@programme.example",
    sequence=2,
    last_changed=STARTS - timedelta(days=9),
    starts=STARTS,
    ends=STARTS + timedelta(hours=1),
    summary="Quantum sensing",
)

BEFORE = STARTS - timedelta(days=1)
OURS = Party("programme@programme.example", "Liverpool–Oxford programme")


def read(content: bytes) -> Any:
    """The one event of a calendar, as the icalendar package reads it."""
    (entry,) = Calendar.from_ical(content).walk("VEVENT")
    return entry


@pytest.mark.parametrize(
    ("status", "method"),
    [
        (EntryStatus.CONFIRMED, "REQUEST"),
        (EntryStatus.TENTATIVE, "PUBLISH"),
        (EntryStatus.CANCELLED, "CANCEL"),
        (EntryStatus.POSTPONED, "CANCEL"),
    ],
)
def test_what_is_firm_invites_and_what_is_gone_takes_out(status: EntryStatus, method: str) -> None:
    entry = replace(ENTRY, status=status)
    assert method_for([entry], is_answered=True, now=BEFORE) == method
    assert method_for([entry], is_answered=False, now=BEFORE) == "PUBLISH"
    assert method_for([entry, entry], is_answered=True, now=BEFORE) == "PUBLISH"
    assert method_for([entry], is_answered=True, now=STARTS + timedelta(hours=1)) == "PUBLISH"


def test_a_whole_day_is_past_when_the_next_begins() -> None:
    entry = replace(ENTRY, starts=date(2027, 2, 16), ends=date(2027, 2, 17))
    assert method_for([entry], is_answered=True, now=datetime(2027, 2, 16, 23, 59, tzinfo=UTC)) == "REQUEST"
    assert method_for([entry], is_answered=True, now=datetime(2027, 2, 17, tzinfo=UTC)) == "PUBLISH"


@pytest.mark.parametrize("status", list(EntryStatus))
def test_times_and_summary_are_kept_where_it_is_taken_back(status: EntryStatus) -> None:
    entry = replace(ENTRY, status=status, invitation=Invitation(OURS, Party("a@b.example"), asks=False))
    found = read(calendar_bytes([entry_block(entry)], method="CANCEL"))
    assert (found["SUMMARY"], found["DTSTART"].dt) == ("Quantum sensing", STARTS)


def test_a_name_needs_no_escape_that_old_programs_do_not_know() -> None:
    assert name_of(Party("a@b.example", 'Zoë "Z" O’Hara, PhD; x: ^n\r\nATTENDEE:mailto:eve@evil.example')) == (
        ';CN="Zoë Z O’Hara, PhD; x: n ATTENDEE:mailto:eve@evil.example"'
    )
    assert name_of(Party("a@b.example", ' "\x07" ')) == ""


@given(
    names=st.lists(st.text(st.characters(exclude_categories=[])), min_size=2, max_size=2),
    local=st.from_regex(r"[\w!#$%&'*+/=?^`{|}~-]{1,20}", fullmatch=True),
)
def test_no_name_and_no_address_adds_anybody(names: list[str], local: str) -> None:
    parties = Invitation(replace(OURS, name=names[0]), Party(f"{local}@x.example", names[1]))
    content = calendar_bytes([entry_block(replace(ENTRY, invitation=parties))], method="REQUEST")
    entry = read(content)
    assert entry.errors == []
    assert str(entry["ORGANIZER"]) == f"mailto:{OURS.address}"
    assert not isinstance(entry["ATTENDEE"], list)
    assert str(entry["ATTENDEE"]).endswith("@x.example")
    assert set(entry["ATTENDEE"].params) - {"CN"} == {"CUTYPE", "ROLE", "PARTSTAT", "RSVP"}
    assert b"^" not in content.replace(b"%5E", b"")
    assert faults(content, method="REQUEST") == []
