"""Where the `programme` command begins: nothing looks for garbage while it loads, for a third of the time."""

import gc
from importlib import import_module


def main() -> None:
    """Load everything, leave that out of every later collection, and run the command."""
    gc.disable()
    loaded = import_module("programme.app")
    gc.freeze()
    gc.enable()
    loaded.main()
