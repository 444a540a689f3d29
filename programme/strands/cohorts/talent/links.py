"""Links to say where one is: the secret address of one destination."""

from __future__ import annotations

from programme.core.tokens import SecretLinks
from programme.strands.cohorts.models import Destination


class DestinationLinks(SecretLinks[Destination]):
    """Makes and checks links to destinations."""

    purpose, noun = "say a destination", "destinations"
