"""Codes for the door: the secret address of a chair at one event, reckoned from our key and never stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.tokens import LONGEST_TOKEN, id_in, is_same, seal

if TYPE_CHECKING:
    from programme.engines.registration.models import Seat

PURPOSE = "come in at the door"
SEAL_BYTES = 18
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
        told = f"{PURPOSE}:{seat.id}:{seat.event_id}:{row.id}:{row.link_version}"
        return f"{seat.id}-{seal(self.secret, told, octets=SEAL_BYTES)}"

    def path(self, seat: Seat) -> str:
        """Return the address on this site."""
        return f"/check-in/{self.token(seat)}"

    def url(self, seat: Seat) -> str:
        """Return the whole address, for the picture of the code."""
        return f"{self.base_url}{self.path(seat)}"

    def opens(self, token: str, seat: Seat) -> bool:
        """Whether `token` is the code of `seat`."""
        return is_same(token, self.token(seat))


def token_in(text: str) -> str | None:
    """Return the token in what was read from a ticket: the whole address, or the token alone."""
    words = text.strip()[:LONGEST_CODE]
    found = IN_ADDRESS.search(words)
    if found:
        return found[1]
    return words if id_in(words) and "-" in words and len(words) <= LONGEST_TOKEN else None
