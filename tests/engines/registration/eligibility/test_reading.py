"""Files of people become lines that can be looked at: whatever separates the values, with heads or without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.refusal import Refusal
from programme.engines.registration.eligibility.reading import LARGEST_FILE, lines_of_file
from programme.engines.registration.roll.pasted import people_in


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"ada@example.org\nben@example.org\n", "ada@example.org\nben@example.org"),
        (b"Ada Marlstone,ada@example.org", "Ada Marlstone <ada@example.org>"),
        (b"Name;E-mail\r\nAda;ada@example.org\r\n", "Ada <ada@example.org>"),
        (b"Surname,First name,Email\nMarlstone,Ada,ada@example.org", "Marlstone Ada <ada@example.org>"),
        (b'"Marlstone, Ada",ada@example.org', "Marlstone, Ada <ada@example.org>"),
        ("\ufeffemail,name\nada@example.org,Zoë".encode(), "Zoë <ada@example.org>"),
        ("Zoë\tada@example.org".encode("cp1252"), "Zoë <ada@example.org>"),
        (b"name,email\nAda,\n,,\nBen,ben@example.org", "Ada\nBen <ben@example.org>"),
        (b"ada@example.org\rben@example.org\r", "ada@example.org\nben@example.org"),
        (b"", ""),
    ],
)
def test_rows_become_lines(content: bytes, expected: str) -> None:
    assert lines_of_file(content) == expected


def test_a_row_without_an_address_stays_to_be_told_of() -> None:
    lines = people_in(lines_of_file(b"name,email\nAda,\nBen,ben@example.org\nBen again,ben@example.org\nCleo,cleo@"))
    assert [(one.name, bool(one.problem)) for one in lines] == [
        ("Ada", True),
        ("Ben", False),
        ("Ben again", True),
        ("Cleo", True),
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0", b"a" * (LARGEST_FILE + 1), b'"' + b"x" * 200_000 + b"\n"])
def test_what_is_no_such_file_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        lines_of_file(content)
    assert refused.value.field == "file"


@given(st.binary(max_size=400) | st.text('ab@.,;\t\r\n"<> e-mailnam', max_size=400).map(str.encode))
def test_whatever_is_in_a_file_it_becomes_lines_or_is_refused(content: bytes) -> None:
    try:
        lines = lines_of_file(content)
    except Refusal:
        return
    assert all(one.problem or "@" in one.address for one in people_in(lines))
