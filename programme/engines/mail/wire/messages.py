"""Bytes of a message: headers that nobody can forge, text with HTML beside it, and files."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address, AddressHeader, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import idna

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.policy import Policy

    from programme.engines.mail.ports import Attachment

LONGEST_SUBJECT = 200
LONGEST_NAME = 120
LONGEST_WIRE_LINE = 998
LONGEST_ADDRESS = 254
MEGABYTE = 1024 * 1024
LARGEST = 25 * MEGABYTE
"""What big mail systems take; a file grows by a third on its way. To write more down takes seconds, for nothing."""
TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
UNSAFE_IN_NAMES = re.compile(r'[",:;<>@()\[\]\\]')
LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
WEB_ADDRESS = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~]{1,900}")
MESSAGE_ID_LETTERS = 32


class Unsendable(Exception):  # noqa: N818  a state of the letter, told to the organiser
    """This letter can never be sent as it is; the text says why."""


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


class Literal(UnstructuredHeader, BaseHeader):
    """A header that is written as it is, however long: a folded address of the web is one that nobody follows."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return its line."""
        return f"{self.name}: {self}{policy.linesep}"


class Words(UnstructuredHeader, BaseHeader):
    """A header of words that people typed, encoded whole.

    Python's newer way encodes word by word where a line ends among them, and loses the spaces between encoded words.
    """

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return its lines."""
        return f"{self.name}: {encoded(str(self), header=self.name, policy=policy)}{policy.linesep}"


class Mailbox(AddressHeader, BaseHeader):  # type: ignore[misc]  # as the registry joins them itself
    """A header of one name and address, the name encoded whole for the same reason."""

    def fold(self, *, policy: Policy[Any]) -> str:
        """Return its lines."""
        (address,) = self.addresses
        if address.display_name.isascii():
            return super().fold(policy=policy)
        name = encoded(address.display_name, header=self.name, policy=policy)
        return f"{self.name}: {name}{policy.linesep} <{address.addr_spec}>{policy.linesep}"


def encoded(text: str, *, header: str, policy: Policy[Any]) -> str:
    """Return `text` as it stands in a header of this name, over as many lines as it takes."""
    return Header(text, None if text.isascii() else "utf-8", header_name=header).encode(linesep=policy.linesep)


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
        if attachment.is_invitation:
            stand_beside(message, attachment)
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


def written_as_they_are(*names: str) -> HeaderRegistry:
    """Return how headers are made, some of them literally."""
    registry = HeaderRegistry()
    registry.map_to_type("subject", Words)
    for name in ("from", "to", "reply-to"):
        registry.map_to_type(name, Mailbox)
    for name in names:
        registry.map_to_type(name, Literal)
    return registry


LITERAL = written_as_they_are("list-unsubscribe", "list-unsubscribe-post", "list-id")
WIRE, WIRE_UTF8 = SMTP.clone(header_factory=LITERAL), SMTPUTF8.clone(header_factory=LITERAL)


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


def mailbox(name: str, address: str) -> Address:
    """Return a name and address for a header; whatever could add a second recipient is taken out of the name."""
    local, _, domain = on_the_wire(address).rpartition("@")
    shown = header_text(UNSAFE_IN_NAMES.sub(" ", name), longest=LONGEST_NAME)
    return Address(display_name=shown, username=local, domain=domain)


def on_the_wire(address: str) -> str:
    """Return the address with its domain in ASCII letters; the local part stays as it is.

    Raises Unsendable where the text is no address.
    """
    local, _, domain = address.rpartition("@")
    if not LOCAL_PART.fullmatch(local) or not domain or len(address) > LONGEST_ADDRESS:
        raise Unsendable(f"{header_text(address) or 'Nothing'} cannot be an e-mail address.")
    return f"{local}@{ascii_domain(domain)}"


@lru_cache(4096)
def ascii_domain(domain: str) -> str:
    """Return the domain as the network spells it."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise Unsendable(f"{header_text(domain)} cannot be the domain of an e-mail address.") from None


def web_address(text: str) -> str:
    """Return an address of the web as a header may hold it; raises Unsendable where it is none."""
    if not WEB_ADDRESS.fullmatch(text):
        raise Unsendable("The address by which this letter is declined cannot be written.")
    return text


def is_address(text: str) -> bool:
    """Whether `text` can be an address."""
    try:
        return bool(on_the_wire(text))
    except Unsendable:
        return False


def message_id(key: str, *, secret: str, sender: str) -> str:
    """Return the Message-ID that a letter under `key` always has, at the sender's domain."""
    digest = hmac.new(secret.encode(), f"message-id:{key}".encode(), hashlib.sha256).hexdigest()
    return f"<{digest[:MESSAGE_ID_LETTERS]}@{on_the_wire(sender).rpartition('@')[2]}>"


def stand_beside(message: EmailMessage, invitation: Attachment) -> None:
    """Say an invitation as the last of the ways in which the text is said: buttons come from it, and its method."""
    parameters = {"charset": "UTF-8", "method": str(invitation.method), "component": "VEVENT"}
    message.add_alternative(invitation.content, maintype="text", subtype="calendar", cte="base64", params=parameters)


def attach(message: EmailMessage, attachment: Attachment) -> None:
    """Add a file; a calendar part says its method, as clients decide by it.

    An invitation stands beside the text already: as a file it is of another kind, or some programs show it twice.
    """
    kind, _, subtype = attachment.media_type.partition("/")
    parameters = {"method": attachment.method} if attachment.method else {}
    if attachment.is_invitation:
        kind, subtype, parameters = "application", "ics", {"name": attachment.filename}
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
