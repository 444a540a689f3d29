"""The mailbox of a demonstration: every letter that was captured instead of being sent."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, render_template, request

from programme.core.web.downloads import download
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number, page_of
from programme.engines.mail.models import CapturedMail
from programme.engines.mail.queries import captured
from programme.extensions import database_session
from programme.people.guards import public
from programme.screens.letter_calendar import shown_calendar
from programme.screens.letter_frame import framed, page_around

if TYPE_CHECKING:
    from email.message import EmailMessage, Message

PARTIES = (("To", "To"), ("From", "From"), ("Answers go to", "Reply-To"))
blueprint = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@blueprint.before_request
def refuse_outside_demonstrations() -> None:
    """Where letters are really sent, there is no such place."""
    settings = current_app.extensions["settings"]
    if not (settings.demo and settings.mail.captures):
        abort(404)


@blueprint.get("")
@public
def letters() -> Any:
    """List captured letters, newest first."""
    recipient = request.args.get("to", "").strip()[:LONGEST_LINE]
    page = page_of(database_session(), captured(recipient=recipient), number=page_number(request.args.get("page")))
    return render_template("mailbox/letters.html", page=page, recipient=recipient)


@blueprint.get("/<id:letter_id>")
@public
def letter(letter_id: int) -> Any:
    """Show one letter: its text, its HTML in a frame, its headers and files."""
    row = letter_or_404(letter_id)
    message = parsed(row)
    files = [told_of(part) for part in message.iter_attachments()]
    return page_around(
        "mailbox/letter.html",
        letter=row,
        headers=[(name, str(value)) for name, value in message.items()],
        parties=[(word, who) for word, name in PARTIES if message[name] for who in message[name].addresses],
        text=content(message, "plain"),
        has_html=bool(content(message, "html")),
        files=files,
        calendar=next((shown_calendar(file.data) for file in files if file.is_calendar), None),
    )


@blueprint.get("/<id:letter_id>/html")
@public
def html(letter_id: int) -> Any:
    """Show the letter's HTML by itself, for the frame."""
    return framed(content(parsed(letter_or_404(letter_id)), "html") or abort(404))


@blueprint.get("/<id:letter_id>/files/<id:number>")
@public
def file(letter_id: int, number: int) -> Any:
    """Download the letter's file of that number, from 1."""
    files = list(parsed(letter_or_404(letter_id)).iter_attachments())
    if number > len(files):
        abort(404)
    part = told_of(files[number - 1])
    return download(part.data, title=PurePath(part.name).stem, ending=part.ending, media_type=part.media_type)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a letter."""

    name: str
    media_type: str
    data: bytes

    @property
    def ending(self) -> str:
        """Return what its name ends in."""
        return PurePath(self.name).suffix.lstrip(".") or "bin"

    @property
    def is_calendar(self) -> bool:
        """Whether calendars can read it."""
        return self.media_type in {"text/calendar", "application/ics"}

    @property
    def kilobytes(self) -> int:
        """Return its size, rounded up."""
        return -(-len(self.data) // 1024)


def told_of(part: Message) -> File:
    """Return a file of a letter as values."""
    data = part.get_payload(decode=True)
    return File(part.get_filename() or "file", part.get_content_type(), data if isinstance(data, bytes) else b"")


def letter_or_404(letter_id: int) -> CapturedMail:
    """Return a captured letter."""
    return database_session().get(CapturedMail, letter_id) or abort(404)


def parsed(row: CapturedMail) -> EmailMessage:
    """Return the letter as a mail program reads it."""
    return email.message_from_bytes(row.raw, policy=email.policy.default)


def content(message: EmailMessage, kind: str) -> str:
    """Return the letter's plain text or HTML; nothing where it has none."""
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
