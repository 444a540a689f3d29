"""A timetable told in lines: in order, short, and no more of them than a client shows."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.timetable.drawing import Item
from programme.engines.calendar.timetable.telling import HEAD, LONGEST_LINE, MOST_LINES, told
from tests.factories.things import SOON

MINUTE = timedelta(minutes=1)
ITEMS = st.builds(
    lambda after, minutes, title, room, is_break: Item(
        SOON + after * MINUTE, SOON + (after + minutes) * MINUTE, title, room, is_break=is_break
    ),
    st.integers(0, 6000),
    st.integers(1, 600),
    st.text(max_size=300),
    st.text(max_size=300),
    st.booleans(),
)


@given(st.lists(ITEMS, max_size=60), st.randoms())
def test_lines_are_short_and_few_and_the_same_in_any_order(items: list[Item], chance: object) -> None:
    text = told(items, first=SOON)
    lines = text.split("\n") if text else []
    assert len(lines) <= MOST_LINES + 2
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert (len(lines) - 1 if items else 0) == min(len(items), MOST_LINES + 1)
    chance.shuffle(items)  # type: ignore[attr-defined]
    assert told(items, first=SOON) == text


def test_parts_and_breaks_stand_in_order_by_london_s_clock_and_another_day_is_named() -> None:
    items = [
        Item(SOON + 60 * MINUTE, SOON + 90 * MINUTE, "Coffee", "Foyer", is_break=True),
        Item(SOON + 1440 * MINUTE, SOON + 1500 * MINUTE, "Panel"),
        Item(SOON, SOON + 60 * MINUTE, "Opening\nsession", "Room 2"),
    ]
    assert told(items, first=SOON).split("\n") == [
        HEAD,
        "14:00 Opening session, Room 2",
        "15:00 to 15:30 Coffee, Foyer",
        "Wed 17 Feb, 14:00 Panel",
    ]
    assert told([], first=SOON) == ""


def test_of_a_long_timetable_the_rest_is_counted() -> None:
    items = [Item(SOON + n * MINUTE, SOON + (n + 1) * MINUTE, f"Slot {n}") for n in range(MOST_LINES + 12)]
    assert told(items, first=SOON).endswith(f"Slot {MOST_LINES - 1}\nand 12 more on its page")
