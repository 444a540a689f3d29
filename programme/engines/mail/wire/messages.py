"""Bytes of a message: headers that nobody can forge, text with HTML beside it, and files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import takewhile
from typing import TYPE_CHECKING

from programme.engines.mail.wire.headers.folding import WIRE, WIRE_UTF8
from programme.engines.mail.wire.headers.mailboxes import Unsendable, is_address, mailbox, on_the_wire, web_address
from programme.engines.mail.wire.headers.words import header_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from programme.engines.mail.ports import Attachment

LONGEST_WIRE_LINE = 998
MEGABYTE = 1024 * 1024
LARGEST = 25 * MEGABYTE
"""What big mail systems take; a file grows by a third on its way. To write more down takes seconds, for nothing."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the headers are made of; `reply_to` and names may be empty.

    `unsubscribe_url` is for letters that their reader may decline, with the `list_id` of what they decline.
    """

    sender: str
    sender_name: str
    reply_to: str
    recipient: str
    recipient_name: str
    message_id: str
    date: datetime
    unsubscribe_url: str = ""
    list_id: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What the letter says; `for_others` is the same without what is its reader's alone, where it says such things."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    for_others: Body | None = None


def build(head: Head, body: Body) -> bytes:
    """Return the message as it goes over the wire.

    The finished bytes are read again: their headers must be exactly those intended, once each, with one recipient.
    Raises Unsendable where that cannot be, where an address cannot be one, and where it is too large for mail.
    """
    check_size(body)
    message = EmailMessage(policy=WIRE if on_the_wire(head.recipient).isascii() else WIRE_UTF8)
    for name, value in headers(head, body):
        message[name] = value
    message.set_content(plain_text(body.text), cte="quoted-printable")
    message.add_alternative(plain_text(body.html), subtype="html", cte="quoted-printable")
    for attachment in body.attachments:
        attach(message, attachment)
    data = message.as_bytes()
    inspect(data, intended=message.keys(), recipient=on_the_wire(head.recipient))
    return data


def check_size(body: Body) -> None:
    """Refuse what no mail system takes, before it is written down."""
    size = len(body.text) + len(body.html) + sum(len(file.content) * 4 // 3 for file in body.attachments)
    if size > LARGEST:
        raise Unsendable(f"It has {size // MEGABYTE} MB; mail takes {LARGEST // MEGABYTE} at most.")


def headers(head: Head, body: Body) -> Iterator[tuple[str, object]]:
    """Give every header but those of the content."""
    yield "From", mailbox(head.sender_name, head.sender)
    yield "To", mailbox(head.recipient_name, head.recipient)
    if is_address(head.reply_to):
        yield "Reply-To", mailbox(head.sender_name, head.reply_to)
    yield "Subject", header_text(body.subject) or "(no subject)"
    yield "Date", head.date
    yield "Message-ID", head.message_id
    yield "X-Programme-Letter", head.message_id.partition("@")[0].lstrip("<")
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    if head.unsubscribe_url:
        yield "List-Unsubscribe", f"<{web_address(head.unsubscribe_url)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if head.list_id:
        yield "List-Id", f"<{head.list_id}>"


def attach(message: EmailMessage, attachment: Attachment) -> None:
    """Add a file; a calendar part says its method, as clients decide by it."""
    kind, _, subtype = attachment.media_type.partition("/")
    parameters = {"method": attachment.method} if attachment.method else {}
    if kind == "text":
        parameters["charset"] = "UTF-8"
    message.add_attachment(
        attachment.content,
        maintype=kind,
        subtype=subtype,
        cte="base64",
        filename=header_text(attachment.filename),
        params=parameters,
    )


def inspect(data: bytes, *, intended: list[str], recipient: str) -> None:
    """Read the finished bytes as a stranger would, and refuse what was not intended.

    Some versions of Python write the newline inside an encoded word as a newline of the header (CVE-2024-6923):
    header_text defuses it, and this is the proof on every single message.
    """
    lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in lines if line[:1] not in {b" ", b"\t"}]
    if Counter(names) != Counter(intended) or any(b"\n" in line or b"\r" in line for line in lines):
        raise Unsendable("The headers of this letter came out other than intended.")
    to = unfolded(lines, b"To:")
    if to.count(b"@") != 1 or recipient.encode() not in to:
        raise Unsendable("The recipient of this letter came out other than intended.")
    if max(map(len, data.split(b"\r\n"))) > LONGEST_WIRE_LINE:
        raise Unsendable("A line of this letter is longer than mail may have.")


def unfolded(lines: list[bytes], name: bytes) -> bytes:
    """Return a header with the lines that continue it."""
    start = next(number for number, line in enumerate(lines) if line.startswith(name))
    more = takewhile(lambda line: line[:1] in {b" ", b"\t"}, lines[start + 1 :])
    return b"".join([lines[start], *more])
