"""The version in the addresses of static files: it changes when any of them does."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def version(root: Path) -> str:
    """Return a short digest over every static file."""
    digest = hashlib.sha256()
    for path in sorted((root / "static").rglob("*")):
        if path.is_file():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
