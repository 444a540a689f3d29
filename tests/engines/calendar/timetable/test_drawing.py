"""A drawn timetable holds every item once, in its room and at its time, and is a table without holes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.timetable.drawing import Day, Item, days_of

NINE = datetime(2027, 2, 16, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    """Some items of one day, with any overlaps."""
    spans = draw(
        st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.sampled_from(["A", "B", ""]), st.booleans()))
    )
    return [
        Item(NINE + first * QUARTER, NINE + (first + length) * QUARTER, str(number), room, is_break)
        for number, (first, length, room, is_break) in enumerate(spans)
    ]


def placed(day: Day) -> dict[tuple[int, int], Item | None]:
    """Lay the cells as a browser does: each into the first free field of its row, over its rows and columns."""
    fields: dict[tuple[int, int], Item | None] = {}
    for row, line in enumerate(day.lines):
        for cell in line.cells:
            column = next(number for number in range(1000) if (row, number) not in fields)
            for down in range(cell.rows):
                for right in range(cell.columns):
                    assert (row + down, column + right) not in fields
                    fields[row + down, column + right] = cell.item
    return fields


@given(items())
def test_every_item_stands_once_in_its_room_and_nothing_overlaps(given_items: list[Item]) -> None:
    days = days_of(given_items)
    assert len(days) == bool(given_items)
    for day in days:
        shown = [cell.item for line in day.lines for cell in line.cells if cell.item]
        assert sorted(shown, key=str) == sorted(given_items, key=str)
        fields = placed(day)
        rooms = [room for room, width in day.rooms for _ in range(width)]
        width = max(1, len(rooms))
        assert set(fields) == {(row, column) for row in range(len(day.lines)) for column in range(width)}
        for (row, column), item in fields.items():
            if item is None:
                continue
            assert item.starts_at <= day.lines[row].starts_at < item.ends_at
            assert rooms in ([], [""]) or rooms[column] == item.room or item.is_break
        for line in day.lines:
            assert all(cell.item is None or cell.item.starts_at == line.starts_at for cell in line.cells)


def test_rooms_stand_side_by_side_and_a_break_goes_across() -> None:
    talk, lab = Item(NINE, NINE + 4 * QUARTER, "Talk", "Hall"), Item(NINE, NINE + 2 * QUARTER, "Lab", "Room 2")
    coffee = Item(NINE + 4 * QUARTER, NINE + 6 * QUARTER, "Coffee", "Foyer", is_break=True)
    late = Item(NINE + 8 * QUARTER, NINE + 9 * QUARTER, "Closing", "Hall")
    [day] = days_of([coffee, lab, talk, late])
    assert day.rooms == (("Room 2", 1), ("Hall", 1))
    assert [
        [(cell.item and cell.item.title, cell.rows, cell.columns) for cell in line.cells] for line in day.lines
    ] == [
        [("Lab", 1, 1), ("Talk", 2, 1)],
        [(None, 1, 1)],
        [("Coffee", 1, 2)],
        [(None, 1, 1), ("Closing", 1, 1)],
    ]


def test_what_is_never_at_once_is_a_list_whatever_the_rooms() -> None:
    first, second = (
        Item(NINE + at * QUARTER, NINE + (at + 4) * QUARTER, room, room) for at, room in ((0, "Hall"), (6, "Lab"))
    )
    [day] = days_of([second, first, Item(NINE + 4 * QUARTER, NINE + 6 * QUARTER, "Tea", "Foyer", is_break=True)])
    assert day.rooms == (("", 1),)
    assert [[cell.item and cell.item.title for cell in line.cells] for line in day.lines] == [
        ["Hall"],
        ["Tea"],
        ["Lab"],
    ]


def test_a_break_of_no_room_stands_in_a_room_that_is_free_and_makes_up_none() -> None:
    talk, lab = Item(NINE, NINE + 8 * QUARTER, "Talk", "Hall"), Item(NINE, NINE + 2 * QUARTER, "Lab", "Room 2")
    coffee = Item(NINE + 3 * QUARTER, NINE + 4 * QUARTER, "Coffee", is_break=True)
    [day] = days_of([talk, lab, coffee])
    assert day.rooms == (("Room 2", 1), ("Hall", 1))
    [row] = [line for line in day.lines if coffee in [cell.item for cell in line.cells]]
    assert row.cells[0].item == coffee


def test_days_stand_apart_and_a_break_beside_a_session_stays_in_its_lane() -> None:
    talk = Item(NINE, NINE + 4 * QUARTER, "Talk", "Hall")
    lunch = Item(NINE + QUARTER, NINE + 2 * QUARTER, "Lunch", "Hall", is_break=True)
    tomorrow = Item(NINE + timedelta(days=1), NINE + timedelta(days=1, hours=1), "More", "Hall")
    first, second = days_of([talk, lunch, tomorrow])
    assert first.rooms == (("Hall", 2),)
    assert second.day == first.day + timedelta(days=1)
