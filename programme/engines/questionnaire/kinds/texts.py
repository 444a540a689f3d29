"""Answers that are typed: a line, several, an e-mail address, a telephone number, a web address, an organisation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked

LONGEST_LINE, LONGEST_TEXT, LONGEST_ADDRESS = 500, 10_000, 254
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")
PHONE = re.compile(r"\+?[0-9 ()./-]+(?:(?:ext\.?|x) ?[0-9]{1,6})?", re.IGNORECASE)
FEWEST_DIGITS, MOST_DIGITS = 5, 21
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+\.?")


class ShortText(Kind):
    """One line."""

    name, title = "short_text", "Short text"
    about = "One line: a department, a job title."
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
    about = "Several lines: why somebody wants to come."
    longest = LONGEST_TEXT

    def tidy(self, text: str) -> str:
        """Keep the lines as they are."""
        return text.strip().replace("\r\n", "\n")


class Organisation(ShortText):
    """An organisation: one that we know, offered as it is typed, or any other."""

    name, title = "organisation", "Organisation"
    about = "Ours are offered while somebody types; any other may be typed."
    wanted = "Enter the name of an organisation."


class Email(Kind):
    """An e-mail address."""

    name, title = "email", "E-mail address"
    about = "A second address, such as a supervisor’s."
    wanted = "Enter an e-mail address."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the address, or refuse what cannot be one."""
        del asked
        text = raw[0].strip() if raw else ""
        if text and (len(text) > LONGEST_ADDRESS or not ADDRESS.fullmatch(text)):
            raise Refusal("Enter an e-mail address like name@example.ac.uk.")
        return text or None


class Phone(Kind):
    """A telephone number, kept as it is written: nobody else's country is ours to guess."""

    name, title = "phone", "Telephone number"
    about = "With or without a country’s code."
    wanted = "Enter a telephone number."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the number with single spaces, or refuse what cannot be dialled."""
        del asked
        text = " ".join(raw[0].split()) if raw else ""
        digits = sum(letter.isdigit() for letter in text)
        if text and not (PHONE.fullmatch(text) and FEWEST_DIGITS <= digits <= MOST_DIGITS):
            raise Refusal("Enter a telephone number like 0151 496 0000 or +44 1865 496000.")
        return text or None


class WebAddress(Kind):
    """The address of a page; one without a scheme is taken for https."""

    name, title = "web", "Web address"
    about = "A profile, a firm’s page."
    wanted = "Enter a web address."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the address with its scheme, or refuse what leads nowhere, or elsewhere than to a page."""
        del asked
        text = raw[0].strip() if raw else ""
        full = text if not text or "://" in text else f"https://{text}"
        if full and not leads_to_a_page(full):
            raise Refusal("Enter a web address like https://www.example.ac.uk/people.")
        return full or None


def leads_to_a_page(address: str) -> bool:
    """Whether an address is one of http or https, at a host with a name."""
    try:
        parts = urlsplit(address)
        has_host = bool(HOST.fullmatch(parts.hostname or "")) and (parts.port or 1) > 0
    except ValueError:
        return False
    is_plain = not any(letter.isspace() for letter in address) and not parts.username
    return parts.scheme in {"http", "https"} and has_host and is_plain and len(address) <= LONGEST_LINE
