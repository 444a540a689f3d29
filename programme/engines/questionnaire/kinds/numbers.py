"""Numbers, and the bounds that organisers set. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked

LARGEST = Decimal(10) ** 12
MOST_DIGITS = 5
LONGEST_NUMBER, MOST_PLACES = 40, 20
"""Letters as typed, and digits before or after the point: written out, 1e-999999999 would be a gigabyte."""


class Number(Kind):
    """A number, perhaps within bounds; kept as text, so that 0.10 stays what it was."""

    name, title = "number", "Number"
    about = "Within bounds, if you like."
    wanted = "Enter a number."
    has_bounds = True

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the number in plain digits."""
        if not raw:
            return None
        number = decimal(raw[0])
        if number is None or abs(number) > LARGEST:
            raise Refusal("Enter a number in digits, like 12 or 2.5.")
        least, most = decimal(asked.least), decimal(asked.most)
        if (least is not None and number < least) or (most is not None and number > most):
            raise Refusal(f"Enter {between(asked.least, asked.most)}.")
        return f"{number:f}"


def decimal(text: str) -> Decimal | None:
    """Read a number as people type it; None where it is none."""
    try:
        number = Decimal(text.strip().replace(",", "")) if text and len(text) <= LONGEST_NUMBER else None
    except InvalidOperation:
        return None
    return number if number is not None and is_short(number) else None


def is_short(number: Decimal) -> bool:
    """Whether a number can be written out in a few digits."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and abs(exponent) <= MOST_PLACES and abs(number.adjusted()) <= MOST_PLACES


def whole(text: str) -> int:
    """Read a count; 0 where there is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else 0


def between(least: str, most: str) -> str:
    """Say the bounds of a number."""
    if least and most:
        return f"a number from {least} to {most}"
    return f"{least} or more" if least else f"{most} or less"
