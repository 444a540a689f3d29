"""Links to the form that is asked afterwards: the secret address of one registration for this alone, never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

PURPOSE = b"say how it was"
MAC_BYTES = 18


@dataclass(frozen=True, slots=True)
class FeedbackLinks:
    """Makes and checks the links; each ends with the link that its registration is managed by."""

    secret: str
    base_url: str

    def token(self, registration_id: int, *, version: int) -> str:
        """Return a registration's token: its id and a mark that only we can make."""
        told = PURPOSE + f":{registration_id}:{version}".encode()
        digest = hmac.digest(self.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
        return f"{registration_id}-{base64.urlsafe_b64encode(digest).decode()}"

    def path(self, registration_id: int, *, version: int) -> str:
        """Return the address on this site."""
        return f"/feedback/{self.token(registration_id, version=version)}"

    def url(self, registration_id: int, *, version: int) -> str:
        """Return the whole address, for letters."""
        return f"{self.base_url}{self.path(registration_id, version=version)}"

    def opens(self, token: str, registration_id: int, *, version: int) -> bool:
        """Whether `token` is this registration's; compared in constant time."""
        own = self.token(registration_id, version=version).encode()
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), own)
