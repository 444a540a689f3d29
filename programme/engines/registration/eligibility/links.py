"""Links of invitations: secret addresses, reckoned from the installation's key as those of registrations are."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from programme.core.tokens import is_same, seal

if TYPE_CHECKING:
    from programme.engines.registration.eligibility.models import Invitation
    from programme.engines.registration.links import Links

PURPOSE = "an invitation"
INVITATION = "invitation"
"""What letters about an invitation say that they are about."""
VERSION_BITS = 62
"""As many as a number in the database has, but for its sign and one to spare."""


def new_version() -> int:
    """Return a random version for the link of a new invitation."""
    return secrets.randbits(VERSION_BITS)


def token_of(links: Links, invitation_id: int, *, version: int) -> str:
    """Return the token of an invitation: its id and a mark that only we can make."""
    return f"{invitation_id}-{seal(links.secret, f'{PURPOSE}:{invitation_id}:{version}')}"


def url_of(links: Links, invitation_id: int, *, version: int) -> str:
    """Return the whole address, for letters."""
    return f"{links.base_url}/invitations/{token_of(links, invitation_id, version=version)}"


def opens(links: Links, token: str, invitation: Invitation) -> bool:
    """Whether `token` opens `invitation`."""
    return is_same(token, token_of(links, invitation.id, version=invitation.link_version))
