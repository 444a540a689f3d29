"""What clashes with what, against a slow model that lays every minute out and knows nothing of the rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement

from hypothesis import example, given
from hypothesis import strategies as st

from programme.engines.calendar.clashes.rule import Clash, Kind, Severity, Stay, clash_between, clashes
from programme.engines.calendar.clashes.ways import Way, Ways
from programme.engines.calendar.times import to_instant

SITES = ("LIV", "DAR", "OXF", "HAR", "LON")
NOON = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
MINUTES = st.integers(min_value=-400, max_value=400)


def minutes(number: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


def ways_of(table: dict[frozenset[str], tuple[int, int]]) -> Ways:
    """The ways of a table of minutes."""
    return Ways({pair: Way(least=minutes(least), planned=minutes(planned)) for pair, (least, planned) in table.items()})


@st.composite
def tables(draw: st.DrawFn) -> dict[frozenset[str], tuple[int, int]]:
    """Some ways, each with what it takes at the least and what is planned."""
    pairs = [frozenset(pair) for pair in combinations_with_replacement(SITES, 2)]
    known = draw(st.sets(st.sampled_from(pairs)))
    found = {}
    for pair in sorted(known, key=sorted):
        least = draw(st.integers(0, 200))
        found[pair] = (least, least + draw(st.integers(0, 100)))
    return found


@st.composite
def stays(draw: st.DrawFn, number: int = 1) -> Stay:
    """Somebody is somewhere for a while."""
    start = draw(MINUTES)
    site = draw(st.sampled_from((*SITES, "")))
    return Stay(
        event_id=number,
        starts_at=NOON + minutes(start),
        ends_at=NOON + minutes(start + draw(st.integers(1, 300))),
        site=site,
        venue_id=draw(st.none() | st.integers(1, 2)) if site else None,
        is_online=draw(st.booleans()),
        all_day=draw(st.booleans()) and draw(st.booleans()),
        part_of_id=draw(st.none() | st.integers(1, 3)),
    )


def model(wanted: Stay, mine: Stay, table: dict[frozenset[str], tuple[int, int]]) -> str:
    """Say it minute by minute: "hard", "tight" or ""."""
    if mine.event_id in (wanted.event_id, wanted.part_of_id) or mine.part_of_id == wanted.event_id:
        return ""
    busy = [set(every_minute(stay)) for stay in (wanted, mine)]
    is_vague = wanted.all_day or mine.all_day
    if busy[0] & busy[1]:
        return "tight" if is_vague else "hard"
    is_same_house = wanted.venue_id is not None and wanted.venue_id == mine.venue_id
    is_known = wanted.site != "" and mine.site != "" and frozenset({wanted.site, mine.site}) in table
    if is_vague or is_same_house or not is_known:
        return ""
    least, planned = table[frozenset({wanted.site, mine.site})]
    last_of_first = min(max(busy[0]), max(busy[1])) + 1
    on_the_way = max(min(busy[0]), min(busy[1])) - last_of_first
    return "hard" if on_the_way < least else "tight" if on_the_way < planned else ""


def every_minute(stay: Stay) -> range:
    """The minutes during which somebody is there."""
    start, end = ((moment - NOON) // minutes(1) for moment in (stay.starts_at, stay.ends_at))
    return range(start, end)


def said(clash: Clash | None) -> str:
    """How bad it is."""
    return clash.severity.value if clash else ""


@given(wanted=stays(1), mine=stays(2), table=tables())
def test_rule_says_what_the_model_says(wanted: Stay, mine: Stay, table: dict[frozenset[str], tuple[int, int]]) -> None:
    assert said(clash_between(wanted, mine, ways_of(table))) == model(wanted, mine, table)


@given(wanted=stays(1), mine=stays(2), table=tables())
def test_it_clashes_as_badly_whichever_one_has_and_whichever_one_wants(
    wanted: Stay, mine: Stay, table: dict[frozenset[str], tuple[int, int]]
) -> None:
    ways = ways_of(table)
    assert said(clash_between(wanted, mine, ways)) == said(clash_between(mine, wanted, ways))


@given(wanted=stays(1), mine=stays(2), table=tables())
def test_sum_that_is_shown_adds_up(wanted: Stay, mine: Stay, table: dict[frozenset[str], tuple[int, int]]) -> None:
    clash = clash_between(wanted, mine, ways_of(table))
    if clash and clash.kind is Kind.TRAVEL:
        assert clash.first.ends_at + clash.gap == clash.second.starts_at
        assert minutes(0) <= clash.gap < clash.needed


@given(wanted=stays(1), have=st.lists(st.integers(2, 9).flatmap(stays), max_size=6), table=tables())
def test_list_holds_each_clash_once_and_the_worst_first(
    wanted: Stay, have: list[Stay], table: dict[frozenset[str], tuple[int, int]]
) -> None:
    found = clashes([wanted], have, ways_of(table))
    assert sorted(map(said, found)) == sorted(filter(None, (model(wanted, one, table) for one in have)))
    assert [clash.severity for clash in found] == sorted((clash.severity for clash in found), key=list(Severity).index)


@given(st.integers(0, 300))
@example(189)
@example(190)
@example(219)
@example(220)
def test_limits_are_hard_below_the_least_and_tight_below_the_plan(gap: int) -> None:
    ways = ways_of({frozenset({"LIV", "OXF"}): (190, 220)})
    first = Stay(event_id=1, starts_at=NOON - minutes(60), ends_at=NOON, site="LIV")
    second = Stay(event_id=2, starts_at=NOON + minutes(gap), ends_at=NOON + minutes(gap + 60), site="OXF")
    assert said(clash_between(second, first, ways)) == ("hard" if gap < 190 else "tight" if gap < 220 else "")


def test_what_is_online_needs_no_way() -> None:
    ways = ways_of({frozenset({"LIV", "OXF"}): (190, 220)})
    there = Stay(event_id=1, starts_at=NOON - minutes(60), ends_at=NOON, site="LIV")
    online = Stay(event_id=2, starts_at=NOON, ends_at=NOON + minutes(60), is_online=True)
    assert clash_between(online, there, ways) is None
    hybrid = Stay(event_id=3, starts_at=NOON, ends_at=NOON + minutes(60), site="OXF", is_online=True)
    clash = clash_between(hybrid, there, ways)
    assert clash is not None
    assert clash.online == hybrid


def test_night_the_clocks_go_back_has_an_hour_more_and_that_of_march_one_less() -> None:
    ways = ways_of({frozenset({"LIV", "OXF"}): (190, 220)})
    for day, hours in ((datetime(2026, 10, 25), 4), (datetime(2027, 3, 28), 2)):  # noqa: DTZ001  London wall time
        party = Stay(event_id=1, starts_at=to_instant(day) - minutes(120), ends_at=to_instant(day), site="LIV")
        start = to_instant(day.replace(hour=3))
        walk = Stay(event_id=2, starts_at=start, ends_at=start + minutes(60), site="OXF")
        clash = clash_between(walk, party, ways)
        assert start - party.ends_at == minutes(60 * hours)
        assert said(clash) == ("" if hours == 4 else "hard")
