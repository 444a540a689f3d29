"""The setting IMAP_URL: the mailbox that bounces come to; and the address that they are sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

FORM = "imaps://user:password@host:993/INBOX or imap://user:password@host:143/INBOX"
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
RETURN_PATH = re.compile(r"[A-Za-z0-9._-]{1,30}@[A-Za-z0-9.-]+")
"""A local part has 64 letters at most; a letter's number and its mark take up to 33 of them."""
WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class Encryption(StrEnum):
    """How a connection is encrypted: from its first octet, by STARTTLS before anything else is said, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Inbox:
    """The mailbox that bounces come to, as IMAP reaches it."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    encryption: Encryption = Encryption.TLS
    authorities: Path | None = None


def inbox_at(text: str, *, authorities: Path | None = None) -> Inbox | None:
    """Read `imaps://user:password@host:993/INBOX`, or `imap://`, which encrypts unless it is told not to.

    Raises ValueError with a sentence for anything else: a mailbox is never read in clear by a slip.
    """
    if not text:
        return None
    parts = urlsplit(text)
    user, password, folder = (unquote(part or "") for part in (parts.username, parts.password, parts.path[1:]))
    if parts.scheme not in {"imap", "imaps"} or not (parts.hostname and user and password):
        raise ValueError(f"IMAP_URL must be {FORM}.")
    if not f"{user}{password}{folder}".isprintable():
        raise ValueError("IMAP_URL holds a character that no name, password or folder can have.")
    encryption = encryption_of(parts.scheme, parts.query)
    try:
        port = parts.port or (993 if encryption is Encryption.TLS else 143)
    except ValueError:
        raise ValueError("IMAP_URL has a port that is not a number.") from None
    return Inbox(parts.hostname, port, user, password, folder or "INBOX", encryption, authorities)


def encryption_of(scheme: str, query: str) -> Encryption:
    """Say how a connection is to be encrypted."""
    asked = parse_qs(query, keep_blank_values=True)
    answer = asked.get("starttls", ["1"])[-1].strip().lower()
    if set(asked) - {"starttls"} or answer not in WORDS or (scheme == "imaps" and asked):
        raise ValueError("IMAP_URL may end in ?starttls=1 or ?starttls=0 after imap://, and in nothing else.")
    if scheme == "imaps":
        return Encryption.TLS
    return Encryption.STARTTLS if WORDS[answer] else Encryption.NONE


def return_address(text: str) -> str:
    """Return the address that bounces go to, or nothing; raises ValueError where letters cannot put a mark into it."""
    if text and not RETURN_PATH.fullmatch(text):
        raise ValueError(f"BOUNCE_ADDRESS must be a short plain address like bounces@example.ac.uk, not {text!r}.")
    return text


def plain_address(text: str, *, name: str) -> str:
    """Return the address that a setting holds; raises ValueError where it is more or less than a plain one."""
    if not PLAIN_ADDRESS.fullmatch(text):
        raise ValueError(f"{name} must be a plain address like programme@example.ac.uk, not {text!r}.")
    return text
