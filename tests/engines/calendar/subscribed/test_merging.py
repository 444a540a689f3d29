"""What an event takes of its source: nothing that organisers did is ever lost, and whoever agrees has no conflict."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.subscribed.merging import Version, are_too_many, is_stale, merged, pause_after

FIELDS = ["title", "time", "place"]
sums = st.fixed_dictionaries({name: st.sampled_from("abc") for name in FIELDS})
names = st.sets(st.sampled_from(FIELDS))
stamps = st.none() | st.integers(0, 3).map(lambda hours: datetime(2027, 1, 12, hours, tzinfo=UTC))
versions = st.builds(Version, st.integers(0, 3), stamps)


@given(names, sums, sums, sums, names)
def test_what_organisers_changed_is_never_taken_over(
    changed: set[str], taken: dict[str, str], here: dict[str, str], theirs: dict[str, str], conflicts: set[str]
) -> None:
    found = merged(changed, taken=taken, here=here, theirs=theirs, conflicts=conflicts)
    edited = {name for name in FIELDS if here[name] != taken[name]}
    assert not set(found.take) & edited
    assert set(found.conflicts) <= edited & (changed | conflicts)
    assert all(here[name] != theirs[name] for name in (*found.take, *found.conflicts))


@given(names, sums, sums)
def test_what_only_its_source_changed_is_taken(changed: set[str], here: dict[str, str], theirs: dict[str, str]) -> None:
    found = merged(changed, taken=here, here=here, theirs=theirs)
    assert set(found.take) == {name for name in changed if theirs[name] != here[name]}
    assert found.conflicts == ()


@given(names, sums, sums, names)
def test_a_source_that_says_what_it_did_has_no_conflict(
    changed: set[str], taken: dict[str, str], here: dict[str, str], conflicts: set[str]
) -> None:
    assert merged(changed, taken=taken, here=here, theirs=taken, conflicts=conflicts) == ((), ())


@given(sums, sums, sums)
def test_a_conflict_lasts_until_somebody_decides(
    taken: dict[str, str], here: dict[str, str], theirs: dict[str, str]
) -> None:
    first = merged(FIELDS, taken=taken, here=here, theirs=theirs)
    again = merged([], taken=taken, here=here, theirs=theirs, conflicts=first.conflicts)
    assert again == ((), first.conflicts)


@given(versions, versions)
def test_of_two_versions_at_most_one_is_stale(one: Version, other: Version) -> None:
    assert not (is_stale(one, other) and is_stale(other, one))
    assert not is_stale(one, one)


def test_an_equal_sequence_with_a_newer_stamp_is_news() -> None:
    early, late = (datetime(2027, 1, 12, hour, tzinfo=UTC) for hour in (9, 10))
    assert not is_stale(Version(3, late), Version(3, early))
    assert is_stale(Version(3, early), Version(3, late))
    assert is_stale(Version(2, early), Version(3, early))
    assert not is_stale(Version(0, late), Version(3, early)), "its source counts afresh"
    assert is_stale(Version(2, None), Version(3, None))


@given(st.integers(0, 500), st.integers(1, 48))
def test_whoever_fails_is_asked_less_often_once_a_day_at_the_least(failures: int, hours: int) -> None:
    pause = pause_after(failures, every_hours=hours)
    assert timedelta(hours=hours) <= pause <= max(timedelta(hours=24), timedelta(hours=hours))
    assert pause <= pause_after(failures + 1, every_hours=hours)


def test_half_of_a_calendar_does_not_vanish_without_a_question() -> None:
    assert not are_too_many(5, 5)
    assert are_too_many(6, 11)
    assert not are_too_many(6, 12)
