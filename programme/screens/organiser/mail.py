"""The outbox: which letters wait, went, failed, and why; try again, take back, pause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, abort, current_app, g, render_template, request
from sqlalchemy import select

from programme.core.database import go_on_in_a_transaction
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.mail import actions, queries
from programme.engines.mail.composing import preview
from programme.engines.mail.forms import AgainForm, PauseForm
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.written.bodies import sent_body
from programme.extensions import database_session
from programme.people.guards import actor, administrators, organisers
from programme.people.models import Organisation
from programme.people.permissions import Scope, Verb, may
from programme.screens.letter_calendar import shown_calendar
from programme.screens.letter_frame import framed, page_around

if TYPE_CHECKING:
    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.messages import Body
    from programme.screens.letter_calendar import ShownCalendar

blueprint = Blueprint("organiser_mail", __name__, url_prefix="/organise/mail")
HERE = "/organise/mail"
ABOUT = {
    "registration": ("The registration", "/organise/registrations/"),
    "event": ("The event", "/organise/events/"),
    "series": ("The series", "/organise/series/"),
    "opening": ("The registration’s roll", "/organise/openings/"),
    "broadcast": ("The letter to many", "/organise/broadcasts/"),
}
"""What a letter can be about that has a page: words for the link, and where it leads."""
NOT_BY_HAND = frozenset({OutboxState.SENDING, OutboxState.HELD})
NOT_GONE = frozenset(OutboxState) - {OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.BUNDLED}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as it went or as it would be written now, or why it cannot be."""

    body: Body | None = None
    trouble: str = ""
    is_as_sent: bool = False


@blueprint.get("")
@organisers
def outbox() -> Any:
    """List the letters of the organisations I organise for."""
    return render_template("organiser_mail/outbox.html", **outbox_shown(PauseForm()))


def outbox_shown(form: PauseForm) -> dict[str, Any]:
    """Return what the list shows."""
    session, wanted = database_session(), wanted_letters()
    page = page_of(session, queries.letters_for(actor(), **wanted), number=page_number(request.args.get("page")))
    others = {**wanted, "state": ""}
    return {
        "page": page,
        "wanted": wanted,
        "counts": queries.counts_by_state(session, queries.letters_for(actor(), **others)),
        "states": list(OutboxState),
        "titles": titles(),
        "kinds": kinds(),
        "readable": {row.id for row in page if may_read(row)},
        "organisations": names_of(page.rows),
        "installation": queries.installation(session),
        "late": queries.late_ticks(session, now=g.now),
        "trouble": queries.trouble(session, "dispatch"),
        "form": form,
    }


def wanted_letters() -> dict[str, str]:
    """Read the filters; what there is not is left out, and noted."""
    known = {"state": ({state.value for state in OutboxState}, "state"), "letter": (set(kinds()), "kind of letter")}
    asked = {name: request.args.get(name, "").strip()[:LONGEST_LINE] for name in known}
    return {
        **{name: one_of(text, known[name][0], label=known[name][1]) for name, text in asked.items()},
        "words": request.args.get("q", "").strip()[:LONGEST_LINE],
    }


@blueprint.get("/<id:message_id>")
@organisers
def letter(message_id: int) -> Any:
    """Show one letter: where it stands and why, and what it would say now."""
    row = letter_or_404(message_id)
    shown = shown_of(row) if may_read(row) else Shown()
    return page_around(
        "organiser_mail/letter.html",
        letter=row,
        title=titles().get(row.letter, row.letter),
        organisation=names_of([row]).get(row.organisation_id or 0, ""),
        is_readable=may_read(row),
        about=about(row),
        shown=shown,
        calendar=calendar_in(shown.body),
        may_act=may_act(row),
        may_send_again=row.state in {OutboxState.SENT, OutboxState.UNKNOWN},
        is_stopped=row.bounced_at is not None or row.state in {OutboxState.FAILED, OutboxState.SUPPRESSED},
        form=AgainForm(),
        may_retry=row.state not in NOT_BY_HAND and OutboxState.PENDING in OUTBOX_MOVES[row.state],
    )


def about(row: OutboxMessage) -> tuple[str, str] | None:
    """Return words and address of the page of what a letter is about, if there is one."""
    words, place = ABOUT.get(row.subject_kind, ("", ""))
    return (words, f"{place}{row.subject_id}") if words and row.subject_id else None


@blueprint.get("/<id:message_id>/html")
@organisers
def html(message_id: int) -> Any:
    """Show a letter's HTML by itself, for the frame."""
    row = letter_or_404(message_id)
    shown = shown_of(row) if may_read(row) else Shown()
    return framed(shown.body.html if shown.body else abort(404))


def address_of(message_id: int) -> str:
    """Return the address of a letter's page."""
    return f"{HERE}/{message_id}"


@blueprint.post("/<id:message_id>/attempts")
@organisers
@button(address_of)
def retry(message_id: int) -> Any:
    """Try a letter again."""
    actions.retry(database_session(), own_letter(message_id), actor=actor(), now=g.now)
    database_session().commit()
    return done("The letter is in the queue again.", address_of(message_id))


@blueprint.post("/<id:message_id>/cancellation")
@organisers
@button(address_of)
def cancel(message_id: int) -> Any:
    """Take a waiting letter back."""
    actions.cancel(database_session(), own_letter(message_id), actor=actor(), now=g.now)
    database_session().commit()
    return done("The letter will not be sent.", address_of(message_id))


@blueprint.post("/pause")
@administrators
@button(lambda: HERE)
def pause() -> Any:
    """Let nothing leave for now."""
    form = PauseForm(request.form)
    if not form.validate():
        return form_again("organiser_mail/outbox.html", **outbox_shown(form))
    actions.pause(database_session(), actor=actor(), reason=form.reason.data, now=g.now)
    database_session().commit()
    return done("Nothing is sent until you resume.", HERE)


@blueprint.post("/resumption")
@administrators
@button(lambda: HERE)
def resume() -> Any:
    """Let letters leave again."""
    actions.resume(database_session(), actor=actor(), now=g.now)
    database_session().commit()
    return done("Letters are being sent again.", HERE)


def letter_or_404(message_id: int) -> OutboxMessage:
    """Return a letter that the actor may know of: an administrator of all, others of what they may read."""
    row = database_session().get(OutboxMessage, message_id)
    return row if row is not None and (actor().is_administrator or may_read(row)) else abort(404)


def own_letter(message_id: int) -> OutboxMessage:
    """Return a letter that the actor may act on, locked against the dispatcher."""
    row = letter_or_404(message_id)
    if not may_act(row):
        abort(403)
    database_session().refresh(row, with_for_update=True)
    return row


def scope_of(row: OutboxMessage) -> Scope | None:
    """Return a letter as the permission table reads it; None where it belongs to no organisation."""
    return None if row.organisation_id is None else Scope(lead=row.organisation_id, strand=row.strand)


def may_read(row: OutboxMessage) -> bool:
    """Whether the actor may read whom it goes to and what it says."""
    scope = scope_of(row)
    return scope is not None and may(actor(), Verb.SEE_PEOPLE, scope)


def may_act(row: OutboxMessage) -> bool:
    """Whether the actor may try it again or take it back; what belongs to nobody is the administrators'."""
    scope = scope_of(row)
    return actor().is_administrator if scope is None else may(actor(), Verb.EDIT, scope)


def shown_of(row: OutboxMessage) -> Shown:
    """Return a letter as it went, where that is kept; as it would go, where it has not gone."""
    kept = sent_body(database_session(), row)
    if kept is not None:
        return Shown(kept, is_as_sent=True)
    return composed_now(row) if row.state in NOT_GONE else Shown(is_as_sent=True)


def composed_now(row: OutboxMessage) -> Shown:
    """Return what the letter would say now; a poisoned one says why it cannot."""
    try:
        go_on_in_a_transaction(database_session())
        with database_session().begin_nested():
            return Shown(preview(database_session(), row, room=mail_room(), now=g.now))
    except Exception as error:
        log.exception("letter_cannot_be_written", letter=row.id)
        return Shown(trouble=f"{type(error).__name__}: {error}")


def calendar_in(body: Body | None) -> ShownCalendar | None:
    """Return what a letter brings for its reader's calendar; files of what has gone are named and not kept."""
    files = body.attachments if body else ()
    return next((shown_calendar(file.content) for file in files if file.method), None)


def mail_room() -> MailRoom:
    """Return the mail room of this installation."""
    room: MailRoom = current_app.extensions["mail_room"]
    return room


def titles() -> dict[str, str]:
    """Return the kinds of letter by name."""
    return {letter.name: letter.title for letter in mail_room().letters.values()}


def kinds() -> dict[str, str]:
    """Return the kinds that one may filter by: of letters that belong to no organisation, only administrators know."""
    every = mail_room().letters.values()
    return {one.name: one.title for one in every if actor().is_administrator or not one.is_private}


def names_of(rows: Any) -> dict[int, str]:
    """Return the short names of the organisations of letters."""
    ids = {row.organisation_id for row in rows if row.organisation_id is not None}
    found = select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(ids))
    return {row.id: row.short_name for row in database_session().execute(found)}
