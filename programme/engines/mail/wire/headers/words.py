"""Words that people typed, as a header or a body may hold them."""

from __future__ import annotations

import re

LONGEST_SUBJECT = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
UNFIT = re.compile(r"[\ud800-\udfff\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
"""Half characters, and marks that turn text round."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Controls but line ends and tabs, and half characters."""


def header_text(text: str, *, longest: int = LONGEST_SUBJECT) -> str:
    """Return `text` as any header may hold it: the one way into a header for words that people typed.

    Controls and separators of lines become spaces, encoded words lose their start, marks that turn text round are
    dropped, and what is too long is cut.
    """
    if is_plain(text) and len(text) <= longest:
        return " ".join(text.split())
    kept = UNFIT.sub("", CONTROL.sub(" ", text))
    line = " ".join(kept.replace("=?", "= ?").replace("?=", "? =").split())  # separators of lines are split at, too
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def is_plain(text: str) -> bool:
    """Whether nothing in `text` needs looking at: what is printable is no control, no mark and no half character."""
    return text.isprintable() and "=?" not in text and "?=" not in text


def plain_text(text: str) -> str:
    """Return a body without anything that no mail program shows: controls but line ends and tabs, half characters."""
    if text.isprintable():
        return text
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
