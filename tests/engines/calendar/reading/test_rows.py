"""How a row is known again, and what looks like a move."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.reading.rows import (
    KnownRow,
    ReadRow,
    RowAudience,
    RowBooking,
    RowStatus,
    digest,
    identities,
    identity,
    is_placeholder,
    likely_moves,
)

NOON = datetime(2027, 1, 28, 12, tzinfo=UTC)
ROW = ReadRow(
    line=2,
    uid=None,
    title="Tides",
    series="Estuary Seminar",
    starts=NOON,
    ends=NOON + timedelta(hours=1),
    all_day=False,
    venue="Room 1",
    online_url=None,
    audience=RowAudience.PUBLIC,
    booking=RowBooking.UNSTATED,
    speakers=("Dr Ada Byron",),
    status=RowStatus.PUBLISHED,
    abstract="About tides.",
)


def test_a_row_is_known_by_series_title_start_venue_and_repeat() -> None:
    others = [
        replace(ROW, title="Sand"),
        replace(ROW, series=""),
        replace(ROW, starts=NOON + timedelta(minutes=5)),
        replace(ROW, venue="Room 2"),
    ]
    names = {identity(row, 1) for row in [ROW, *others]} | {identity(ROW, 2)}
    assert len(names) == 6
    assert all(len(name) == 64 for name in names)


def test_other_fields_and_white_space_do_not_make_another_row() -> None:
    other = replace(ROW, line=9, ends=NOON + timedelta(hours=2), abstract="", speakers=(), title=" Tides  ")
    assert identity(other, 1) == identity(ROW, 1)
    assert digest(other) != digest(ROW)


def test_a_uid_alone_names_a_row() -> None:
    first = replace(ROW, uid="a@x")
    assert identity(first, 1) == identity(replace(first, title="Sand", starts=NOON + timedelta(days=1)), 1)
    assert identity(first, 1) != identity(replace(first, uid="b@x"), 1)


def test_repeats_are_counted_in_the_order_of_the_file() -> None:
    names = identities([ROW, replace(ROW, title="Sand"), replace(ROW, line=4)])
    assert names == [identity(ROW, 1), identity(replace(ROW, title="Sand"), 1), identity(ROW, 2)]


@given(st.lists(st.sampled_from(["a", "b", "c"])), st.lists(st.sampled_from(["Tides", "Sand"])))
def test_no_two_rows_of_a_file_share_a_name(uids: list[str], titles: list[str]) -> None:
    rows = [replace(ROW, uid=uid) for uid in uids] + [replace(ROW, title=title) for title in titles]
    names = identities(rows)
    assert len(set(names)) == len(rows)
    assert identities(rows) == names


def test_the_same_title_at_a_new_time_is_a_likely_move() -> None:
    moved = replace(ROW, title="tides ", starts=NOON + timedelta(days=7))
    (move,) = likely_moves([moved], [known("k1", NOON), known("k2", NOON - timedelta(days=70))])
    assert (move.row, move.known.identity) == (moved, "k1")


def test_each_known_event_moves_once_and_the_nearest_first() -> None:
    rows = [replace(ROW, line=line, starts=NOON + timedelta(days=days)) for line, days in ((2, 1), (3, 8), (4, 30))]
    moves = likely_moves(rows, [known("k1", NOON), known("k2", NOON + timedelta(days=7))])
    assert [(move.row.line, move.known.identity) for move in moves] == [(2, "k1"), (3, "k2")]


@pytest.mark.parametrize("other", [{"series": "Another"}, {"title": "Sand"}, {"starts": NOON}])
def test_what_differs_otherwise_or_not_at_all_is_no_move(other: dict[str, str]) -> None:
    row = replace(replace(ROW, starts=NOON + timedelta(days=1)), **other)  # type: ignore[arg-type]
    assert likely_moves([row], [known("k1", NOON)]) == []


def test_titles_to_come_prove_nothing() -> None:
    row = replace(ROW, title="TBA", starts=NOON + timedelta(days=7))
    assert likely_moves([row], [KnownRow("k1", ROW.series, "TBA", NOON)]) == []


def test_thousands_of_the_same_title_are_not_asked_about() -> None:
    rows = [replace(ROW, line=line, starts=NOON + timedelta(days=line)) for line in range(2_000)]
    assert likely_moves(rows, [known(str(number), NOON - timedelta(days=number + 1)) for number in range(2_000)]) == []


@pytest.mark.parametrize("title", ["TBA", "tbc", "TBA.", "To be announced", "Title TBC", "", "-", "TBA/TBC"])
def test_titles_to_come_are_known(title: str) -> None:
    assert is_placeholder(title)


@pytest.mark.parametrize("title", ["Tides", "To be or not to be", "Title", "TBAs in the cell"])
def test_real_titles_are_not_taken_for_titles_to_come(title: str) -> None:
    assert not is_placeholder(title)


def known(name: str, starts: datetime) -> KnownRow:
    return KnownRow(name, ROW.series, ROW.title, starts)
