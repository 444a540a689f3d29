"""Words that people typed, as a header or a body may hold them."""

from __future__ import annotations

import unicodedata

LONGEST_SUBJECT = 200
TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def header_text(text: str, *, longest: int = LONGEST_SUBJECT) -> str:
    """Return `text` as any header may hold it: the one way into a header for words that people typed.

    Controls and separators of lines become spaces, encoded words lose their start, marks that turn text round are
    dropped, and what is too long is cut.
    """
    if is_plain(text) and len(text) <= longest:
        return " ".join(text.split())
    spaced = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Zs"} else letter for letter in text)
    kept = "".join(c for c in spaced if unicodedata.category(c) != "Cs" and c not in TURNS_TEXT_ROUND)
    line = " ".join(kept.replace("=?", "= ?").replace("?=", "? =").split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def is_plain(text: str) -> bool:
    """Whether nothing in `text` needs looking at: what is printable is no control, no mark and no half character."""
    return text.isprintable() and "=?" not in text and "?=" not in text


def plain_text(text: str) -> str:
    """Return a body without anything that no mail program shows: controls but line ends and tabs, half characters."""
    if text.isprintable():
        return text
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
