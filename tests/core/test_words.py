"""The wording of dates, times, counts and lists."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programme.core.web import words

INSTANTS = st.datetimes(
    min_value=datetime(1997, 1, 1),  # noqa: DTZ001 - the strategy adds the zone itself
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001 - the strategy adds the zone itself
    timezones=st.just(UTC),
)
GAPS = st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=20))


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_long_date_of_an_instant_is_the_day_in_london() -> None:
    assert words.long_date(at(2026, 7, 1, 23, 30)) == "Thursday 2 July 2026"
    assert words.long_date(date(2026, 10, 27)) == "Tuesday 27 October 2026"


def test_short_date() -> None:
    assert words.short_date(at(2026, 10, 27, 10)) == "Tue 27 Oct"


def test_single_words_of_a_day() -> None:
    day = at(2026, 10, 27, 10)
    assert (words.weekday(day), words.day_number(day), words.month_year(day)) == ("Tuesday", "27", "October 2026")


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        words.long_date(datetime(2026, 10, 27))  # noqa: DTZ001 - naive is the point


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 4), None, "Wednesday 4 November 2026"),
        (date(2026, 11, 4), date(2026, 11, 4), "Wednesday 4 November 2026"),
        (date(2026, 11, 4), date(2026, 11, 5), "Wednesday 4 to Thursday 5 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 1), "Monday 30 November to Tuesday 1 December 2026"),
        (date(2026, 12, 31), date(2027, 1, 1), "Thursday 31 December 2026 to Friday 1 January 2027"),
    ],
)
def test_date_span(first: date, last: date | None, expected: str) -> None:
    assert words.date_span(first, last) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(2026, 10, 27, 10, 30), at(2026, 10, 27, 16), "10:30 to 16:00 GMT"),
        (at(2026, 7, 1, 9), at(2026, 7, 1, 10), "10:00 to 11:00 BST"),
        (at(2026, 10, 27, 10, 30), None, "10:30 GMT"),
        (at(2026, 10, 27, 10, 30), at(2026, 10, 27, 10, 30), "10:30 GMT"),
        (at(2026, 11, 4, 12), at(2026, 11, 5, 13), "12:00 Wednesday to 13:00 Thursday GMT"),
        (at(2026, 11, 4, 18), at(2026, 11, 5), "18:00 Wednesday to 00:00 Thursday GMT"),
        (at(2026, 11, 4, 12), at(2026, 11, 12, 13), "12:00 Wednesday 4 November to 13:00 Thursday 12 November GMT"),
        (at(2026, 10, 25, 0, 30), at(2026, 10, 25, 2), "01:30 BST to 02:00 GMT"),
        (at(2026, 10, 24, 11), at(2026, 10, 25, 12), "12:00 Saturday BST to 12:00 Sunday GMT"),
    ],
)
def test_time_range(start: datetime, end: datetime | None, expected: str) -> None:
    assert words.time_range(start, end) == expected


def test_moment_names_the_year_and_the_zone() -> None:
    assert words.moment(at(2026, 10, 20, 16)) == "Tue 20 Oct 2026, 17:00 BST"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2026, 10, 18, 9), "Tuesday 20 October, 17:00 BST, in 2 days"),
        (at(2026, 10, 19, 22), "Tuesday 20 October, 17:00 BST, tomorrow"),
        (at(2026, 10, 19, 23, 30), "Tuesday 20 October, 17:00 BST, today"),
        (at(2026, 10, 21, 9), "Tuesday 20 October, 17:00 BST, yesterday"),
        (at(2026, 10, 26, 9), "Tuesday 20 October, 17:00 BST, 6 days ago"),
        (at(2026, 10, 6, 9), "Tuesday 20 October, 17:00 BST"),
        (at(2026, 10, 7, 9), "Tuesday 20 October, 17:00 BST, in 13 days"),
        (at(2025, 12, 1, 9), "Tuesday 20 October 2026, 17:00 BST"),
    ],
)
def test_deadline_says_how_near_within_a_fortnight(now: datetime, expected: str) -> None:
    assert words.deadline(at(2026, 10, 20, 16), now) == expected


@pytest.mark.parametrize(
    ("now", "event", "expected"),
    [
        (at(2026, 10, 19, 9), at(2026, 10, 27, 10), "Clocks go back on Sunday 25 October"),
        (at(2026, 10, 19, 9), at(2027, 3, 27, 10), "Clocks go back on Sunday 25 October"),
        (at(2026, 12, 19, 9), at(2027, 4, 2, 10), "Clocks go forward on Sunday 28 March 2027"),
        (at(2026, 10, 19, 9), at(2026, 10, 24, 10), ""),
        (at(2026, 10, 19, 9), at(2027, 6, 1, 10), ""),
        (at(2026, 10, 27, 9), at(2026, 10, 19, 10), ""),
        (at(2026, 10, 25, 0, 30), at(2026, 10, 25, 2), "Clocks go back on Sunday 25 October"),
    ],
)
def test_clock_change_is_told_only_if_the_clock_differs_at_the_event(
    now: datetime, event: datetime, expected: str
) -> None:
    assert words.clock_change(now, event) == expected


def test_iso_carries_londons_offset() -> None:
    assert words.iso(at(2026, 7, 1, 9)) == "2026-07-01T10:00+01:00"
    assert words.iso(at(2026, 10, 27, 10, 30)) == "2026-10-27T10:30+00:00"
    assert words.iso(date(2026, 10, 27)) == "2026-10-27"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (-1, "\N{MINUS SIGN}1st"),
        (0, "0th"),
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (111, "111th"),
        (122, "122nd"),
    ],
)
def test_ordinal(number: int, expected: str) -> None:
    assert words.ordinal(number) == expected


def test_plural() -> None:
    assert words.plural(1, "place") == "1 place"
    assert words.plural(0, "place") == "0 places"
    assert words.plural(3, "person", "people") == "3 people"
    assert words.plural(1200, "place") == "1,200 places"


def test_join_words() -> None:
    assert words.join_words([]) == ""
    assert words.join_words(["Liverpool"]) == "Liverpool"
    assert words.join_words(["Liverpool", "Oxford"]) == "Liverpool and Oxford"
    assert words.join_words(["bus", "train", "foot"], "or") == "bus, train or foot"


@given(INSTANTS, GAPS)
def test_time_range_names_each_zone_it_crosses_and_never_utc(start: datetime, gap: timedelta) -> None:
    end = start + gap
    text = words.time_range(start, end)
    assert text.endswith((" GMT", " BST"))
    assert "UTC" not in text
    assert text.count("GMT") + text.count("BST") == len({words.zone(start), words.zone(end)})


@given(INSTANTS)
def test_iso_reads_back_as_the_same_minute(instant: datetime) -> None:
    text = words.iso(instant)
    assert not text.endswith("Z")
    assert datetime.fromisoformat(text) == instant.replace(second=0, microsecond=0)


@given(INSTANTS, st.integers(min_value=0, max_value=400))
@example(datetime(2060, 1, 1, tzinfo=UTC), 304).via("early on the Sunday of the other change")
def test_clock_change_agrees_with_the_zones(now: datetime, days: int) -> None:
    event = now + timedelta(days=days)
    note = words.clock_change(now, event)
    assert bool(note) == (words.zone(now) != words.zone(event))
    assert not note or "on Sunday " in note


@given(INSTANTS, INSTANTS)
def test_distance_is_the_count_of_midnights_in_london(instant: datetime, now: datetime) -> None:
    zone = ZoneInfo("Europe/London")
    days = (instant.astimezone(zone).date() - now.astimezone(zone).date()).days
    text = words.distance(instant, now)
    assert (text.startswith("in ") or text == "tomorrow") == (days > 0)
    assert (text.endswith("ago") or text == "yesterday") == (days < 0)


@given(st.lists(st.text(alphabet="abc", min_size=1), min_size=1))
def test_join_words_keeps_every_word(listed: list[str]) -> None:
    text = words.join_words(listed)
    assert text.replace(" and ", ", ").split(", ") == listed


@given(st.integers(min_value=-10_000, max_value=10_000))
def test_ordinal_keeps_the_number(number: int) -> None:
    assert int(words.ordinal(number).replace("\N{MINUS SIGN}", "-")[:-2]) == number


def test_every_filter_is_a_function_of_this_module() -> None:
    assert all(getattr(words, name) is function for name, function in words.FILTERS.items())


def test_an_address_may_break_behind_its_at_sign_and_nothing_in_it_is_markup() -> None:
    assert words.at_sign("ada@example.org") == "ada@<wbr>example.org"
    assert words.at_sign("<b>@x@y") == "&lt;b&gt;@<wbr>x@<wbr>y"
    assert words.at_sign("") == ""
