"""Plain text as letters have it: lines that fit a window, and no gaps where a template had nothing to say."""

from __future__ import annotations

import re
from textwrap import wrap

COLUMNS = 78
GAPS = re.compile(r"\n{3,}")
LEAD = re.compile(r"\s+|- |\w[\w, ]{0,14}:\s+")
"""What the rest of a long line hangs behind: an indent, the dash of a list, or a word like `Where:`."""


def laid_out(text: str) -> str:
    """Return text in lines of 78 columns at most; an address of the web is never broken."""
    lines = [piece for line in text.split("\n") for piece in in_columns(line.rstrip())]
    return GAPS.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


def in_columns(line: str) -> list[str]:
    """Cut one line where it is too long."""
    if len(line) <= COLUMNS:
        return [line]
    lead = LEAD.match(line)
    hang = " " * (lead.end() if lead else 0)
    return wrap(line, COLUMNS, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
