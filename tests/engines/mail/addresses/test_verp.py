"""Return paths say which letter it was, and nobody but us can make one."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.mail.addresses.verp import LARGEST, envelope_sender, is_ours, return_path, tokens_in

SECRET = "s" * 32


@dataclass(frozen=True)
class Room:
    """A mail room, as far as return paths go."""

    mail_from: str = "programme@programme.example"
    bounce_address: str = "bounces@programme.example"
    secret: str = SECRET


@dataclass
class Row:
    """A letter."""

    id: int = 17
    dedup_key: str = "reminder:1:2"


@given(number=st.integers(0, LARGEST), key=st.text(), shout=st.booleans())
def test_return_path_says_which_letter_it_was(number: int, key: str, *, shout: bool) -> None:
    path = return_path(Room(), number=number, key=key)
    assert len(path.rpartition("@")[0]) <= 64
    [token] = tokens_in([path.upper() if shout else path])
    assert token.number == number
    assert is_ours(token, secret=SECRET, key=key)
    assert not is_ours(token, secret=SECRET, key=f"{key}x")
    assert not is_ours(token, secret="t" * 32, key=key)


@given(number=st.integers(0, LARGEST), mark=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=12, max_size=12))
def test_guessed_mark_is_not_ours(number: int, mark: str) -> None:
    [token] = tokens_in([f"bounces+{number}.{mark}@programme.example"])
    assert not is_ours(token, secret=SECRET, key="reminder:1:2")


def test_without_anybody_who_reads_bounces_the_sender_is_plain() -> None:
    assert envelope_sender(Room(bounce_address=""), Row()) == "programme@programme.example"
    assert envelope_sender(Room(), Row()).startswith("bounces+17.")
    assert envelope_sender(Room(), Row()).endswith("@programme.example")


def test_what_is_no_token_is_none() -> None:
    texts = [
        "bounces@x.example",
        "b+news@x.example",
        "b+1.short@x.example",
        "b+99999999999999999999.abcdefghijkl@x",
        "",
    ]
    assert tokens_in([*texts, f"b+{LARGEST + 1}.abcdefghijkl@x.example"]) == ()
