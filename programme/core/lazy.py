"""The one place where heavy libraries are loaded, at their first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def load(name: str) -> ModuleType:
    """Import `name` now; the second call costs a dictionary look-up."""
    return import_module(name)
