"""Names and addresses from a pasted list, line by line, each with what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.core.web.forms import LONGEST_LINE, normal_address, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LINES = 500
ANGLED = re.compile(r"(?P<name>.*?)<\s*(?P<address>[^<>]*)>\s*[,;]?\s*")
SEPARATORS = re.compile(r"[\t,;]")
TWICE = "This address stands in the list already."
NO_ADDRESS = "There is no e-mail address in this line."
NOT_ONE = "“{0}” is not an e-mail address."
TOO_LONG = f"The name has more than {LONGEST_LINE} characters."


@dataclass(frozen=True, slots=True)
class Pasted:
    """One line: its number from 1, who is meant, what is wrong ("" where nothing is), and what adding it comes to."""

    number: int
    name: str
    address: str
    problem: str = ""
    comes_to: str = ""


def people_in(text: str) -> list[Pasted]:
    """Read `Name <addr>`, `Name, addr`, `addr` and the like, one a line; blank lines are skipped."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return once_each(read(number, line) for number, line in lines if line)


def read(number: int, line: str) -> Pasted:
    """Read one line."""
    name, address = parts_of(line)
    if not address:
        return Pasted(number, name, "", NO_ADDRESS)
    normal = normal_address(address)
    if normal is None:
        return Pasted(number, name, address[:LONGEST_LINE], NOT_ONE.format(address[:60]))
    return Pasted(number, name[:LONGEST_LINE], normal, TOO_LONG if len(name) > LONGEST_LINE else "")


def parts_of(line: str) -> tuple[str, str]:
    """Return name and address of a line, either perhaps empty."""
    if match := ANGLED.fullmatch(line):
        return plain(match["name"]), match["address"].strip().removeprefix("mailto:")
    parts = [part.strip() for part in SEPARATORS.split(line) if part.strip()]
    if len(parts) == 1:
        parts = line.split()
        with_at = [part for part in parts if "@" in part]
        parts = [" ".join(part for part in parts if "@" not in part), *with_at]
    address = next((part for part in parts if "@" in part), "")
    name = " ".join(part for part in parts if part != address)
    return plain(name), address.strip("\"'<>")


def plain(name: str) -> str:
    """Return a name without the quotes and separators that mail programs put around it."""
    return one_line(name.strip(" \t,;\"'“”"))


def once_each(people: Iterable[Pasted]) -> list[Pasted]:
    """Mark an address that came before."""
    seen: set[str] = set()
    found = []
    for one in people:
        key = one.address.casefold()
        found.append(replace(one, problem=TWICE) if key in seen and not one.problem else one)
        if not one.problem:
            seen.add(key)
    return found
