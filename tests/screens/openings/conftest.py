"""What the pages are tested on: the evening of the roll, and who signs in."""

from tests.screens.roll.conftest import evening, olga, signed_in

__all__ = ["evening", "olga", "signed_in"]
