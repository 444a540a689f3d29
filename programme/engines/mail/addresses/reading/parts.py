"""A message that came in, cut into headers and parts.

By hand, since it is from strangers: the time it takes grows with its length alone, and nothing in it raises. What is
beyond the bounds is left unread.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_MESSAGE = 1_000_000
"""Octets that are read: a report stands before the letter that it gives back."""
LONGEST_HEAD, LONGEST_FIELD = 60_000, 2_000
MOST_FIELDS, MOST_PARTS, MOST_BLOCKS = 300, 30, 50
DEEPEST = 3
FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:(.*)", re.DOTALL)
PARAMETER = re.compile(r';\s*([\w-]{1,40})\s*=\s*(?:"([^"]{0,200})"|([^\s;"]{1,200}))')
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
ENVELOPE_LINE = re.compile(rb"\A>?From [^\n]*\n")
"""What mail systems write above a message that they pipe to a program."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in their order, with names in small letters."""

    pairs: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str:
        """Return the first field of a name; empty where there is none."""
        return next((value for found, value in self.pairs if found == name), "")

    def every(self, *names: str) -> tuple[str, ...]:
        """Return all fields of some names."""
        return tuple(value for found, value in self.pairs if found in names)


@dataclass(frozen=True, slots=True)
class Part:
    """A message, or a part of one: its fields, and what stands below them as it was sent."""

    fields: Fields
    body: bytes

    @property
    def kind(self) -> str:
        """Return its media type."""
        return self.fields.first("content-type").partition(";")[0].strip().lower() or "text/plain"

    def parameter(self, name: str) -> str:
        """Return a parameter of its media type."""
        found = PARAMETER.findall(self.fields.first("content-type"))
        return next((quoted or plain for key, quoted, plain in found if key.lower() == name), "")

    @property
    def content(self) -> bytes:
        """Return its body without the encoding of its way here; as it is where that is broken."""
        encoding = self.fields.first("content-transfer-encoding").lower()
        try:
            if encoding == "base64":
                return base64.b64decode(self.body)
            return quopri.decodestring(self.body) if encoding == "quoted-printable" else self.body
        except (binascii.Error, ValueError):
            return self.body


def part_of(raw: bytes) -> Part:
    """Read a message, or a part."""
    unified = raw[:LONGEST_MESSAGE].replace(b"\r\n", b"\n")
    unified = ENVELOPE_LINE.sub(b"", unified, count=1)
    if unified.startswith(b"\n"):
        return Part(Fields(), unified[1:])
    head, _, body = unified.partition(b"\n\n")
    return Part(fields_of(head), body)


def fields_of(head: bytes) -> Fields:
    """Read header fields; lines that are none are left out."""
    lines = re.sub(rb"\n[ \t]+", b" ", head[:LONGEST_HEAD]).split(b"\n")[:MOST_FIELDS]
    found = [match for line in lines for match in [FIELD.fullmatch(line)] if match]
    return Fields(tuple((match[1].decode().lower(), one_line(match[2])) for match in found))


def blocks_of(content: bytes) -> list[Fields]:
    """Read groups of fields with empty lines between them, as a report of delivery has them."""
    unified = content.replace(b"\r\n", b"\n").strip(b"\n")
    return [fields_of(block) for block in re.split(rb"\n[ \t]*\n+", unified, maxsplit=MOST_BLOCKS)[:MOST_BLOCKS]]


def leaves(part: Part, *, depth: int = 0) -> Iterator[Part]:
    """Give the parts of a message that are no multiparts themselves; a message within it is one part."""
    boundary = part.parameter("boundary").encode("utf-8", "replace")
    if not part.kind.startswith("multipart/") or not boundary or depth == DEEPEST:
        yield part
        return
    pieces = (b"\n" + part.body).split(b"\n--" + boundary, MOST_PARTS)[1:]
    for piece in pieces:
        if piece.startswith(b"--"):
            return
        yield from leaves(part_of(piece.partition(b"\n")[2]), depth=depth + 1)


def one_line(raw: bytes) -> str:
    """Return a field's text as one line that every database can hold."""
    return " ".join(UNPRINTABLE.sub(" ", raw[:LONGEST_FIELD].decode("utf-8", "replace")).split())


def in_words(text: str) -> str:
    """Return a field with its encoded words read; as it is where they are broken."""
    try:
        read = str(make_header(decode_header(text)))
    except (ValueError, LookupError, HeaderParseError):
        return text
    return " ".join(UNPRINTABLE.sub(" ", read).split())
