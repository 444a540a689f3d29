"""The secret address of a draft: reckoned like the link of a registration, for another purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.engines.registration.drafts.models import Draft
    from programme.engines.registration.links import Links

PURPOSE = b"go on with a draft"
MAC_BYTES = 24


def draft_token(links: Links, draft: Draft) -> str:
    """Return the token of a draft: its id and a mark that only we can make."""
    told = PURPOSE + f":{draft.id}:{draft.link_version}".encode()
    digest = hmac.digest(links.secret.encode(), told, hashlib.sha256)[:MAC_BYTES]
    return f"{draft.id}-{base64.urlsafe_b64encode(digest).decode()}"


def draft_path(links: Links, draft: Draft) -> str:
    """Return the address on this site."""
    return f"/drafts/{draft_token(links, draft)}"


def draft_url(links: Links, draft: Draft) -> str:
    """Return the whole address, for letters."""
    return f"{links.base_url}{draft_path(links, draft)}"


def opens(links: Links, token: str, draft: Draft) -> bool:
    """Whether a token opens a draft; compared in constant time."""
    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), draft_token(links, draft).encode())
