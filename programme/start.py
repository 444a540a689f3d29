"""Where the `programme` command begins: nothing looks for garbage while it loads, for a fifth of the time."""

import gc


def main() -> None:
    """Load everything, leave that out of every later collection, and run the command."""
    gc.disable()
    from programme.app import main as command  # noqa: PLC0415  what is to be loaded without a look at it

    gc.freeze()
    gc.enable()
    command()
