"""An address as the list of those that get no letters knows it."""

from __future__ import annotations

import hashlib


def address_hash(address: str) -> str:
    """Return the hash of an address: the same for every way of writing it in capitals."""
    return hashlib.sha256(f"suppressed:{address.strip().casefold()}".encode("utf-8", "surrogatepass")).hexdigest()
