"""What each kind of question accepts, keeps and says. Pure: the texts a browser sends in, a value or a refusal out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from programme.core.refusal import Refusal
from programme.core.web.words import long_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_LINE, LONGEST_TEXT, LONGEST_ADDRESS = 500, 10_000, 254
LARGEST = Decimal(10) ** 12
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")
MOST_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as its kind reads it: hashable, so that a form can be kept by what it asks.

    `options` are the choices of one_of and many_of; `least` and `most` bound how many of them, or a number's value.
    """

    id: int
    kind: str
    label: str
    hint: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    least: str = ""
    most: str = ""


class Kind:
    """A kind of question. `wanted` is the sentence where a required answer is missing."""

    name: ClassVar[str]
    title: ClassVar[str]
    wanted: ClassVar[str] = "Answer this question."
    has_options: ClassVar[bool] = False
    has_bounds: ClassVar[bool] = False

    def read(self, asked: Asked, raw: Sequence[str]) -> Any:
        """Return the value of what was sent, None for nothing; Refusal where it is missing or wrong."""
        value = self.value(asked, [text for text in raw if text.strip()])
        if asked.is_required and value in (None, False):
            raise Refusal(self.missing(asked))
        return value

    def missing(self, asked: Asked) -> str:
        """Return the sentence for a missing answer, which names the question: a page may ask several."""
        return f"{self.wanted.removesuffix('.')}: {asked.label}"

    def value(self, asked: Asked, raw: Sequence[str]) -> Any:
        """Return the value of texts that are not blank."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        """Say a value as a person reads it."""
        return str(value)

    def typed(self, value: Any) -> list[str]:
        """Return the texts that a browser would send for a kept value, to fill in a form again."""
        return [str(value)]


class ShortText(Kind):
    """One line."""

    name, title = "short_text", "Short text"
    longest: ClassVar[int] = LONGEST_LINE

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the text without white space around it."""
        del asked
        text = self.tidy(raw[0]) if raw else ""
        if len(text) > self.longest:
            raise Refusal(f"Keep this to {self.longest:,} characters.")
        return text or None

    def tidy(self, text: str) -> str:
        """Make one line of what was pasted in."""
        return " ".join(text.split())


class LongText(ShortText):
    """Several lines."""

    name, title = "long_text", "Long text"
    longest = LONGEST_TEXT

    def tidy(self, text: str) -> str:
        """Keep the lines as they are."""
        return text.strip().replace("\r\n", "\n")


class Email(Kind):
    """An e-mail address."""

    name, title = "email", "E-mail address"
    wanted = "Enter an e-mail address."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the address, or refuse what cannot be one."""
        del asked
        text = raw[0].strip() if raw else ""
        if text and (len(text) > LONGEST_ADDRESS or not ADDRESS.fullmatch(text)):
            raise Refusal("Enter an e-mail address like name@example.ac.uk.")
        return text or None


class Number(Kind):
    """A number, perhaps within bounds; kept as text, so that 0.10 stays what it was."""

    name, title = "number", "Number"
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


class Date(Kind):
    """A day."""

    name, title = "date", "Date"
    wanted = "Enter a date."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the day as 2027-01-31."""
        del asked
        if not raw:
            return None
        try:
            return date.fromisoformat(raw[0].strip()).isoformat()
        except ValueError:
            raise Refusal("Enter a date that exists, like 2027-01-31.") from None

    def text(self, value: Any) -> str:
        """Say the day in words."""
        return long_date(date.fromisoformat(value))


class YesNo(Kind):
    """Yes or no, neither chosen beforehand."""

    name, title = "yes_no", "Yes or no"
    wanted = "Choose yes or no."

    def read(self, asked: Asked, raw: Sequence[str]) -> bool | None:
        """Return whether it was yes: a no is an answer too."""
        chosen = {"yes": True, "no": False}.get(raw[0].strip()) if raw else None
        if chosen is None and (asked.is_required or any(text.strip() for text in raw)):
            raise Refusal(self.missing(asked))
        return chosen

    def text(self, value: Any) -> str:
        """Say yes or no."""
        return "Yes" if value else "No"

    def typed(self, value: Any) -> list[str]:
        """Return the chosen radio's value."""
        return ["yes" if value else "no"]


class OneOf(Kind):
    """One of the options."""

    name, title = "one_of", "One of"
    wanted = "Choose one."
    has_options = True

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the option, or refuse one that is not offered."""
        chosen = raw[0] if raw else None
        if chosen is not None and chosen not in asked.options:
            raise Refusal("Choose one of the options.")
        return chosen


class ManyOf(Kind):
    """Some of the options, perhaps at least and at most so many."""

    name, title = "many_of", "Many of"
    wanted = "Choose at least one."
    has_options = True
    has_bounds = True

    def value(self, asked: Asked, raw: Sequence[str]) -> list[str] | None:
        """Return the options in their own order."""
        if any(text not in asked.options for text in raw):
            raise Refusal("Choose among the options.")
        chosen = [option for option in asked.options if option in raw]
        least, most = whole(asked.least), whole(asked.most)
        if (chosen or asked.is_required) and least and len(chosen) < least:
            raise Refusal(f"Choose at least {least}.")
        if most and len(chosen) > most:
            raise Refusal(f"Choose at most {most}.")
        return chosen or None

    def text(self, value: Any) -> str:
        """Say the options in one line."""
        return ", ".join(value)

    def typed(self, value: Any) -> list[str]:
        """Return the ticked boxes' values."""
        return list(value)


class Consent(Kind):
    """A box to tick; never ticked beforehand, and kept only where it was ticked."""

    name, title = "consent", "Consent"
    wanted = "Tick the box to agree"

    def value(self, asked: Asked, raw: Sequence[str]) -> bool | None:
        """Return True where the box was ticked."""
        del asked
        return True if raw else None

    def text(self, value: Any) -> str:
        """Say that consent was given."""
        return "Agreed" if value else "Not agreed"

    def typed(self, value: Any) -> list[str]:
        """Return the ticked box's value."""
        return ["yes"] if value else []


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (ShortText(), LongText(), Email(), Number(), Date(), YesNo(), OneOf(), ManyOf(), Consent())
}


def decimal(text: str) -> Decimal | None:
    """Read a number as people type it; None where it is none."""
    try:
        number = Decimal(text.strip().replace(",", "")) if text else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def whole(text: str) -> int:
    """Read a count; 0 where there is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else 0


def between(least: str, most: str) -> str:
    """Say the bounds of a number."""
    if least and most:
        return f"a number from {least} to {most}"
    return f"{least} or more" if least else f"{most} or less"
