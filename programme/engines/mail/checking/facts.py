"""What can be told of sender, return path and addresses in letters without asking the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from programme.engines.mail.ports import MailRoom

OF_OTHERS = frozenset(
    {"aol.com", "gmail.com", "gmx.com", "googlemail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com"}
)
"""Domains of which nobody can send but their owners: their rules (DMARC) ask servers to refuse all others."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happened: `is_ok` is None where it is neither good nor bad."""

    name: str
    is_ok: bool | None
    told: str


def good(name: str, told: str) -> Step:
    """Return a step that went well."""
    return Step(name, is_ok=True, told=told)


def bad(name: str, told: str) -> Step:
    """Return a step that did not."""
    return Step(name, is_ok=False, told=told)


def noted(name: str, told: str) -> Step:
    """Return something to know."""
    return Step(name, is_ok=None, told=told)


def facts(room: MailRoom, *, return_path: str) -> Iterator[Step]:
    """Say whether the domains of a letter fit together, and what their owner has to enter."""
    sender, back = domain_of(room.mail_from), domain_of(return_path)
    if sender in OF_OTHERS:
        told = f"{room.mail_from}: {sender} asks all servers to refuse letters that it did not send itself"
        yield bad("From", told)
    else:
        yield good("From", room.mail_from)
    if are_related(sender, back):
        yield good("Return path", f"{return_path}, aligned with From: SPF counts for DMARC")
    else:
        told = f"{return_path}: another domain than {sender}, so only DKIM counts for DMARC"
        yield bad("Return path", told)
    yield site(room.base_url, sender)
    yield noted("In the DNS", f"SPF of {back} must name the mail server; DMARC is read at _dmarc.{sender}")
    signed = "From, To, Subject, Date, Message-ID, List-Unsubscribe and List-Unsubscribe-Post"
    yield noted("To be signed", f"the mail server signs (DKIM) for {sender}: {signed}")


def site(base_url: str, sender: str) -> Step:
    """Say whether the addresses in letters are of the domain that they come from, and open enough for one click."""
    parts = urlsplit(base_url)
    if parts.scheme != "https":
        return bad("Links", f"{base_url}: mail programs decline letters with one click over https only")
    host = parts.hostname or ""
    if are_related(host, sender):
        return good("Links", base_url)
    return noted("Links", f"{base_url} is of another domain than {sender}: some filters wonder")


def domain_of(address: str) -> str:
    """Return the domain of an address."""
    return address.rpartition("@")[2].lower()


def are_related(one: str, other: str) -> bool:
    """Whether two domains are of one owner, as far as their names tell: the same, one under the other, or neighbours.

    Under a country's two letters owners often begin at the third label (`example.ac.uk`), so three must agree there.
    """
    first, second = one.split(".")[::-1], other.split(".")[::-1]
    same = next((n for n, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), None)
    agreeing = min(len(first), len(second)) if same is None else same
    return one == other or agreeing >= (3 if len(first[0]) == 2 else 2)  # noqa: PLR2004
