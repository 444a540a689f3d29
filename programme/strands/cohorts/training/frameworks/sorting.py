"""Reads a table of a framework's parts, as pasted or from a file. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from programme.core.refusal import Refusal

MOST_PARTS, LONGEST_TABLE, LONGEST_CODE, LONGEST_NAME = 100, 60_000, 10, 200
COLUMNS = ("domain", "domain_name", "code", "name")
CALLED = {"domain name": "domain_name", "subdomain": "code", "sub-domain": "code", "subdomain_name": "name"}
"""What else heads are called."""
DELIMITERS = ("\t", ";", ",")
TOO_LONG = f"This is more than {LONGEST_TABLE:,} characters. A framework is a short table: leave out its descriptions."
NO_HEAD = "Begin with a line of heads: domain, domain_name, code, name."
NOTHING = "There are no lines beneath the heads. Paste a line for each part of the framework."
TOO_MANY = f"This has more than {MOST_PARTS} lines. Load the parts alone, not what is beneath them."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a framework, with the domain that it belongs to."""

    domain: str
    domain_name: str
    code: str
    name: str


def parts_in(text: str) -> list[Part]:
    """Read a table with a head, its cells apart by tabs, semicolons or commas. Refusal says which line is wrong."""
    if len(text) > LONGEST_TABLE:
        raise Refusal(TOO_LONG, field="table")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter) if any(row)]
    heads = [CALLED.get(head, head) for head in (cell.strip().lower() for cell in rows[0])] if rows else []
    if not set(COLUMNS) <= set(heads):
        raise Refusal(NO_HEAD, field="table")
    found = [part_of(dict(zip(heads, row, strict=False)), line) for line, row in enumerate(rows[1:], start=2)]
    refuse_odd(found)
    return found


def part_of(cells: dict[str, str], line: int) -> Part:
    """Return the part of one line."""
    told = {name: " ".join(cells.get(name, "").split()) for name in COLUMNS}
    for name, cell in told.items():
        most = LONGEST_CODE if name in {"domain", "code"} else LONGEST_NAME
        if not cell or len(cell) > most:
            raise Refusal(f"Line {line}: give its {name}, of at most {most} characters.", field="table")
    return Part(**told)


def refuse_odd(found: list[Part]) -> None:
    """Refuse a table without lines, with too many, or with a code twice."""
    if not found:
        raise Refusal(NOTHING, field="table")
    if len(found) > MOST_PARTS:
        raise Refusal(TOO_MANY, field="table")
    seen: set[str] = set()
    for part in found:
        if part.code in seen:
            raise Refusal(f"“{part.code}” is there twice. Each part has a code of its own.", field="table")
        seen.add(part.code)
