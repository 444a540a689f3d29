"""The line of a course as it is drawn: in order, apart, and within its bounds."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.milestones.corridor import GAP, LETTER, MARGIN, WIDTH, Drawing, drawn
from programme.strands.cohorts.milestones.course import Course, Pause
from programme.strands.cohorts.milestones.reckoning import reckon
from programme.strands.cohorts.milestones.standing import Standing, Station, standings
from tests.strands.cohorts.milestones.test_reckoning import MONTHS, MT26, OXFORD, TERMS, YEARS

OCTOBER = 2026 * 12 + 9


def oxford(day: date, *pauses: Pause, done: int = 0) -> Drawing:
    """Draw a course of Oxford whose first milestones are done."""
    found = reckon(TERMS, Course(MT26, pauses=pauses), OXFORD)
    stations = [Station("done" if number < done else "open", one.unit, one.day) for number, one in enumerate(found)]
    how = standings(stations, today=day, is_suspended=False)
    named = list(zip(stations, how, [one.code for one in found], strict=True))
    return drawn(named, OXFORD, entry=MT26, pauses=pauses, today=day)


@given(st.dates(date(2026, 10, 1), date(2031, 1, 1)), st.integers(0, 5), st.integers(0, 3))
def test_stations_stand_in_order_apart_and_within_the_line(day: date, done: int, rests: int) -> None:
    pauses = [Pause(MT26 + 2, rests)] if rests else []
    line = oxford(day, *pauses, done=done)
    places = [stop.x for stop in line.stops]
    assert all(later - earlier >= GAP - 0.01 for earlier, later in pairwise(places))
    assert all(MARGIN <= place <= WIDTH - MARGIN for place in places)
    assert line.settled == (places[done - 1] if done else MARGIN)
    assert line.today is None or MARGIN <= line.today <= WIDTH - MARGIN
    assert [stop.number for stop in line.stops] == list(range(1, len(places) + 1))


@given(st.dates(date(2026, 10, 12), date(2030, 6, 1)), st.dates(date(2026, 10, 12), date(2030, 6, 1)))
def test_today_moves_on_with_the_days(one: date, other: date) -> None:
    earlier, later = oxford(min(one, other)).today, oxford(max(one, other)).today
    assert earlier is not None
    assert later is not None
    assert earlier <= later


def test_scale_is_that_of_the_terms() -> None:
    line = oxford(date(2027, 1, 12), Pause(MT26 + 1, 2))
    assert abs(line.pauses[0].length - 2 * (WIDTH - 2 * MARGIN) / 14) < 0.01
    assert [mark.word for mark in line.years] == ["MT26", "MT27", "MT28", "MT29", "MT30"]


def test_a_year_of_months_keeps_its_stations_apart_and_its_names_legible() -> None:
    found = reckon(YEARS, Course(OCTOBER), MONTHS)
    stations = [(Station("open", one.unit, one.day), Standing.AHEAD, f"{one.code} {one.occurrence}") for one in found]
    line = drawn(stations, MONTHS, entry=OCTOBER, pauses=[], today=date(2027, 1, 12))
    assert len(line.stops) == 14
    assert all(later.x - earlier.x >= GAP - 0.01 for earlier, later in pairwise(line.stops))
    assert [mark.word for mark in line.years] == ["2027", "2028", "2029", "2030"]
    shown = [stop for stop in line.stops if stop.name]
    assert all(b.x - a.x >= (len(a.name) + len(b.name)) * LETTER / 4 for a, b in pairwise(shown))


@given(st.lists(st.integers(MT26, MT26 + 40), min_size=1, max_size=120))
def test_however_many_there_are_they_stay_in_order(units: list[int]) -> None:
    stations = [(Station("open", unit, None), Standing.AHEAD, "name") for unit in sorted(units)]
    line = drawn(stations, OXFORD, entry=MT26, pauses=[], today=date(2027, 1, 12))
    places = [stop.x for stop in line.stops]
    assert places == sorted(places)
    assert all(MARGIN - 0.01 <= place <= WIDTH - MARGIN + 0.01 for place in places)
