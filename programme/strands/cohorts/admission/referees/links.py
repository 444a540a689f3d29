"""Links to a reference: the secret address of one referee about one applicant."""

from __future__ import annotations

from programme.core.tokens import SecretLinks
from programme.strands.cohorts.models import Reference


class ReferenceLinks(SecretLinks[Reference]):
    """Makes and checks links to references."""

    purpose, noun = "write a reference", "references"
