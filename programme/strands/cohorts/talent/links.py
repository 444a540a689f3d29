"""Links to say where one is: the secret address of one destination, reckoned from the installation's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

PURPOSE = b"say a destination"
MAC_BYTES = 24


@dataclass(frozen=True, slots=True)
class DestinationLinks:
    """Makes and checks links. `base_url` has no trailing slash."""

    secret: str
    base_url: str

    def token(self, destination_id: int, *, version: int) -> str:
        """Return a destination's token: its id and a mark that only we can make."""
        told = PURPOSE + f":{destination_id}:{version}".encode()
        digest = hmac.digest(self.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
        return f"{destination_id}-{base64.urlsafe_b64encode(digest).decode()}"

    def url(self, destination_id: int, *, version: int) -> str:
        """Return the whole address, for letters."""
        return f"{self.base_url}/destinations/{self.token(destination_id, version=version)}"

    def opens(self, token: str, destination_id: int, *, version: int) -> bool:
        """Whether `token` is this destination's; compared in constant time."""
        own = self.token(destination_id, version=version).encode()
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), own)
