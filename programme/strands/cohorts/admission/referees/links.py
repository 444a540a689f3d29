"""Links to a reference: the secret address of one referee about one applicant, reckoned from our key, never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.strands.cohorts.models import Reference

PURPOSE = b"write a reference"
MAC_BYTES = 24


@dataclass(frozen=True, slots=True)
class ReferenceLinks:
    """Makes and checks the links; `base_url` has no trailing slash."""

    secret: str
    base_url: str

    def token(self, row: Reference) -> str:
        """Return the token of a reference: its id and a mark that only we can make."""
        told = PURPOSE + f":{row.id}:{row.link_version}".encode()
        digest = hmac.digest(self.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
        return f"{row.id}-{base64.urlsafe_b64encode(digest).decode()}"

    def url(self, row: Reference) -> str:
        """Return the whole address, for letters."""
        return f"{self.base_url}/references/{self.token(row)}"

    def opens(self, token: str, row: Reference) -> bool:
        """Whether `token` is this reference's; compared in constant time."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token(row).encode())
