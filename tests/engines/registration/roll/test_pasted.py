"""Names and addresses from pasted lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.registration.roll.pasted import NO_ADDRESS, TWICE, people_in


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ada Marlstone <ada@example.ac.uk>", "Ada Marlstone"),
        ('"Marlstone, Ada" <ada@example.ac.uk>;', "Marlstone, Ada"),
        ("Ada Marlstone, ada@example.ac.uk", "Ada Marlstone"),
        ("Ada Marlstone\tada@example.ac.uk", "Ada Marlstone"),
        ("ada@example.ac.uk, Ada Marlstone", "Ada Marlstone"),
        ("Ada Marlstone ada@example.ac.uk", "Ada Marlstone"),
        ("<ada@example.ac.uk>", ""),
        ("  ada@example.ac.uk  ", ""),
    ],
)
def test_line_is_read_however_it_is_written(line: str, name: str) -> None:
    (one,) = people_in(line)
    assert (one.name, one.address, one.problem) == (name, "ada@example.ac.uk", "")


def test_blank_lines_are_skipped_and_numbers_stay_those_of_the_list() -> None:
    assert [one.number for one in people_in("\na@example.org\n\nb@example.org\n")] == [2, 4]


def test_same_address_counts_once() -> None:
    first, second = people_in("a@example.org\nA@Example.org")
    assert (first.problem, second.problem) == ("", TWICE)


def test_line_without_an_address_says_so() -> None:
    assert people_in("Ada Marlstone")[0].problem == NO_ADDRESS


@given(st.text(max_size=400))
def test_any_text_is_read_without_error(text: str) -> None:
    for one in people_in(text):
        assert one.problem or "@" in one.address
        assert one.number >= 1


@given(st.lists(st.integers(0, 20), max_size=30))
def test_good_lines_are_the_distinct_addresses_in_their_order(numbers: list[int]) -> None:
    text = "\n".join(f"Guest {number} <g{number}@example.org>" for number in numbers)
    good = [one.address for one in people_in(text) if not one.problem]
    assert good == list(dict.fromkeys(f"g{number}@example.org" for number in numbers))
