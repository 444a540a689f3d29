"""Addresses as headers may hold them: of people, of the web, of a message."""

from __future__ import annotations

import hashlib
import hmac
import re
from email.headerregistry import Address
from functools import lru_cache

import idna

from programme.engines.mail.wire.headers.words import header_text

LONGEST_NAME = 120
LONGEST_ADDRESS = 254
UNSAFE_IN_NAMES = re.compile(r'[",:;<>@()\[\]\\]')
LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
WEB_ADDRESS = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~]{1,900}")
MESSAGE_ID_LETTERS = 32


class Unsendable(Exception):  # noqa: N818  a state of the letter, told to the organiser
    """This letter can never be sent as it is; the text says why."""


def mailbox(name: str, address: str) -> Address:
    """Return a name and address for a header; whatever could add a second recipient is taken out of the name."""
    local, _, domain = on_the_wire(address).rpartition("@")
    shown = header_text(UNSAFE_IN_NAMES.sub(" ", name), longest=LONGEST_NAME)
    return Address(display_name=shown, username=local, domain=domain)


def on_the_wire(address: str) -> str:
    """Return the address with its domain in ASCII letters; the local part stays as it is.

    Raises Unsendable where the text is no address.
    """
    local, _, domain = address.rpartition("@")
    if not LOCAL_PART.fullmatch(local) or not domain or len(address) > LONGEST_ADDRESS:
        raise Unsendable(f"{header_text(address) or 'Nothing'} cannot be an e-mail address.")
    return f"{local}@{ascii_domain(domain)}"


@lru_cache(4096)
def ascii_domain(domain: str) -> str:
    """Return the domain as the network spells it."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise Unsendable(f"{header_text(domain)} cannot be the domain of an e-mail address.") from None


def web_address(text: str) -> str:
    """Return an address of the web as a header may hold it; raises Unsendable where it is none."""
    if not WEB_ADDRESS.fullmatch(text):
        raise Unsendable("The address by which this letter is declined cannot be written.")
    return text


def is_address(text: str) -> bool:
    """Whether `text` can be an address."""
    try:
        return bool(on_the_wire(text))
    except Unsendable:
        return False


def message_id(key: str, *, secret: str, sender: str) -> str:
    """Return the Message-ID that a letter under `key` always has, at the sender's domain."""
    digest = hmac.new(secret.encode(), f"message-id:{key}".encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:MESSAGE_ID_LETTERS]}@{on_the_wire(sender).rpartition('@')[2]}>"
