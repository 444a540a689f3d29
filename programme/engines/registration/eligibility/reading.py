"""Names and addresses from a file of separated values, as lines that can be looked at and put right. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PEOPLE = 5_000
LARGEST_FILE = 2 * 1024 * 1024
LONGEST_LIST = 1_000_000
LONGEST_LINE = 10_000
DELIMITERS = ";\t|,"
ADDRESS_HEADS = frozenset({"email", "e-mail", "mail", "address", "email address", "e-mail address", "mail address"})
WHOLE_NAMES = ("name", "full name")
PARTS_OF_NAMES = ("first name", "given name", "forename", "last name", "family name", "surname")
HEADS = ADDRESS_HEADS | {*WHOLE_NAMES, *PARTS_OF_NAMES}
NOT_TEXT = "This is no file of separated values (CSV). Save the sheet as CSV and choose that file."
TOO_LARGE = f"The file has more than {LARGEST_FILE // (1024 * 1024)} MB. Split it."


def lines_of_file(content: bytes) -> str:
    """Return a file as lines of “Name <address>”; a row without an address stays as it is, to be told of.

    Raises Refusal where it is no text, or too large.
    """
    if len(content) > LARGEST_FILE:
        raise Refusal(TOO_LARGE, field="file")
    text = decoded(content)
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise Refusal(NOT_TEXT, field="file")
    try:
        rows = [
            [" ".join(cell.split()) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark_of(text))
        ]
    except csv.Error as error:
        raise Refusal(NOT_TEXT, field="file") from error
    filled = [row for row in rows if any(row)]
    heads = [cell.casefold().strip(" :*") for cell in filled[0]] if filled else []
    has_heads = bool(HEADS.intersection(heads)) and not any("@" in head for head in heads)
    return "\n".join(line_of(row, heads if has_heads else ()) for row in filled[has_heads:])


def decoded(content: bytes) -> str:
    """Return the text of a file, in UTF-8 or as older spreadsheets write it."""
    if b"\0" in content:
        raise Refusal(NOT_TEXT, field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def mark_of(text: str) -> str:
    """Return what separates the values: of the first line, what stands in it most often."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count) if any(mark in first for mark in DELIMITERS) else ","


def line_of(row: Sequence[str], heads: Sequence[str]) -> str:
    """Return one row as a line; a name is what the heads say it is, or else the first cell that is no address."""
    address = address_in(row, heads)
    if not address:
        return ", ".join(cell for cell in row if cell)
    name = name_in(row, heads) if heads else next((cell for cell in row if cell and cell != address), "")
    return f"{name.replace('<', '').replace('>', '')} <{address}>" if name else address


def address_in(row: Sequence[str], heads: Sequence[str]) -> str:
    """Return the cell under the head of addresses, or else the first that looks like one."""
    under = next((cell for cell, head in zip(row, heads, strict=False) if head in ADDRESS_HEADS and cell), "")
    return under or next((cell for cell in row if "@" in cell), "")


def name_in(row: Sequence[str], heads: Sequence[str]) -> str:
    """Return the whole name, or its parts in the order of the columns."""
    cells = list(zip(heads, row, strict=False))
    whole = next((cell for head, cell in cells if head in WHOLE_NAMES and cell), "")
    return whole or " ".join(cell for head, cell in cells if head in PARTS_OF_NAMES and cell)
