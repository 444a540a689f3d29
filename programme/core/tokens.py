"""Secrets in addresses: made random and stored hashed, or reckoned from our key; compared in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from programme.core.database import LARGEST_ID

TOKEN_BYTES = 24
SEAL_BYTES = 24
LONGEST_TOKEN = 80
OLDEST_KNOWN = 50
"""So many versions back a link is told that it has ended; an older one is as good as invented."""


def new_token() -> str:
    """Return a fresh secret of 192 bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what the database keeps of `token`: a look-up by it leaks nothing of the secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def mark_of(shown: object) -> str:
    """Return a mark of what a form was made from: what reads otherwise has another."""
    return token_hash(repr(shown))[:32]


def new_version() -> int:
    """Return where the versions of a link begin: at random, as SQLite gives the number of a deleted row away again.

    So that the link to what is gone never opens what bears its number now.
    """
    return secrets.randbelow(2**31)


def seal(secret: str, told: str, *, octets: int = SEAL_BYTES) -> str:
    """Return what proves that we told something, and for which purpose, safe in an address: 192 bits, or as said."""
    digest = hmac.digest(secret.encode(), told.encode(), hashlib.sha256)[:octets]
    return base64.urlsafe_b64encode(digest).decode()


def is_same(token: str, right: str) -> bool:
    """Whether a token that came from outside is the right one; compared in constant time."""
    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), right.encode())


def id_in(token: str) -> int | None:
    """Return the id that a token claims to be about, or None where it cannot be one."""
    digits = token.partition("-")[0]
    if len(token) > LONGEST_TOKEN or not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits)
    return number if 0 < number <= LARGEST_ID else None


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SecretLinks(Generic[Row]):
    """Makes and checks secret addresses of one purpose, reckoned from our key and never stored (decision 0004).

    `base_url` has no trailing slash. Each kind says for what purpose its links are, so that one of another kind opens
    nothing, and under which `noun` its pages are. Neither may change: links that were sent would end. A row has an `id`
    and a `link_version`; raising that ends every link told before.
    """

    purpose: ClassVar[str]
    noun: ClassVar[str]
    octets: ClassVar[int] = SEAL_BYTES

    secret: str
    base_url: str

    def token(self, row: Row) -> str:
        """Return the token of a row: its id and a seal that only we can make."""
        number, version = known_by(row)
        return self.token_of(number, version=version)

    def token_of(self, number: int, *, version: int) -> str:
        """Return the same of a row that is known by its id and the version of its link alone."""
        return f"{number}-{seal(self.secret, f'{self.purpose}:{number}:{version}', octets=self.octets)}"

    def path(self, row: Row) -> str:
        """Return the address on this site."""
        return f"/{self.noun}/{self.token(row)}"

    def url(self, row: Row) -> str:
        """Return the whole address, for letters and calendars."""
        return f"{self.base_url}{self.path(row)}"

    def url_of(self, number: int, *, version: int) -> str:
        """Return the same of a row that is known by its id and the version of its link alone."""
        return f"{self.base_url}/{self.noun}/{self.token_of(number, version=version)}"

    def opens(self, token: str, row: Row) -> bool:
        """Whether `token` is this row's."""
        return is_same(token, self.token(row))

    def once_opened(self, token: str, row: Row) -> bool:
        """Whether `token` was this row's before."""
        number, version = known_by(row)
        earlier = range(max(0, version - OLDEST_KNOWN), version)
        return any(is_same(token, self.token_of(number, version=one)) for one in earlier)


def known_by(row: Any) -> tuple[int, int]:
    """Return what a link knows its row by: any model that has both, which no protocol says of mapped columns."""
    return row.id, row.link_version
