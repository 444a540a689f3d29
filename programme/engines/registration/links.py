"""Manage links: the secret address of one registration."""

from __future__ import annotations

from programme.core.tokens import SecretLinks
from programme.engines.registration.models import Registration


class Links(SecretLinks[Registration]):
    """Makes and checks manage links."""

    purpose, noun = "manage a registration", "registrations"
