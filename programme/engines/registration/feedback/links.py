"""Links to the form that is asked afterwards: the secret address of one registration for this alone."""

from __future__ import annotations

from programme.core.tokens import SecretLinks
from programme.engines.registration.models import Registration


class FeedbackLinks(SecretLinks[Registration]):
    """Makes and checks the links; each ends with the link that its registration is managed by."""

    purpose, noun = "say how it was", "feedback"
    octets = 18
