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

    Looking for it takes a third of the time, and finds next to none: modules stay. Whatever else is there by then is
    left alone for good, too, so that this is for the beginning of a process.
    """
    if name in sys.modules:
        return import_module(name)  # another thread may be at it still
    was_looking = gc.isenabled()
    gc.disable()
    try:
        loaded = import_module(name)
        gc.freeze()
        return loaded
    finally:
        if was_looking:
            gc.enable()
