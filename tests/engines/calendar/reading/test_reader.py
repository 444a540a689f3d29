"""Files of every kind, the hostile too: a reading or a sentence, never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.core.refusal import Refusal
from programme.engines.calendar.reading.reader import MOST_BYTES, read
from programme.engines.calendar.reading.rows import Reading, ReadingRefused, identities
from tests.engines.calendar.reading.files import QUIRKY, SHEET

WE_LOOK_FOR = "We look for Title, Series, Start, End, Venue, Who can attend, Booking, Speakers, Status, Abstract."
PIECES = [
    *[
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VALARM",
        "BEGIN:VALARM",
        "END:VCALENDAR",
        "\r\n",
        "\n",
        " ",
    ],
    *[
        "DTSTART:20270128T130000",
        "DTSTART;VALUE=DATE:20270128",
        "DTEND:00010101T000000Z",
        "DURATION:-P9999999W",
        "UID:a",
    ],
    *[
        "DTSTART:99991231T235959Z",
        "RRULE:FREQ=WEEKLY",
        "RRULE:",
        "RDATE:20270129T130000",
        "EXDATE:x",
        "SUMMARY",
        ";",
        ":",
    ],
    *[
        "RECURRENCE-ID:20270128T130000",
        "DTSTART;TZID=Europe/London:20270328T013000",
        "\x00",
        "\\",
        '"',
        "é",
        "STATUS:X",
    ],
]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "“x.csv” is empty."),
        (b" \r\n\t ", "“x.csv” is empty."),
        (b"x" * (MOST_BYTES + 1), "“x.csv” has 20.0 MB; 20 MB is the most."),
        (b"%PDF-1.7", "“x.csv” is a PDF, not a table or a calendar."),
        (b"\x89PNG\r\n", "“x.csv” is a picture, not a table or a calendar."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "“x.csv” is a workbook of an old kind, or locked. Please save it as XLSX or CSV.",
        ),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "The calendar holds no events."),
        (
            b"Name,Colour\nTides,blue\n",
            "No headings were found: a title and a date are needed. Its first line reads “Name, Colour”. "
            + WE_LOOK_FOR,
        ),
        (
            b'Title,Start\n"' + b"x\n" * 200_000,
            "The row that begins on line 2 cannot be read. Is a quotation mark left open?",
        ),
        (b"Title,Start" + b"," * 600, "Line 1 has 602 columns; 500 is the most."),
        (
            b"Title,Start\n" + b"A,28/01/2027\n" * 50_001,
            "The file has more than 50,000 rows. Please split it.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ReadingRefused) as refusal:
        read("x.csv", data)
    assert refusal.value.sentence == sentence
    assert isinstance(refusal.value, Refusal)


def test_a_calendar_that_is_none_is_refused_by_its_name() -> None:
    with pytest.raises(ReadingRefused, match="does not begin with BEGIN:VCALENDAR"):
        read("talks.ics", b"<html>Not found</html>")


def test_the_content_decides_and_not_the_name() -> None:
    assert len(read("talks.csv", QUIRKY.encode()).rows) == 2
    assert len(read("talks.txt", SHEET.encode()).rows) == 6


@pytest.mark.parametrize("content", ["x" * 1_000_000, '"' + "long, long\n" * 100_000 + '"'], ids=["bare", "quoted"])
def test_a_cell_of_a_megabyte_is_shortened_and_its_row_taken(content: str) -> None:
    reading = read("x.csv", f"Title,Start,Abstract\nA,28/01/2027,x\nB,28/01/2027,{content}\nC,29/01/2027,y\n".encode())
    assert [row.title for row in reading.rows] == ["A", "B", "C"]
    assert reading.refused_rows == ()
    assert len(reading.rows[1].abstract) <= 100_000
    (odd,) = [odd for odd in reading.oddities if odd.field == "abstract"]
    assert (odd.line, odd.default_taken) == (3, "Shortened to 100,000.")


def test_a_megabyte_for_every_field_takes_the_row_all_the_same() -> None:
    names = ["Title", "Series", "Venue", "Who can attend", "Booking", "Speakers", "Status", "Price", "Online link"]
    head = ",".join([*names, "UID", "Strand", "Catering", "End", "Start"])
    row = ",".join([*["x" * 1_000_000] * 13, "28/01/2027 13:00"])
    reading = read("x.csv", f"{head}\n{row}\n".encode())
    assert (len(reading.rows), reading.refused_rows) == (1, ())


def test_a_heading_alone_gives_no_rows() -> None:
    assert read("x.csv", b"Title,Start\n").rows == ()


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"a" * 10_000_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"a\r\n " * 2_500_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"BEGIN:VALARM\r\n" * 700_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270128T130000\r\nRDATE:" + b"20270128T130000," * 100_000,
        b"," * 10_000_000,
        b"Title,Start\n" + b"\n" * 10_000_000,
    ],
    ids=["one line", "folds", "alarms", "dates", "commas", "lines"],
)
def test_ten_megabytes_of_malice_end(data: bytes) -> None:
    readable(data)


@given(st.binary(max_size=500))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    readable(data)
    readable(b"Title,Start\n" + data)
    readable(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + data)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_calendar_breaks_the_reading(pieces: list[str]) -> None:
    readable(("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + "".join(pieces)).encode())
    readable(("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + "\r\n".join(pieces)).encode())


@given(st.lists(st.lists(st.text(max_size=20), max_size=10), max_size=5), st.sampled_from(",;\t|"))
def test_no_cells_break_the_reading(rows: list[list[str]], delimiter: str) -> None:
    head = delimiter.join(["Title", "Start", "End", "Venue", "Status", "Speakers"])
    body = "\n".join(delimiter.join(cell.encode("utf-8", "ignore").decode() for cell in row) for row in rows)
    readable(f"{head}\n{body}".encode())


def check_sentence(refusal: ReadingRefused) -> None:
    assert refusal.sentence.endswith((".", "?"))


def readable(data: bytes) -> Reading | None:
    """Read a file; every row taken is sound, and a refusal is a sentence."""
    try:
        reading = read("x.csv", data)
    except ReadingRefused as refusal:
        check_sentence(refusal)
        return None
    for row in reading.rows:
        assert row.title
        assert row.starts < row.ends
        assert row.starts.tzinfo is not None
    assert len(set(identities(reading.rows))) == len(reading.rows)
    return reading
