"""A cohort's spreadsheet as rows of texts: the headings found, what means nothing named, empty lines passed over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.calendar.reading.reader import read_lines
from programme.engines.calendar.reading.table import as_text
from programme.strands.cohorts.incoming.columns import HEADINGS, KNOWN, heading_index, no_headings, seen_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.calendar.reading.rows import ColumnSeen
    from programme.engines.calendar.reading.table import Line

MOST_BYTES, MOST_ROWS = 2_000_000, 500
LONGEST_CELL, LONGEST_LIST = 500, 2_001
MOST_NAMED, LONGEST_HEADING = 50, 100
KNOWN_FIELDS = frozenset(HEADINGS)


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What a file says: rows as the table of waiting sheets keeps them, and headings that mean nothing here."""

    rows: list[dict[str, Any]]
    not_read: list[str]


def read_sheet(filename: str, data: bytes, *, known: Mapping[str, str] = KNOWN) -> SheetRead:
    """Read a file, of which `known` are the headings.

    Refusal, with a sentence for the person, for what is none, or more than may come in at once.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(f"“{filename}” is too large: {MOST_BYTES // 1_000_000} MB is the most. Keep only the one sheet.")
    lines = read_lines(filename, data, known=known, head=partial(heading_index, known=known))
    head = heading_index(lines, known)
    if head is None:
        raise no_headings()
    seen = seen_in(lines[head], known)
    rows = [row for line in lines[head + 1 :] for row in [row_of(line, seen)] if row["cells"]]
    if len(rows) > MOST_ROWS:
        raise Refusal(f"The file has more than {MOST_ROWS} rows. Split it: a cohort comes in by parts as well.")
    if not rows:
        raise Refusal("There is no row below the headings. Enter a researcher on each, and upload it again.")
    not_read = [column.heading[:LONGEST_HEADING] for column in seen if column.field is None and column.heading]
    return SheetRead(rows, not_read[:MOST_NAMED])


def row_of(line: Line, seen: tuple[ColumnSeen, ...]) -> dict[str, Any]:
    """Return the cells of a line by their fields, as texts, without the empty ones."""
    pairs = zip(seen, line.cells, strict=False)
    cells = {column.field: text_of(column.field, as_text(cell)) for column, cell in pairs if column.field}
    return {"line": line.number, "cells": {field: text for field, text in cells.items() if text}}


def text_of(field: str, text: str) -> str:
    """Return a cell as one line; of what holds several things each line is one, and nothing is cut but what is odd."""
    if field in KNOWN_FIELDS:
        return " ".join(text.split())[:LONGEST_CELL]
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "; ".join(line.rstrip(" ;") for line in lines if line)[:LONGEST_LIST]
