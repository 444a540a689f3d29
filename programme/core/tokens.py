"""Secrets in addresses: made random, stored hashed, compared in constant time."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 24


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
