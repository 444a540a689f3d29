"""The content lines of a calendar that a stranger sent: unfolded, cut into name, parameters and value.

By hand, since it is from strangers: the time it takes grows with its length alone, nothing in it raises, nothing is
fetched, and nothing is repeated. What is beyond the bounds is left unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 300_000
"""Octets that are read: an answer has a few hundred, with a description that it repeats some thousands."""
MOST_LINES, LONGEST_LINE = 3_000, 4_000
FOLD = re.compile(r"\n[ \t]")
PARAMETER = re.compile(r';([A-Za-z0-9-]{1,40})=((?:"[^"]*"|[^";:])*)')
NAME = re.compile(r"[A-Za-z0-9-]{1,40}")
ESCAPED = re.compile(r"\\([\\;,Nn])")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
LETTERS = re.compile(r"(?:iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|utf-16(?:le|be)?)", re.IGNORECASE)
"""Sets of letters that mail comes in; what else has a codec may take long to read, and is nobody's."""
FALLBACK = "windows-1252"
"""What is no UTF-8, whatever it says it is, comes from Windows."""


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One line: its name and the names of its parameters in capitals."""

    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """Return the value as text: unescaped, in one line that every database can hold."""
        plain = ESCAPED.sub(lambda found: " " if found[1] in "Nn" else found[1], self.value)
        return " ".join(UNPRINTABLE.sub(" ", plain).split())


def decoded(content: bytes, *, charset: str = "") -> str:
    """Return the text of a calendar: by UTF-8 where it is that, else by what it says it is, else as Windows writes."""
    some = content[:LONGEST].removeprefix(b"\xef\xbb\xbf")
    for encoding in ("utf-8", *((charset,) if LETTERS.fullmatch(charset) else ())):
        try:
            return some.decode(encoding)
        except (ValueError, LookupError):
            continue
    return some.decode(FALLBACK, "replace")


def lines_of(text: str) -> Iterator[ContentLine]:
    """Give the content lines of a text; lines that are none are left out."""
    unfolded = FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for line in unfolded.split("\n", MOST_LINES)[:MOST_LINES]:
        found = line_of(line[:LONGEST_LINE])
        if found is not None:
            yield found


def line_of(line: str) -> ContentLine | None:
    """Cut one line; None where it is no content line."""
    name = NAME.match(line)
    if name is None:
        return None
    at, parameters = name.end(), {}
    while (found := PARAMETER.match(line, at)) is not None:
        parameters[found[1].upper()] = found[2].replace('"', "")
        at = found.end()
    if line[at : at + 1] != ":":
        return None
    return ContentLine(name[0].upper(), parameters, line[at + 1 :])
