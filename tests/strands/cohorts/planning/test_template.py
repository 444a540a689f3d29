"""The pattern of a joint residential, and days that are too long: pure, and whatever the week."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.clashes.ways import Way, Ways
from programme.strands.cohorts.planning.residential.patterns.defaults import JOINT_WEEK
from programme.strands.cohorts.planning.residential.patterns.places import choice_of, cities, place_of, ways
from programme.strands.cohorts.planning.residential.template import (
    PartKind,
    PatternPart,
    at_times,
    days_of,
    in_order,
    minutes_between,
    monday_of,
)
from programme.strands.cohorts.planning.residential.travelling import EARLIEST, LATEST, long_day, short_leg

DAYS = st.dates(min_value=date(2000, 1, 3), max_value=date(2100, 12, 20))
CLOCKS = st.times(min_value=time(5), max_value=time(22, 59)).map(lambda one: one.replace(second=0, microsecond=0))


def test_pattern_is_that_of_the_facts() -> None:
    together = [one for one in JOINT_WEEK if not one.is_travel]
    told = [(one.day_name, one.begins, one.ends, one.is_online, one.stays_overnight) for one in together]
    assert told == [
        ("Monday", time(11), time(15, 30), False, False),
        ("Tuesday", time(10), time(12, 30), True, False),
        ("Wednesday", time(12), time(17, 30), False, True),
        ("Thursday", time(9), time(13), False, False),
        ("Friday", time(10), time(12, 30), True, False),
    ]


def test_ways_of_the_pattern_lie_before_and_after_and_are_made_only_where_ticked() -> None:
    legs = [one for one in JOINT_WEEK if one.is_travel]
    assert [(one.day_name, one.ends, one.from_site, one.site) for one in legs] == [
        ("Wednesday", time(12), "LIV", "OXF"),
        ("Thursday", time(17, 15), "OXF", "LIV"),
    ]
    assert not any(one.is_proposed for one in legs)
    assert all(one.is_proposed for one in JOINT_WEEK if one not in legs)
    assert list(JOINT_WEEK) == in_order(reversed(JOINT_WEEK))


@pytest.mark.parametrize("choice", ["", "online", "venue:7", *dict(cities()), *dict(ways())])
def test_every_choice_of_a_place_is_read_as_it_is_written(choice: str) -> None:
    place = place_of(choice)
    facts = {"kind": place.kind, "site": place.site, "from_site": place.from_site, "venue_id": place.venue_id}
    assert choice_of(PatternPart(weekday=0, title="A", begins=time(9), minutes=60, **facts)) == choice  # type: ignore[arg-type]


@given(minutes=st.integers(1, 900))
def test_a_way_is_short_exactly_where_it_has_less_time_than_planned(minutes: int) -> None:
    leg = PatternPart(
        weekday=2, title="Coach", begins=time(5), minutes=minutes, kind=PartKind.TRAVEL, from_site="LIV", site="HAR"
    )
    assert bool(short_leg(leg, known_ways(220))) == (minutes < 220)
    assert short_leg(replace(leg, kind=PartKind.IN_PERSON), known_ways(220)) == ""
    assert short_leg(replace(leg, from_site="OXF"), known_ways(220)) == ""
    if minutes == 180:
        assert short_leg(leg, known_ways(220)) == "The way is planned to take 3 h 40, and has 3 h."


@given(day=DAYS)
def test_days_lie_in_the_week_in_order_on_their_weekdays(day: date) -> None:
    monday = monday_of(day)
    assert monday <= day < monday + timedelta(weeks=1)
    found = days_of(monday, JOINT_WEEK)
    assert [one.begins.weekday() for one in found] == [one.weekday for one in JOINT_WEEK]
    assert all(one.begins < one.ends and monday <= one.begins.date() < monday + timedelta(days=5) for one in found)
    assert found == sorted(found, key=lambda one: one.begins)


@given(day=DAYS.filter(lambda day: day.weekday() != 0))
def test_a_week_that_begins_on_another_day_is_an_error(day: date) -> None:
    with pytest.raises(ValueError, match="Monday"):
        days_of(day, JOINT_WEEK)


@given(begins=CLOCKS, ends=CLOCKS)
def test_other_times_are_taken_unless_they_are_backwards(begins: time, ends: time) -> None:
    if ends <= begins:
        with pytest.raises(ValueError, match="after it begins"):
            at_times(JOINT_WEEK[0], begins, ends)
    else:
        found = at_times(JOINT_WEEK[0], begins, ends)
        assert (found.begins, found.ends, found.title) == (begins, ends, JOINT_WEEK[0].title)


def known_ways(minutes: int) -> Ways:
    """Return the way between Liverpool and Harwell."""
    length = timedelta(minutes=minutes)
    return Ways({frozenset({"LIV", "HAR"}): Way(least=length, planned=length)})


@given(begins=CLOCKS, minutes=st.integers(0, 600), nights=st.tuples(st.booleans(), st.booleans()))
def test_a_day_is_too_long_exactly_where_one_leaves_early_or_is_back_late(
    begins: time, minutes: int, nights: tuple[bool, bool]
) -> None:
    slept, stays = nights
    minutes_left = minutes_between(begins, time(23))
    pattern = PatternPart(weekday=0, title="A", begins=begins, minutes=minutes_left, stays_overnight=stays)
    day = days_of(date(2027, 1, 18), [pattern])[0]
    found = long_day(day, at="HAR", comes_from="LIV", ways=known_ways(minutes), sleeps_before=slept)
    leaves, back = day.begins - timedelta(minutes=minutes), day.ends + timedelta(minutes=minutes)
    early = leaves < datetime.combine(day.begins.date(), EARLIEST)
    late = back > datetime.combine(day.ends.date(), LATEST)
    assert (found is not None and found.leaves is not None) == (early and not slept)
    assert (found is not None and found.back is not None) == (late and not stays)


def test_a_way_that_nobody_knows_makes_no_long_day() -> None:
    day = days_of(date(2027, 1, 18), JOINT_WEEK)[0]
    assert long_day(day, at="HAR", comes_from="OXF", ways=known_ways(600), sleeps_before=False) is None
    assert long_day(day, at="LIV", comes_from="LIV", ways=known_ways(600), sleeps_before=False) is None
