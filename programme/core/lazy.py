"""The one place where anything is loaded later than at the top of a file: heavy libraries, verbs, the application."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def load(name: str) -> ModuleType:
    """Import `name` now; the second call costs a dictionary look-up."""
    return import_module(name)


def load_whole(name: str) -> ModuleType:
    """Import much at once, and for good: nobody looks for garbage in it, meanwhile or later.

    Looking for it takes a third of the time, and there is none: modules stay.
    """
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()
