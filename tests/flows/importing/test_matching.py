"""Questions pair each row and each event at most once, whatever the file holds."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from programme.engines.calendar.reading.rows import ReadRow, RowAudience, RowBooking, RowStatus, digest, identity
from programme.engines.calendar.states import EventState
from programme.flows.importing.matching import questions
from programme.flows.importing.taking import told_of
from programme.flows.importing.values import Known, Likeness, PlannedRow, Was

START = datetime(2027, 2, 2, 13, tzinfo=UTC)
FEW = st.tuples(
    st.sampled_from(["Moss", "Bells", ""]),
    st.sampled_from(["On moss", "On bells", "TBA"]),
    st.integers(0, 3),
    st.sampled_from(["Here", "There"]),
)


def row_of(series: str, title: str, day: int, venue: str, line: int = 2) -> ReadRow:
    """Return a row of a file."""
    return ReadRow(
        line=line,
        uid=None,
        title=title,
        series=series,
        starts=START + timedelta(days=day),
        ends=START + timedelta(days=day, hours=1),
        all_day=False,
        venue=venue,
        online_url=None,
        audience=RowAudience.PUBLIC,
        booking=RowBooking.UNSTATED,
        speakers=(),
        status=RowStatus.PUBLISHED,
        abstract="",
    )


def planned(row: ReadRow, repeat: int = 1) -> PlannedRow:
    """Return it as a new one."""
    return PlannedRow(row, identity(row, repeat), digest(row), told_of(row), is_past=False)


def known(row: ReadRow, event_id: int) -> Known:
    """Return it as an event that an earlier file had."""
    return Known(
        identity=f"{event_id:064}",
        digest=digest(row),
        series=row.series,
        title=row.title,
        starts=row.starts,
        told=told_of(row),
        source="talks.csv",
        event_id=event_id,
        is_ours=True,
        was=Was(EventState.PUBLISHED, is_announced=True),
    )


@settings(deadline=None)
@given(st.lists(FEW, max_size=8), st.lists(FEW, max_size=8))
def test_each_row_and_each_event_is_asked_about_at_most_once(
    new: list[tuple[str, str, int, str]], absent: list[tuple[str, str, int, str]]
) -> None:
    rows = [planned(row_of(*cells, line=number), number) for number, cells in enumerate(new, 2)]
    events = [known(row_of(*cells), number) for number, cells in enumerate(absent, 1)]
    found = questions(rows, events)
    assert len({id(one.row) for one in found}) == len(found)
    assert len({one.known.event_id for one in found}) == len(found)
    assert [one.row.row.line for one in found] == sorted(one.row.row.line for one in found)
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert is_alike(one.likeness, one.row.row, one.known)


def is_alike(likeness: Likeness, row: ReadRow, event: Known) -> bool:
    """Whether a pair is what its question says."""
    same = {
        "series": row.series == event.series,
        "title": row.title == event.title,
        "starts": row.starts == event.starts,
    }
    differs = {Likeness.MOVED: "starts", Likeness.RENAMED: "title"}.get(likeness)
    return all(value for name, value in same.items() if name != differs) and not (differs and same[differs])


def test_several_alike_are_not_guessed() -> None:
    rows = [planned(row_of("Moss", title, 0, "Here")) for title in ("One", "Two")]
    assert questions(rows, [known(row_of("Moss", "TBA", 0, "Here"), 1)]) == []
