"""Reading the address of something to fetch: what may be asked for at all, before any name is looked up."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import idna

from programme.core.fetching.addresses import is_public
from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection
    from urllib.parse import SplitResult

LONGEST = 1_000
PORTS = {"https": 443, "http": 80}
CALENDARS = {"webcal": "https", "webcals": "https"}
"""How calendars spell the web."""
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_SAFE = "/:@!$&'()*+,;=~-._%"
_LOCAL = ("localhost", "local", "localdomain", "internal", "intranet", "home.arpa", "lan")


class Target(NamedTuple):
    """Where something is fetched: `host` in letters that the network knows, `path` with the question after it."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool
    """Whether whoever runs the installation named this host: then its addresses are not asked about."""

    @property
    def url(self) -> str:
        """Spell the address in one way."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def target_of(text: str, *, allowed: Collection[str] = ()) -> Target:
    """Read an address of the web (webcal, too); `allowed` are hosts, or `host:port`, that may be anything at all.

    Raises Refusal, with a sentence for the person, for what is never fetched: another scheme, port or spelling, a name
    and password, and addresses and names of networks that are not the public's.
    """
    parts, host, port = _parted(text)
    scheme = CALENDARS.get(parts.scheme, parts.scheme)
    path = quote(parts.path or "/", safe=_SAFE)
    question = f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else ""
    asked = port or PORTS[scheme]
    is_allowed = host in allowed or f"{host}:{asked}" in allowed
    found = Target(scheme, host, asked, path + question, is_allowed)
    if not is_allowed:
        _check(found)
    return found


def followed(before: Target, location: str, *, allowed: Collection[str] = ()) -> Target:
    """Read where a redirect leads, by the same rule; never from an encrypted address to one that is not."""
    try:
        joined = urljoin(before.url, location.strip())
    except ValueError:
        raise Refusal("The address leads on to something that is no address.") from None
    found = target_of(joined, allowed=allowed)
    if before.scheme == "https" and found.scheme != "https":
        raise Refusal("The address leads on to one that is not encrypted, which we do not follow.")
    return found


def _parted(text: str) -> tuple[SplitResult, str, int | None]:
    text = text.strip()
    if len(text) > LONGEST:
        raise Refusal(f"The address is too long: {LONGEST:,} characters are the most.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Refusal("This is not an address on the web.") from None
    if CALENDARS.get(parts.scheme, parts.scheme) not in PORTS or not parts.hostname:
        raise Refusal("Give an address on the web that begins with https://, http:// or webcal://.")
    if "@" in parts.netloc:
        raise Refusal("The address has a name or password in it. Ask its owners for one without.")
    if any(not letter.isprintable() or letter.isspace() or letter == "\\" for letter in text):
        raise Refusal("The address has white space or a character in it that no address has.")
    return parts, _host(parts.hostname), port


def _host(written: str) -> str:
    """Spell a host as the network does: small letters, no full stop at its end, numbers in their usual form."""
    plain = written.lower().rstrip(".")
    try:
        return ip_address(plain).compressed
    except ValueError:
        pass
    try:
        return plain if plain.isascii() else idna.encode(plain, uts46=True).decode()
    except idna.IDNAError:
        raise Refusal("The name in the address cannot be one.") from None


def _check(target: Target) -> None:
    if target.port != PORTS[target.scheme]:
        raise Refusal(f"We fetch from the usual ports of the web only, not from port {target.port}.")
    if _is_number(target.host):
        if not is_public(target.host):
            raise Refusal(private(target.host))
        return
    labels = target.host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise Refusal(f"“{target.host[:60]}” is neither a name nor an address as usual.")
    if len(labels) == 1 or any(target.host == name or target.host.endswith(f".{name}") for name in _LOCAL):
        raise Refusal(private(target.host))


def private(host: str) -> str:
    """Say that a host is not the public's."""
    return f"“{host[:60]}” is not on the public internet, and we fetch from nowhere else."


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
