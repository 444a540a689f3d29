"""Every kind of letter of doctoral cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.letters import signing, waiting
from programme.strands.cohorts.reminding import letters as reminding
from programme.strands.cohorts.training.compulsory import telling as compulsory

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter
    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import SignedThings


def letters(links: SignatureLinks, things: SignedThings) -> tuple[Letter, ...]:
    """Return them; each carries its own description."""
    own = (*signing.letters(links, things), *waiting.letters(links, things))
    return (*own, *reminding.letters(links.base_url), *compulsory.letters(links.base_url))
