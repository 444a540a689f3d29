"""What clashes for a cohort, and what is on due days: pure."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.clashes.rule import Stay, clash_between
from programme.engines.calendar.clashes.ways import Way, Ways
from programme.engines.calendar.warnings.values import Kind, Scheduled
from programme.strands.cohorts.planning.thinking import between_events, is_put_aside, on_due_days

MORNING = datetime(2027, 1, 18, 10, tzinfo=UTC)
WAYS = Ways({frozenset({"LIV", "OXF"}): Way(least=timedelta(minutes=190), planned=timedelta(minutes=220))})


def at(number: int, hour: float, *, hours: float = 2, site: str = "LIV", **given: object) -> Scheduled:
    """Return an event so many hours after ten in the morning."""
    starts = MORNING + timedelta(hours=hour)
    stay = Stay(event_id=number, starts_at=starts, ends_at=starts + timedelta(hours=hours), site=site, **given)  # type: ignore[arg-type]
    return Scheduled(stay=stay)


def told(events: list[Scheduled]) -> list[tuple[Kind, int, int]]:
    """Return kind, the event it is told of, and the other."""
    return [
        (one.kind, one.event.stay.event_id, one.other.stay.event_id if one.other else 0)
        for one in between_events(events, WAYS)
    ]


def test_two_at_once_are_told_once_of_the_later() -> None:
    assert told([at(2, 1), at(1, 0)]) == [(Kind.GROUP, 2, 1)]


def test_a_way_that_is_too_long_is_told_on_the_next_day_too() -> None:
    assert told([at(1, 0), at(2, 4, site="OXF")]) == [(Kind.WAY, 2, 1)]
    assert told([at(1, 0, hours=13), at(2, 15, site="OXF")]) == [(Kind.WAY, 2, 1)]
    assert told([at(1, 0), at(2, 6, site="OXF")]) == []


def test_parts_at_the_same_time_are_a_choice_and_no_clash() -> None:
    assert told([at(1, 0, part_of_id=9), at(2, 1, part_of_id=9), at(9, 0, hours=8)]) == []


def test_what_was_put_aside_at_either_event_is_put_aside() -> None:
    (warned,) = between_events([at(1, 0), at(2, 1)], WAYS)
    (turned,) = between_events([at(2, 0), at(1, 0)], WAYS)
    assert not is_put_aside(warned, {})
    assert is_put_aside(warned, {2: {warned.mark}})
    assert not is_put_aside(warned, {1: {warned.mark}})
    assert not is_put_aside(turned, {2: {warned.mark}})


EVENTS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from(["LIV", "OXF", ""])), min_size=0, max_size=8
)


@given(drawn=EVENTS)
def test_every_pair_that_clashes_is_told_and_no_other(drawn: list[tuple[int, int, str]]) -> None:
    events = [at(number, hour, hours=hours, site=site) for number, (hour, hours, site) in enumerate(drawn, start=1)]
    pairs = {frozenset({one, other}) for _, one, other in told(events)}
    wanted = {
        frozenset({one.stay.event_id, other.stay.event_id})
        for one in events
        for other in events
        if one is not other and clash_between(one.stay, other.stay, WAYS)
    }
    assert pairs == wanted
    assert len(told(events)) == len(wanted)


def test_each_day_that_an_event_touches_is_looked_at_and_its_midnight_is_not() -> None:
    due = {date(2027, 1, 18): {"Transfer": 2}, date(2027, 1, 19): {"Panel": 1}}
    whole_day = at(1, -10, hours=24)
    assert [(one.day.day, one.title, one.count) for one in on_due_days([whole_day], due)] == [(18, "Transfer", 2)]
    assert [one.title for one in on_due_days([at(1, 0, hours=26)], due)] == ["Transfer", "Panel"]
