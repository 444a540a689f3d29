"""Links to sign: the secret address of one signature."""

from __future__ import annotations

from programme.core.tokens import SecretLinks
from programme.strands.cohorts.models import Signature


class SignatureLinks(SecretLinks[Signature]):
    """Makes and checks links to sign."""

    purpose, noun = "sign", "signatures"
