"""Links to sign: the secret address of one signature, reckoned from the installation's key, never stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

PURPOSE = b"sign"
MAC_BYTES = 24
OLDEST_KNOWN = 50
"""So many versions back a link is told that it has ended; an older one is as good as invented."""


@dataclass(frozen=True, slots=True)
class SignatureLinks:
    """Makes and checks links to sign. `base_url` has no trailing slash. A link ends when the version rises."""

    secret: str
    base_url: str

    def token(self, signature_id: int, *, version: int) -> str:
        """Return a signature's token: its id and a mark that only we can make."""
        told = PURPOSE + f":{signature_id}:{version}".encode()
        digest = hmac.digest(self.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
        return f"{signature_id}-{base64.urlsafe_b64encode(digest).decode()}"

    def path(self, signature_id: int, *, version: int) -> str:
        """Return the address on this site."""
        return f"/signatures/{self.token(signature_id, version=version)}"

    def url(self, signature_id: int, *, version: int) -> str:
        """Return the whole address, for letters."""
        return f"{self.base_url}{self.path(signature_id, version=version)}"

    def opens(self, token: str, signature_id: int, *, version: int) -> bool:
        """Whether `token` is this signature's; compared in constant time."""
        own = self.token(signature_id, version=version).encode()
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), own)

    def once_opened(self, token: str, signature_id: int, *, version: int) -> bool:
        """Whether `token` was this signature's before."""
        earlier = range(max(0, version - OLDEST_KNOWN), version)
        return any(self.opens(token, signature_id, version=one) for one in earlier)
