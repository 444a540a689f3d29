"""The return path of a letter: an address of its own, so that what comes back says by itself which letter it was.

`bounces+17.k3v7…@programme.example.ac.uk`: the letter's number, and a mark that only we can make.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

TOKEN = re.compile(r"\+(\d{1,19})\.([a-z2-7]{12})@", re.IGNORECASE)
MARK_LETTERS = 12
"""60 bits, in letters and digits that survive a mail system which writes everything in capitals."""
LARGEST = 2**63 - 1
TRIAL, TRIAL_KEY = 0, "mail-check"
"""Number and key of a letter that is in no outbox: of `programme mail-check`."""


class Room(Protocol):
    """What a mail room knows of return paths; `bounce_address` is empty where nobody reads what comes back."""

    @property
    def mail_from(self) -> str:
        """Return the one address that letters come from."""

    @property
    def bounce_address(self) -> str:
        """Return the address that bounces come to."""

    @property
    def secret(self) -> str:
        """Return the key of the installation."""


class Letter(Protocol):
    """A row of the outbox."""

    id: int
    dedup_key: str


@dataclass(frozen=True, slots=True)
class Token:
    """A letter's number and its mark, as an address has them; not yet proved."""

    number: int
    mark: str


def envelope_sender(room: Room, row: Letter) -> str:
    """Return the return path of a letter: its own, or the sender's address where nobody reads what comes back."""
    return return_path(room, number=row.id, key=row.dedup_key)


def return_path(room: Room, *, number: int, key: str) -> str:
    """Return the return path of the letter of a number and a key."""
    if not room.bounce_address:
        return room.mail_from
    local, _, domain = room.bounce_address.rpartition("@")
    return f"{local}+{number}.{mark(room.secret, number=number, key=key)}@{domain}"


def mark(secret: str, *, number: int, key: str) -> str:
    """Return what proves that we gave a letter its return path.

    The key is in it, too: a number may be given again when the newest letter of a small database is deleted.
    """
    digest = hmac.digest(secret.encode(), f"return path:{number}:{key}".encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:MARK_LETTERS]


def tokens_in(addresses: Iterable[str]) -> tuple[Token, ...]:
    """Return the tokens that addresses hold."""
    found = (TOKEN.search(address) for address in addresses)
    tokens = (Token(int(match[1]), match[2].lower()) for match in found if match)
    return tuple(dict.fromkeys(token for token in tokens if token.number <= LARGEST))


def is_ours(token: Token, *, secret: str, key: str) -> bool:
    """Whether we made a token for the letter of a key; compared in constant time."""
    return hmac.compare_digest(token.mark, mark(secret, number=token.number, key=key))
