"""Whatever people type, the calendar stays readable."""

import re
from datetime import UTC, datetime

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.ical.entry import CalendarEntry

CONTROLS = "\x00\x01\x07\x0b\x0c\x1b\x7f\x80\x85\x9f\u2028\u2029\ufeff\ud800"
NASTY = "\r\n\t;,:\\\"^'=%<>&| " + CONTROLS + "ōé—中👩‍🔬🇬🇧"
TEXTS = st.one_of(
    st.text(alphabet=st.characters(), max_size=300),
    st.text(alphabet=NASTY, max_size=300),
    st.lists(st.sampled_from(["END:VEVENT", "\r\nBEGIN:VEVENT\r\n", "\nMETHOD:REQUEST\n", "\\n", "\\", "x"])).map(
        "".join
    ),
)
WITHOUT_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def entry(*, summary: str = "x", description: str = "", location: str = "") -> CalendarEntry:
    return CalendarEntry(
        uid="event-7@events.example",
        sequence=0,
        last_changed=datetime(2027, 1, 5, tzinfo=UTC),
        starts=datetime(2027, 5, 4, 17, tzinfo=UTC),
        ends=datetime(2027, 5, 4, 18, tzinfo=UTC),
        summary=summary,
        description=description,
        location=location,
        categories=(summary,),
        related_to=(summary,),
    )


@given(TEXTS, TEXTS, TEXTS)
def test_lines_stay_whole_whatever_is_typed(summary: str, description: str, location: str) -> None:
    block = entry_block(entry(summary=summary, description=description, location=location))
    assert block.endswith(b"END:VEVENT\r\n")
    lines = block.removesuffix(b"\r\n").split(b"\r\n")
    for line in lines:
        assert 0 < len(line) <= 75
        assert not re.search("[\x00-\x1f\x7f-\x9f]", line.decode())
    assert sum(line.startswith((b"BEGIN", b"METHOD")) for line in lines) == 1
    assert block == entry_block(entry(summary=summary, description=description, location=location))


@given(TEXTS)
def test_a_description_comes_back_as_typed_without_what_no_client_may_see(description: str) -> None:
    body = calendar_bytes([entry_block(entry(description=description))], name=description)
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    expected = WITHOUT_CONTROLS.sub("", BREAKS.sub("\n", description)).replace("\t", " ")
    assert str(event.get("DESCRIPTION", "")) == expected
    assert event.errors == []


@given(TEXTS)
def test_a_title_comes_back_on_one_line(summary: str) -> None:
    body = calendar_bytes([entry_block(entry(summary=summary))])
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]).split() == re.sub(r"\s+", " ", WITHOUT_CONTROLS.sub("", summary)).split()


@settings(max_examples=20)
@given(st.sampled_from(["é", "中", "👩‍🔬", ";", "\\", "\n", "a"]), st.integers(0, 80))
def test_ten_thousand_characters_fold_without_splitting_one(letter: str, offset: int) -> None:
    description = "x" * offset + letter * 10_000
    block = entry_block(entry(description=description))
    for line in block.split(b"\r\n"):
        assert line.decode() is not None
        assert len(line) <= 75
    (event,) = icalendar.Calendar.from_ical(calendar_bytes([block])).walk("VEVENT")
    assert event["DESCRIPTION"] == description
