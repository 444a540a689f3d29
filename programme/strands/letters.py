"""The letters of the strands, for the catalogue of all letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.registration.links import Links
from programme.strands.cohorts.admission.letters import references, reviews
from programme.strands.cohorts.letters import catalogue as cohorts
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.links import SignatureLinks
from programme.strands.cohorts.talent import letters as talent
from programme.strands.cohorts.talent.links import DestinationLinks

if TYPE_CHECKING:
    from programme.engines.mail.ports import Letter


def letters(secret: str, base_url: str) -> tuple[Letter, ...]:
    """Return every kind of letter of every strand; `secret` is what links are reckoned from."""
    signed = cohorts.letters(SignatureLinks(secret, base_url), SIGNED_THINGS)
    links = Links(secret, base_url)
    of_admission = (*references.letters(links), *reviews.letters(links))
    return (*signed, *of_admission, *talent.letters(DestinationLinks(secret, base_url)))
