"""One setting read: a word, a number, yes or no; what is missing or wrong is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
MOST_MONTHS = 120
MOST_CONNECTIONS = 50
MOST_MEGABYTES = 40


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


def required(given: Mapping[str, str], name: str) -> str:
    """The value of `name`, which must be there."""
    return given.get(name) or missing(name)


def missing(name: str) -> str:
    """Refuse to start without `name`."""
    raise SettingsError(f"{name} is not set. Put it into the environment or into .env (`programme init` writes one).")


def truth(given: Mapping[str, str], name: str) -> bool:
    """Read a yes/no setting; absent means no."""
    return given.get(name, "").strip().lower() in YES


def whole_number(given: Mapping[str, str], name: str, default: int) -> int:
    """Read a setting that counts something."""
    text = given.get(name, "").strip() or str(default)
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def months(given: Mapping[str, str], name: str, default: int) -> int:
    """Read a setting that counts months; none or a century of them is a slip."""
    number = whole_number(given, name, default)
    if not 1 <= number <= MOST_MONTHS:
        raise SettingsError(f"{name} must be a number of months from 1 to {MOST_MONTHS}, not {number}.")
    return number


def megabytes(given: Mapping[str, str], name: str, default: int) -> int:
    """Read how large a file may be; more than fits into one request is a slip."""
    number = whole_number(given, name, default)
    if not 1 <= number <= MOST_MEGABYTES:
        raise SettingsError(f"{name} must be a number of megabytes from 1 to {MOST_MEGABYTES}, not {number}.")
    return number


def connections(given: Mapping[str, str], name: str, default: int) -> int:
    """Read how many connections the mail server takes: from all of us together, or from one dispatcher."""
    number = whole_number(given, name, default)
    if number != default and not 1 <= number <= MOST_CONNECTIONS:
        raise SettingsError(f"{name} must be a number from 1 to {MOST_CONNECTIONS}, not {number}.")
    return number
