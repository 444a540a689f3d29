"""Manage links: the secret address of one registration, reckoned from the installation's key, never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.database import LARGEST_ID

if TYPE_CHECKING:
    from programme.engines.registration.models import Registration

PURPOSE = b"manage a registration"
MAC_BYTES = 24
LONGEST_TOKEN = 80


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and checks manage links. `base_url` has no trailing slash. Decision 0004 says why they are reckoned."""

    secret: str
    base_url: str

    def token(self, registration: Registration) -> str:
        """Return the registration's token: its id and a mark that only we can make."""
        return self.token_of(registration.id, version=registration.link_version)

    def token_of(self, registration_id: int, *, version: int) -> str:
        """Return the token of a registration that is known by its id and the version of its link alone."""
        return f"{registration_id}-{self.mark(registration_id, version)}"

    def path(self, registration: Registration) -> str:
        """Return the address on this site."""
        return f"/registrations/{self.token(registration)}"

    def url(self, registration: Registration) -> str:
        """Return the whole address, for letters and calendars."""
        return f"{self.base_url}{self.path(registration)}"

    def url_of(self, registration_id: int, *, version: int) -> str:
        """Return the same of a registration that is known by its id and the version of its link alone."""
        return f"{self.base_url}/registrations/{self.token_of(registration_id, version=version)}"

    def opens(self, token: str, registration: Registration) -> bool:
        """Whether `token` opens `registration`; compared in constant time."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token(registration).encode())

    def mark(self, registration_id: int, version: int) -> str:
        """Return what proves that we told the link: 192 bits."""
        told = PURPOSE + f":{registration_id}:{version}".encode()
        digest = hmac.digest(self.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
        return base64.urlsafe_b64encode(digest).decode()


def id_in(token: str) -> int | None:
    """Return the id that a token claims to be about, or None where it cannot be one."""
    digits = token.partition("-")[0]
    if len(token) > LONGEST_TOKEN or not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits)
    return number if 0 < number <= LARGEST_ID else None
