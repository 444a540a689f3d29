"""Stencils: what many letters have in common, serialised once; each person's own words are put into its blanks."""

from __future__ import annotations

import binascii
import hashlib
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from email.base64mime import header_encode
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from markupsafe import escape

from programme.engines.mail.wire.headers.folding import WIRE
from programme.engines.mail.wire.headers.mailboxes import Unsendable, mailbox, on_the_wire, web_address
from programme.engines.mail.wire.headers.words import plain_text
from programme.engines.mail.wire.messages import attach, headers, inspect
from programme.engines.mail.wire.plain import GAPS, in_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from email.headerregistry import Address

    from programme.engines.mail.ports import Attachment
    from programme.engines.mail.wire.messages import Body, Head

PERSONAL = frozenset({"To", "Date", "Message-ID", "X-Programme-Letter", "List-Unsubscribe"})
"""Headers that differ from letter to letter; all others are the same for a stencil."""
BARE = frozenset({"Date", "Message-ID", "X-Programme-Letter", "List-Unsubscribe"})
"""Headers that are ASCII and our own making, and written as they are."""
SHORT_LINE = 70
LONGEST_IN_A_WORD = 45
"""Bytes: an encoded word has 75 characters at most (RFC 2047), and of three bytes it makes four."""
CRLF = b"\r\n"
Piece = bytes | str
"""Of a body: encoded bytes as they go, or a line with marks in it."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands for each blank while templates are rendered: a word that no text contains by chance."""

    by_blank: Mapping[str, str]
    pattern: re.Pattern[str]

    def filled(self, line: str, values: Mapping[str, str]) -> str:
        """Put values where their marks stand, in one pass: what a value says is never read as a mark."""
        return self.pattern.sub(lambda found: values[found[0]], line)

    def by_mark(self, blanks: Mapping[str, str]) -> dict[str, str]:
        """Return values by their marks, each on one line and without what mail does not show."""
        return {mark: " ".join(plain_text(blanks[name]).split()) for name, mark in self.by_blank.items()}


def marks_for(names: Iterable[str]) -> Marks:
    """Return fresh marks for blanks."""
    once = secrets.token_hex(8)
    by_blank = {name: f"b{once}n{number}z" for number, name in enumerate(sorted(names))}
    return Marks(by_blank, re.compile("|".join(by_blank.values()) or r"(?!)"))


@dataclass(frozen=True, slots=True)
class Stencil:
    """A letter but for its blanks: its headers, and its content in five parts, as they go over the wire.

    `shown` is what it says with its blanks named, and `digest` tells it from others.
    """

    marks: Marks
    body: Body
    shown: Body
    digest: str
    head: tuple[tuple[str, bytes], ...]
    top: bytes
    text: tuple[Piece, ...]
    between: bytes
    html: tuple[Piece, ...]
    rest: bytes

    def filled(self, head: Head, blanks: Mapping[str, str]) -> bytes:
        """Return one person's letter as it goes over the wire; raises Unsendable where it cannot be."""
        values = self.marks.by_mark(blanks)
        escaped = {mark: str(escape(value)) for mark, value in values.items()}
        own = dict(personal(head))
        lines = [folded(name, own[name], head) if name in own else fixed for name, fixed in self.head]
        data = b"".join(
            [
                *lines,
                self.top,
                *(piece if isinstance(piece, bytes) else self.line(piece, values, in_columns) for piece in self.text),
                self.between,
                *(piece if isinstance(piece, bytes) else self.line(piece, escaped, whole) for piece in self.html),
                self.rest,
            ]
        )
        intended = [name for name, _ in self.head] + named(self.top)
        inspect(data, intended=intended, recipient=on_the_wire(head.recipient))
        return data

    def line(self, piece: str, values: Mapping[str, str], laid: Callable[[str], list[str]]) -> bytes:
        """Return one line with its blanks filled in, laid out and encoded."""
        return b"".join(encoded(line) for line in laid(self.marks.filled(piece, values)))


def personal(head: Head) -> Iterator[tuple[str, object]]:
    """Give the headers that are this letter's own, as `headers` does."""
    yield "To", head.recipient
    yield "Date", head.date
    yield "Message-ID", head.message_id
    yield "X-Programme-Letter", head.message_id.partition("@")[0].lstrip("<")
    if head.unsubscribe_url:
        yield "List-Unsubscribe", f"<{web_address(head.unsubscribe_url)}>"


def whole(line: str) -> list[str]:
    """Leave a line as it is: HTML breaks where it likes."""
    return [line]


def stencil(body: Body, *, marks: Marks, head: Head) -> Stencil:
    """Serialise what letters of one kind have in common; raises Unsendable where a header would have a blank.

    `body` was rendered with marks in place of blanks, its text not laid out yet; `head` is any of the letters'.
    """
    if marks.pattern.search(body.subject):
        raise Unsendable("A subject is the same for all letters of a stencil.")
    text, html = (f"t{secrets.token_hex(12)}", f"h{secrets.token_hex(12)}")
    content = content_of(text, html, body.attachments)
    top, _, rest = content.partition(text.encode() + CRLF)
    between, _, rest = rest.partition(html.encode() + CRLF)
    own = [(name, b"" if name in PERSONAL else folded(name, value, head)) for name, value in headers(head, body)]
    lines = GAPS.sub("\n\n", "\n".join(line.rstrip() for line in plain_text(body.text).split("\n"))).strip("\n")
    names = {mark: blank(name) for name, mark in marks.by_blank.items()}
    shown = replace(body, text=marks.filled(lines, names), html=marks.filled(body.html, names))
    return Stencil(
        marks,
        body,
        shown,
        digest_of(shown),
        tuple(own),
        top,
        pieces(lines.split("\n"), marks, in_columns),
        between,
        pieces(plain_text(body.html).rstrip("\n").split("\n"), marks, whole),
        rest,
    )


def content_of(text: str, html: str, attachments: tuple[Attachment, ...]) -> bytes:
    """Return a message that has no header but those of its content, with words in place of its bodies."""
    message = EmailMessage(policy=SMTP)
    message.set_content(text + "\n", cte="quoted-printable")
    message.add_alternative(html + "\n", subtype="html", cte="quoted-printable")
    for attachment in attachments:
        attach(message, attachment)
    return message.as_bytes()


def named(top: bytes) -> list[str]:
    """Return the names of the headers that the content has."""
    lines = top.partition(CRLF * 2)[0].split(CRLF)
    return [line.partition(b":")[0].decode() for line in lines if line[:1] not in {b" ", b"\t"}]


def pieces(lines: list[str], marks: Marks, laid: Callable[[str], list[str]]) -> tuple[Piece, ...]:
    """Encode what has no blank, run by run, and leave the lines that have one."""
    found: list[Piece] = []
    for line in lines:
        if marks.pattern.search(line):
            found.append(line)
            continue
        data = b"".join(encoded(piece) for piece in laid(line))
        if found and isinstance(found[-1], bytes):
            found[-1] += data
        else:
            found.append(data)
    return tuple(found)


def encoded(line: str) -> bytes:
    """Return a line as quoted-printable, with its end."""
    return binascii.b2a_qp(line.encode()).replace(b"\n", CRLF) + CRLF


def folded(name: str, value: object, head: Head) -> bytes:
    """Return a header as it goes; a plain recipient is spared the long way, which takes most of a letter's time."""
    if name == "To":
        return addressed(mailbox(head.recipient_name, head.recipient))
    if name == "Date" and isinstance(value, datetime):
        value = format_datetime(value)
    if name in BARE:
        return f"{name}: {value}".encode() + CRLF
    return WIRE.fold_binary(name, WIRE.header_store_parse(name, value)[1])


def blank(name: str) -> str:
    """Return how a blank stands in what is kept."""
    return f"⟦{name}⟧"


def digest_of(body: Body) -> str:
    """Return what tells one body from another."""
    parts = (body.subject, body.text, body.html, *(attachment.filename for attachment in body.attachments))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def addressed(to: Address) -> bytes:
    """Return the header of a recipient; ours, as the library's takes most of a letter's time.

    What could end a quoted name or begin another recipient is out of the name already.
    """
    name = to.display_name
    shown = f'"{name}"' if name.isascii() else in_ascii(name)
    gap = " " if len(shown) + len(to.addr_spec) < SHORT_LINE else "\r\n "
    line = f"To: {shown}{gap}<{to.addr_spec}>" if name else f"To: {to.addr_spec}"
    return line.encode() + CRLF


def in_ascii(name: str) -> str:
    """Return a name as encoded words; one that fits into a single word is spared the search for where to part it."""
    data = name.encode()
    if len(data) <= LONGEST_IN_A_WORD:
        return header_encode(data, "utf-8")
    return Header(name, "utf-8", header_name="To").encode(linesep="\r\n")


class Stencils:
    """The stencils used last, at most so many; one an application, disposable.

    `bodies` are the numbers under which what they say is kept; they are forgotten where a transaction failed.
    """

    def __init__(self, most: int = 64) -> None:
        self.most = most
        self.bodies: dict[str, int] = {}
        self.kept: OrderedDict[Hashable, Stencil] = OrderedDict()

    def get(self, key: Hashable) -> Stencil | None:
        """Return a stencil, if it is kept."""
        return self.kept.get(key)

    def keep(self, key: Hashable, made: Stencil) -> Stencil:
        """Keep a stencil, and throw the oldest away for it."""
        self.kept[key] = made
        while len(self.kept) > self.most:
            self.bodies.pop(self.kept.popitem(last=False)[1].digest, None)
        return made
