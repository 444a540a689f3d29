"""The letters of the strands, for the catalogue of all letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.letters import catalogue as cohorts
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.links import SignatureLinks

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter


def letters(secret: str, base_url: str) -> tuple[Letter, ...]:
    """Return every kind of letter of every strand; `secret` is what links are reckoned from."""
    return cohorts.letters(SignatureLinks(secret, base_url), SIGNED_THINGS)
