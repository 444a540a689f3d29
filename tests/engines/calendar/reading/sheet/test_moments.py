"""Dates and times as people type them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.reading.sheet.moments import (
    MONTH_FIRST,
    Cell,
    moment,
    time_of_day,
    times_of_day,
    wall_or_instant,
)

DAY = date(2027, 1, 28)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    *[st.text(), st.text(alphabet="0123456789/:-. TZapm+", max_size=30), st.floats(), st.booleans()],
    *[st.dates(), st.datetimes(), st.times(), st.timedeltas()],
)


@pytest.mark.parametrize(
    "written",
    [
        *["28/01/2027", "28/1/2027", "28.01.2027", "28-01-2027", "28/01/27", "28 Jan 2027", "28-Jan-2027", "28-Jan-27"],
        *[
            "28 January 2027",
            "28th January 2027",
            "Thursday 28 January 2027",
            "Thu, 28 Jan 2027",
            "28th of January 2027",
        ],
        *["2027-01-28", "2027/01/28", "January 28, 2027", "Jan 28th 2027", " 28/01/2027 "],
    ],
)
def test_a_day_is_read_in_every_british_writing(written: str) -> None:
    found = moment(written)
    assert found is not None
    assert (found.day, found.at, found.note) == (DAY, None, None)


@pytest.mark.parametrize(
    "written",
    [
        *[
            "28/01/2027 13:00",
            "28-Jan-2027 13:00:00",
            "2027-01-28T13:00",
            "2027-01-28 13:00:00.000",
            "28/01/2027, 13.00",
        ],
        *["28 January 2027 at 1pm", "28/01/2027 1.00 p.m.", "28/01/2027 1300", "28/01/2027 13h00", "28/01/27 01:00 PM"],
    ],
)
def test_a_day_and_time_are_read_from_one_cell(written: str) -> None:
    found = moment(written)
    assert found is not None
    assert found.at is not None
    assert wall_or_instant(found, found.at) == datetime.combine(DAY, time(13))


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2027-01-28T13:00Z", datetime(2027, 1, 28, 13, tzinfo=UTC)),
        ("2027-01-28T13:00:00+01:00", datetime(2027, 1, 28, 12, tzinfo=UTC)),
        ("2027-01-28 00:30 -0100", datetime(2027, 1, 28, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_written_offset_counts(written: str, instant: datetime) -> None:
    found = moment(written)
    assert found is not None
    assert found.at is not None
    assert wall_or_instant(found, found.at) == instant


@pytest.mark.parametrize(
    "written",
    [
        *["", "soon", "TBC", "13:00", "28/01", "28/13/0202", "30/02/2027", "29/02/2027", "00/01/2027", "28/01/1066"],
        *["28 Foo 2027", "28/01/2027 25:00", "28/01/2027 13:61", "28/01/2027 13pm", "28/01/2027 lunch", "9" * 400],
        *["2027", "28/01/2027 13:00 to 14:00 and later", "\u0662\u0668/01/2027"],
    ],
)
def test_what_is_no_date_is_not_guessed(written: str) -> None:
    assert moment(written) is None


def test_the_british_order_comes_first_and_the_american_is_told() -> None:
    british, american = moment("03/04/2027"), moment("12/31/2027")
    assert british is not None
    assert american is not None
    assert (british.day, british.note) == (date(2027, 4, 3), None)
    assert (american.day, american.note) == (date(2027, 12, 31), MONTH_FIRST)


@pytest.mark.parametrize(
    ("cell", "day", "at"),
    [
        (datetime(2027, 1, 28, 13), DAY, time(13)),  # noqa: DTZ001  a sheet knows no zone
        (DAY, DAY, None),
        (46415.0, DAY, None),
        (46415.5, DAY, time(12)),
    ],
)
def test_the_dates_of_a_sheet_are_read(cell: Cell, day: date, at: time | None) -> None:
    found = moment(cell)
    assert found is not None
    assert (found.day, found.at and found.at.time) == (day, at)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        *[
            ("13:00", time(13)),
            ("1pm", time(13)),
            ("12am", time(0)),
            ("12 noon", None),
            ("noon", time(12)),
            ("9", None),
        ],
        *[("09.30", time(9, 30)), ("0930", time(9, 30)), ("12:15 p.m.", time(12, 15)), ("13:00:30", time(13, 0, 30))],
        *[(time(13), time(13)), (0.5, time(12)), (timedelta(hours=13), time(13)), (timedelta(hours=25), None)],
        *[(13.0, None), (True, None), (float("nan"), None), (DAY, None)],
    ],
)
def test_times_of_day_are_read(cell: Cell, at: time | None) -> None:
    found = time_of_day(cell)
    assert (found and found.time) == at


@pytest.mark.parametrize("written", ["1-2pm", "13:00-14:00", "1pm – 2pm", "13.00 to 14.00", "1pm until 2pm"])
def test_a_range_of_times_has_two_ends(written: str) -> None:
    begin, end = times_of_day(written)
    assert (begin and begin.time, end and end.time) == (time(13), time(14))


def test_midnight_after_a_day_is_the_next_day() -> None:
    found = moment("28/01/2027 24:00")
    assert found is not None
    assert found.at is not None
    assert wall_or_instant(found, found.at) == datetime(2027, 1, 29)  # noqa: DTZ001  a wall time


@given(CELLS)
def test_no_cell_breaks_the_reading(cell: Cell) -> None:
    found = moment(cell)
    if found is not None:
        assert 1900 <= found.day.year < 2200
        if found.at is not None:
            assert wall_or_instant(found, found.at) is not None
    times_of_day(cell)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_what_a_person_writes_comes_back(day: date) -> None:
    for form in ("%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d", "%A %d %B %Y", "%B %d, %Y"):
        found = moment(day.strftime(form))
        assert found is not None
        assert found.day == day
