"""Codes for the door: the secret address of a chair at one event, reckoned from our key and never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.database import LARGEST_ID
from programme.engines.registration.links import LONGEST_TOKEN, id_in

if TYPE_CHECKING:
    from programme.engines.registration.models import Seat

PURPOSE = b"come in at the door"
MAC_BYTES = 18
IN_ADDRESS = re.compile(r"/check-in/([0-9]{1,19}-[A-Za-z0-9_-]{1,60})/?(?:[?#].*)?$")
LONGEST_CODE = 500


@dataclass(frozen=True, slots=True)
class Codes:
    """Makes and checks codes. `base_url` has no trailing slash.

    A code opens one event only, and ends with the link that its registration is managed by.
    """

    secret: str
    base_url: str

    def token(self, seat: Seat) -> str:
        """Return a chair's token: its id and a mark that only we can make."""
        row = seat.registration
        told = PURPOSE + f":{seat.id}:{seat.event_id}:{row.id}:{row.link_version}".encode()
        digest = hmac.digest(self.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
        return f"{seat.id}-{base64.urlsafe_b64encode(digest).decode()}"

    def path(self, seat: Seat) -> str:
        """Return the address on this site."""
        return f"/check-in/{self.token(seat)}"

    def url(self, seat: Seat) -> str:
        """Return the whole address, for the picture of the code."""
        return f"{self.base_url}{self.path(seat)}"

    def opens(self, token: str, seat: Seat) -> bool:
        """Whether `token` is the code of `seat`; compared in constant time."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token(seat).encode())


def token_in(text: str) -> str | None:
    """Return the token in what was read from a ticket: the whole address, or the token alone."""
    words = text.strip()[:LONGEST_CODE]
    found = IN_ADDRESS.search(words)
    if found:
        return found[1]
    return words if id_in(words) and "-" in words and len(words) <= LONGEST_TOKEN else None


def seat_id_in(token: str) -> int | None:
    """Return the id of the chair that a token claims to be about, or None where it cannot be one."""
    number = id_in(token)
    return number if number is not None and number <= LARGEST_ID else None
