"""The secret address of a draft: reckoned like the link of a registration, for another purpose."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from programme.core.tokens import is_same, seal

if TYPE_CHECKING:
    from programme.engines.registration.drafts.models import Draft
    from programme.engines.registration.links import Links

PURPOSE = "go on with a draft"
VERSION_BITS = 31
"""As many as the column has, but for its sign."""


def new_version() -> int:
    """Return a random version for the link of a draft: the number of one that is gone may be given to another."""
    return secrets.randbits(VERSION_BITS)


def draft_token(links: Links, draft: Draft) -> str:
    """Return the token of a draft: its id, the version of its link, and a mark that only we can make."""
    return token_of(links, draft.id, version=draft.link_version)


def token_of(links: Links, draft_id: int, *, version: int) -> str:
    """Return a token; it tells its version, so that one of a draft that is gone can still be told from an invented."""
    return f"{draft_id}-{version}-{seal(links.secret, f'{PURPOSE}:{draft_id}:{version}')}"


def draft_path(links: Links, draft: Draft) -> str:
    """Return the address on this site."""
    return f"/drafts/{draft_token(links, draft)}"


def draft_url(links: Links, draft: Draft) -> str:
    """Return the whole address, for letters."""
    return f"{links.base_url}{draft_path(links, draft)}"


def opened_by(links: Links, token: str, draft_id: int) -> int | None:
    """Return the version of the link that a token of ours opens, compared in constant time; None of an invented one."""
    digits = token.split("-", 2)[1] if token.count("-") > 1 else ""
    if not (digits.isascii() and digits.isdecimal()):
        return None
    right = token_of(links, draft_id, version=int(digits))
    return int(digits) if is_same(token, right) else None
