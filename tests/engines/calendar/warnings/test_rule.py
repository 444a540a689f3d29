"""What there is to think about, against a slow model that lays every minute out and knows nothing of the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.clashes.rule import Stay
from programme.engines.calendar.clashes.ways import Way, Ways
from programme.engines.calendar.term_weeks.weeks import UNCONFIRMED, DateStatus, WeekLabel
from programme.engines.calendar.times import to_instant
from programme.engines.calendar.warnings.days import on_days
from programme.engines.calendar.warnings.rule import between, with_people
from programme.engines.calendar.warnings.values import Asked, Days, Kind, Scheduled, Speaker, Spell

NOON = datetime(2027, 2, 16, 12, 0, tzinfo=UTC)
WAYS = Ways({frozenset({"LIV", "OXF"}): Way(least=timedelta(minutes=180), planned=timedelta(minutes=220))})
ADA, OTHER_ADA, NAMED_ADA = Speaker("Ada Ash", 1), Speaker("Ada Ash", 2), Speaker("ada ash")


def minutes(number: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


ASKED = st.builds(
    Asked,
    st.frozensets(st.integers(1, 2)),
    st.frozensets(st.tuples(st.integers(1, 2), st.integers(0, 2)), max_size=2),
)


@st.composite
def events(draw: st.DrawFn, number: int) -> Scheduled:
    """An event somewhere near noon."""
    start = draw(st.integers(-300, 300))
    site = draw(st.sampled_from(("LIV", "OXF", "")))
    stay = Stay(
        event_id=number,
        starts_at=NOON + minutes(start),
        ends_at=NOON + minutes(start + draw(st.integers(1, 200))),
        site=site,
        venue_id=draw(st.integers(1, 2)) if site else None,
        part_of_id=draw(st.none() | st.just(9)),
    )
    return Scheduled(
        stay=stay,
        room=draw(st.sampled_from(("", "Room 1", "room 1", "Room 2"))),
        series_id=draw(st.none() | st.just(7)),
        speakers=tuple(draw(st.lists(st.sampled_from((ADA, OTHER_ADA, NAMED_ADA)), max_size=2, unique=True))),
        asked=draw(ASKED),
        is_seen=draw(st.booleans()),
    )


def are_asked_to_both(one: Scheduled, other: Scheduled) -> bool:
    """Whether a group is asked to both by openings of which none leaves the choice between the two."""
    here, there = (
        [(group, 0) for group in it.asked.plainly] + [(group, opening) for opening, group in it.asked.choices if group]
        for it in (one, other)
    )
    return any(a == b and (x == 0 or x != y) for a, x in here for b, y in there)


def lasting(event: Scheduled) -> set[int]:
    """The minutes from noon on which it is on."""
    first = int((event.stay.starts_at - NOON).total_seconds()) // 60
    return set(range(first, first + int((event.stay.ends_at - event.stay.starts_at).total_seconds()) // 60))


def model(one: Scheduled, other: Scheduled) -> set[Kind]:
    """Say by the minutes what there is to think about."""
    mine, theirs = lasting(one), lasting(other)
    at_once = bool(mine & theirs)
    gap = max(min(theirs) - max(mine), min(mine) - max(theirs)) - 1
    is_far = {one.stay.site, other.stay.site} == {"LIV", "OXF"} and one.stay.venue_id != other.stay.venue_id
    too_late = not at_once and is_far and gap < 220
    found = set()
    if at_once and one.stay.venue_id and one.stay.venue_id == other.stay.venue_id:
        found |= {Kind.ROOM} if one.room and one.room.lower() == other.room.lower() else set()
    if not other.is_seen:
        return found
    pairs = [(a, b) for a in one.speakers for b in other.speakers]
    shared = [a for a, b in pairs if NAMED_ADA in {a, b} or a == b]
    found |= {Kind.SPEAKER} if shared and (at_once or too_late) else set()
    found |= {Kind.GROUP} if at_once and are_asked_to_both(one, other) else set()
    is_whole = one.stay.part_of_id == other.stay.part_of_id == 9 or one.series_id == other.series_id == 7
    is_choice = bool({opening for opening, _ in one.asked.choices} & {opening for opening, _ in other.asked.choices})
    return found | ({Kind.WAY} if too_late and is_whole and not is_choice else set())


@given(events(1), events(2))
def test_rule_agrees_with_the_minutes(one: Scheduled, other: Scheduled) -> None:
    assert {warned.kind for warned in between(one, [other], WAYS)} == model(one, other)


@given(events(1), events(2))
def test_rule_says_the_same_of_both(one: Scheduled, other: Scheduled) -> None:
    one, other = replace(one, is_seen=True), replace(other, is_seen=True)
    there, back = between(one, [other], WAYS), between(other, [one], WAYS)
    assert {warned.kind for warned in there} == {warned.kind for warned in back}


@given(events(1), st.lists(events(2), max_size=4))
def test_order_of_the_others_says_nothing(one: Scheduled, others: list[Scheduled]) -> None:
    others = [replace(it, stay=replace(it.stay, event_id=number)) for number, it in enumerate(others, start=2)]
    there, back = between(one, others, WAYS), between(one, others[::-1], WAYS)
    assert [warned.mark for warned in there] == [warned.mark for warned in back]


@given(events(1), events(2))
def test_whole_and_its_part_do_not_warn_of_each_other(one: Scheduled, other: Scheduled) -> None:
    part = replace(other, stay=replace(other.stay, part_of_id=1))
    assert between(one, [part], WAYS) == []
    assert between(part, [one], WAYS) == []


def at(start: datetime, end: datetime, **given_: object) -> Scheduled:
    """An event from one wall time in London to another."""
    stay = Stay(event_id=1, starts_at=to_instant(start), ends_at=to_instant(end, fold=1))
    return Scheduled(stay=replace(stay, **given_))  # type: ignore[arg-type]


def day(number: int, hour: int = 14, month: int = 5) -> datetime:
    """A wall time in 2027."""
    return datetime(2027, month, number, hour)  # noqa: DTZ001  London wall time


def test_marks_change_with_time_and_place_and_not_with_the_title() -> None:
    one, other = at(day(4), day(4, 15)), at(day(4), day(4, 15))
    one = replace(one, stay=replace(one.stay, venue_id=1), room="Room 1")
    other = replace(other, stay=replace(other.stay, venue_id=1, event_id=2), room="Room 1")
    [first] = between(one, [other], WAYS)
    [renamed] = between(replace(one, stay=replace(one.stay, title="New")), [other], WAYS)
    moved = replace(other, stay=replace(other.stay, ends_at=other.stay.ends_at + minutes(5)))
    [later] = between(one, [moved], WAYS)
    assert first.mark == renamed.mark != later.mark


def test_people_with_places_at_both_count_where_the_two_clash() -> None:
    one = at(day(4), day(4, 15))
    clashing = replace(one, stay=replace(one.stay, event_id=2))
    other = at(day(5), day(5, 15))
    apart = replace(other, stay=replace(other.stay, event_id=3))
    [warned] = with_people(one, [clashing, apart], {2: 4, 3: 9}, WAYS)
    assert (warned.kind, warned.count) == (Kind.PEOPLE, 4)


DAYS = Days(
    {date(2027, 5, 3): "Early May bank holiday"},
    (
        Spell(Kind.CLOSURE, "Liverpool", "Spring break", date(2027, 5, 3), date(2027, 5, 9)),
        Spell(Kind.ASSESSMENT, "Liverpool", "Examinations", date(2027, 5, 17), date(2027, 6, 4)),
    ),
)


def kinds(event: Scheduled, weeks: dict[str, WeekLabel] | None = None) -> list[Kind]:
    """What there is to think about on its days."""
    return [warned.kind for warned in on_days(event, DAYS, weeks or {})]


def test_days_are_told_by_the_day_on_which_they_are_reached() -> None:
    assert kinds(at(day(4), day(4, 15))) == [Kind.CLOSURE]
    assert kinds(at(day(2), day(3, 9))) == [Kind.CLOSURE, Kind.HOLIDAY]
    assert kinds(at(day(16), day(17, 9))) == [Kind.ASSESSMENT]
    assert kinds(at(day(16), day(16, 15))) == []


def test_an_event_that_ends_at_midnight_is_not_on_the_day_after() -> None:
    assert Kind.HOLIDAY not in kinds(at(day(2, 0), day(3, 0), all_day=True))


def test_vacation_is_told_where_it_is_known_and_not_where_dates_are_not_confirmed() -> None:
    vacation = WeekLabel("vacation", "vacation", DateStatus.CONFIRMED, in_term=False)
    term = WeekLabel("Semester 2, week 1", "S2 W1", DateStatus.CONFIRMED, in_term=True)
    weeks = {"Liverpool": term, "Oxford": vacation, "Third": UNCONFIRMED}
    assert [warned.name for warned in on_days(at(day(11), day(11, 15)), DAYS, weeks)] == ["Oxford"]


def test_changes_of_the_clocks_and_the_night_are_told() -> None:
    march = at(day(27, 23, 3), day(28, 4, 3))
    assert kinds(march) == [Kind.CLOCKS, Kind.NIGHT]
    assert kinds(at(day(27, 10, 3), day(27, 20, 3))) == []
    october = at(day(30, 23, 10), day(31, 4, 10))
    assert Kind.CLOCKS in kinds(october)
    assert kinds(at(day(11, 6), day(11, 9))) == [Kind.NIGHT]
    assert kinds(at(day(10, 0), day(11, 0), all_day=True)) == []
