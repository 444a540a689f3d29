"""What people type of weeks, days and titles."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.refusal import Refusal
from programme.engines.calendar.data.known_dates import oxford_terms
from programme.engines.calendar.repeating.typed import days_in, titled, weeks_in
from programme.engines.calendar.repeating.ways import choices_of


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("1–8", (1, 2, 3, 4, 5, 6, 7, 8)),
        ("weeks 1-3, 5 and 7", (1, 2, 3, 5, 7)),
        ("8, 2 to 4, 3", (2, 3, 4, 8)),
        ("\N{MINUS SIGN}1", (-1,)),
        ("0 - 1", (0, 1)),
        ("-1–1", (-1, 0, 1)),
    ],
)
def test_weeks_are_read_as_people_write_them(text: str, weeks: tuple[int, ...]) -> None:
    assert weeks_in(text) == weeks


@pytest.mark.parametrize("text", ["", "eight", "8–1", "1–", "1..4", "100", "1-99"])
def test_what_are_no_weeks_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        weeks_in(text)


def test_days_are_read_one_a_line_each_once() -> None:
    found = days_in("28/3/2027\n 2027-04-06 ; Tuesday 13 April 2027 14:30\n28 March 2027")
    assert [(row.day, row.begins) for row in found] == [
        (date(2027, 3, 28), None),
        (date(2027, 4, 6), None),
        (date(2027, 4, 13), time(14, 30)),
    ]
    assert "American" in days_in("3/28/2027")[0].note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n", "one a line"),
        ("28/3/2027\nsoon", "Line 2, “soon”"),
        ("28/3/2027 14:00Z", "London’s clock"),
        ("1/1/2027\n" * 401, "At most 400"),
    ],
)
def test_what_are_no_days_is_refused(text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        days_in(text)


@given(st.text(max_size=60))
def test_no_text_is_worse_than_a_refusal(text: str) -> None:
    for read in (weeks_in, days_in):
        with suppress(Refusal):
            assert read(text)


def test_a_title_counts_and_names_its_day_and_nothing_else_is_evaluated() -> None:
    assert titled("Colloquium {number}: {date} {0} {", 3, date(2027, 4, 13)) == (
        "Colloquium 3: Tuesday 13 April 2027 {0} {"
    )


def test_terms_to_choose_from_are_named_by_university_code_and_year() -> None:
    assert list(choices_of(oxford_terms()))[:2] == ["oxford/MT24/2024", "oxford/HT25/2024"]
