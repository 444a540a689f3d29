"""One registration: its answers, its history, the note between organisers, and what may be decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.audit import record
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import moment, ordinal
from programme.engines.approvals.queries import approvals_of
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.questionnaire.kinds.files import FILE
from programme.engines.registration.deciding.keys import REGISTRATION, is_undecided
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.door.group import comers
from programme.engines.registration.follow_ups.queries import request_of, second_form
from programme.engines.registration.keeping.namelessness import NAMELESS
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.notes.actions import thread
from programme.engines.registration.openings.locking import UNDECIDED
from programme.engines.registration.openings.rights import sensitive_reach
from programme.engines.registration.queries import position
from programme.engines.registration.roll import answers, tags
from programme.engines.registration.roll.forms import CorrectionForm, NoteForm, ReasonForm, TurnForm
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState
from programme.extensions import database_session
from programme.flows import admitting
from programme.flows.addresses.correcting import correct
from programme.flows.notices.places import registrations as letters
from programme.flows.offering.giving import offer_place
from programme.flows.roll.deciding import Verdict, applies
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.trail.lines import history
from programme.screens.registrations.replies.shown import replied
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_registration, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.models import Opening

blueprint = Blueprint("roll_entry", __name__, url_prefix="/organise/registrations/<id:registration_id>")
LONGEST_HISTORY = 100


def here(registration_id: int) -> str:
    """Return the address of a registration's page."""
    return f"/organise/registrations/{registration_id}"


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_registration)
def page(registration_id: int) -> Any:
    """Show one registration."""
    row = registration_here(registration_id)
    return render_template("roll/entry/page.html", **shown(row, NoteForm(), ReasonForm()))


def shown(
    row: Registration, note_form: NoteForm, form: ReasonForm, right: CorrectionForm | None = None
) -> dict[str, Any]:
    """Return what the page shows."""
    session, opening, is_known = database_session(), opening_here(row.opening_id), row.person_id is not None
    return {
        **framed(session, opening, now=g.now),
        "row": row,
        "comers": comers,
        "note_form": note_form,
        "reason_form": form,
        "turn_form": TurnForm(),
        "may_offer": opening.offer_hours is not None and row.state in UNDECIDED and is_known and not by_keys(row),
        "form": right or note_form,
        "right_form": right or CorrectionForm(),
        "answered": answered(row, opening),
        "brought": brought(row, opening),
        "follow_up": request_of(session, row.id),
        "replies": replied(session, row, is_over=True, now=g.now).answers,
        "tags": tags.tags_of(session, [row.id]).get(row.id, []),
        "history": history(session, "registration", row.id, reader=actor(), limit=LONGEST_HISTORY),
        "sent": letters_to(row.id),
        "titles": {name: kind.title for name, kind in current_app.extensions["mail_room"].letters.items()},
        "in_line": ordinal(position(session, row)) if row.state is RegistrationState.WAITLISTED else "",
        **decided_here(row),
        "verdicts": verdicts_of(row),
        "thread": session.scalars(thread(row.id)).all(),
        "holds": row.state in HOLDING,
        "is_live": row.state in LIVE and is_known,
        "is_known": is_known,
        "is_named": row.name != NAMELESS,
        "may_resend": row.state in letters.ENTERED and is_known,
    }


def verdicts_of(row: Registration) -> dict[str, bool]:
    """Return what may be decided at once; where keys decide, nobody gives or refuses past them."""
    past_keys = set() if not by_keys(row) else {Verdict.PROMOTION, Verdict.REFUSAL}
    is_known = row.person_id is not None
    return {one.name: applies(row, one) and is_known and one not in past_keys for one in Verdict}


def by_keys(row: Registration) -> bool:
    """Whether keys have yet to decide, or have said no."""
    waits = is_undecided(row) or row.state is RegistrationState.REFUSED
    return waits and keyed_terms(database_session(), row.opening) is not None


def decided_here(row: Registration) -> dict[str, Any]:
    """Return what the panel of keys shows: every approval that was asked, the latest first."""
    asked = database_session().scalars(approvals_of(REGISTRATION, row.id).limit(LONGEST_HISTORY)).all()
    return {"approvals": asked, "keys_wait": is_undecided(row) and not asked and by_keys(row)}


def registration_here(registration_id: int) -> Registration:
    """Return the registration of the address with what its page shows."""
    statement = (
        select(Registration)
        .where(Registration.id == registration_id)
        .options(
            joinedload(Registration.organisation),
            joinedload(Registration.answer_sheet),
            selectinload(Registration.companions),
            selectinload(Registration.seats).joinedload(Seat.event).joinedload(Event.series),
            selectinload(Registration.seats).selectinload(Seat.companion_marks),
        )
    )
    return database_session().scalar(statement) or abort(404)


def answered(row: Registration, opening: Opening) -> list[dict[str, Any]]:
    """Return the questions with this person's answers; sensitive ones only for those with the right."""
    session, reach = database_session(), sensitive_reach(actor(), opening)
    questions = answers.every_question(session, opening)
    second = {question.id for question in answers.questions_of(second_form(session, opening))}
    texts = answers.texts_of(session, [row], questions, reach=reach).get(row.id, {})
    agreed = agreed_to(row) if any(question.kind == "consent" for question in questions) else {}
    return [
        {
            "question": question,
            "text": texts.get(question.id, ""),
            "words": agreed.get(question.id, "") if question.id in texts else "",
            "file": question.kind == FILE,
            "is_second": question.id in second,
            "hidden": question.is_sensitive and not reach.covers(row.organisation_id),
        }
        for question in questions
        if question.retired_in is None or question.id in texts
    ]


def brought(row: Registration, opening: Opening) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return who comes along, with what each of them answered; what is sensitive as of whoever registered them."""
    session, reach = database_session(), sensitive_reach(actor(), opening)
    questions = answers.questions_of(opening.questionnaire)
    texts = answers.texts_of_companions(session, [row], questions, reach=reach)
    secret = [] if reach.covers(row.organisation_id) else [one for one in questions if one.is_sensitive]
    sheets = [(one.name, texts.get(one.answer_sheet_id or 0, {})) for one in row.companions if one.answer_sheet_id]
    return [
        (
            name,
            [
                {"question": one, "text": said.get(one.id, ""), "words": "", "file": False, "hidden": one in secret}
                for one in asked
            ],
        )
        for name, said in sheets
        if (asked := [one for one in questions if one.retired_in is None or one.id in said])
    ]


def agreed_to(row: Registration) -> dict[int, str]:
    """Return the very words that somebody agreed to, by question; older answers kept only that they did."""
    asked = request_of(database_session(), row.id)
    sheets = [sheet for sheet in (row.answer_sheet, asked.sheet if asked else None) if sheet]
    return {one.question_id: one.value for sheet in sheets for one in sheet.answers if isinstance(one.value, str)}


def letters_to(registration_id: int) -> Sequence[OutboxMessage]:
    """Return the letters about a registration, the newest first."""
    about = OutboxMessage.subject_kind == "registration"
    statement = select(OutboxMessage).where(about, OutboxMessage.subject_id == registration_id)
    newest = statement.order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc()).limit(LONGEST_HISTORY)
    return database_session().scalars(newest).all()


@blueprint.post("/promotion")
@needs(Verb.DECIDE, of_registration)
@button(here)
def promotion(registration_id: int) -> Any:
    """Give a place."""
    row = admitting.promote_registration(database_session(), registration_id, actor=actor(), now=g.now, **out_of_turn())
    database_session().commit()
    return done(f"{row.name} has a place and is told.", here(registration_id))


@blueprint.post("/offer")
@needs(Verb.DECIDE, of_registration)
@button(here)
def offer(registration_id: int) -> Any:
    """Offer a place, to be answered by a deadline."""
    row = offer_place(database_session(), registration_id, actor=actor(), now=g.now, **out_of_turn())
    database_session().commit()
    until = f" until {moment(row.answer_by)}" if row.answer_by else ""
    return done(f"{row.name} is offered a place{until}, and is told.", here(registration_id))


def out_of_turn() -> dict[str, Any]:
    """Return why somebody comes before others, and whether they have a place beyond the places."""
    form = TurnForm(request.form)
    if not form.validate():
        raise Refusal(form.problems[0][1])
    return {"reason": form.why.data or "", "even_if_full": bool(form.even_if_full.data)}


@blueprint.post("/refusal")
@needs(Verb.DECIDE, of_registration)
@button(here)
def refusal(registration_id: int) -> Any:
    """Refuse, with a reason that goes into the letter."""
    session, form = database_session(), reason_or_refusal()
    reason = form.reason.data or ""
    ended = admitting.refuse_registration(session, registration_id, reason=reason, actor=actor(), now=g.now)
    session.commit()
    return done(f"{ended.registration.name} is refused and told.", here(registration_id))


@blueprint.post("/cancellation")
@needs(Verb.DECIDE, of_registration)
@button(here)
def cancellation(registration_id: int) -> Any:
    """Cancel in the person's name."""
    session, form = database_session(), reason_or_refusal()
    reason = form.reason.data or ""
    ended = admitting.cancel_for(session, registration_id, reason=reason, actor=actor(), now=g.now)
    session.commit()
    return done(
        f"The registration of {ended.registration.name} is cancelled, and they are told.", here(registration_id)
    )


def reason_or_refusal() -> ReasonForm:
    """Return the form with the reason; Refusal where it cannot be kept."""
    form = ReasonForm(request.form)
    if not form.validate():
        raise Refusal(form.problems[0][1])
    return form


@blueprint.post("/confirmation")
@needs(Verb.DECIDE, of_registration)
@button(here)
def confirmation(registration_id: int) -> Any:
    """Send the letter about the registration again, as it stands now; once a minute at most."""
    session, row = database_session(), registration_here(registration_id)
    letter = letters.ENTERED.get(row.state)
    if letter is None:
        raise Refusal("This registration has ended, so there is nothing to confirm.")
    letters.send(session, row, letter, key=f":again:{g.now:%Y%m%d%H%M}", now=g.now)
    write_down(row, "sent the letter again")
    session.commit()
    return done(f"The letter goes to {row.address} again.", here(registration_id))


@blueprint.post("/address")
@needs(Verb.DECIDE, of_registration)
def address(registration_id: int) -> Any:
    """Put the address right: the place, and letters that wait, are whoever's it is."""
    session, typed = database_session(), CorrectionForm(request.form)
    if typed.validate():
        try:
            row = correct(session, registration_id, typed.address.data, actor=actor(), now=g.now)
            session.commit()
            return done(f"Letters about this go to {row.address} from now on.", here(registration_id))
        except Refusal as refusal:
            session.rollback()
            typed.refuse(refusal)
    row = registration_here(registration_id)
    return form_again("roll/entry/page.html", **shown(row, NoteForm(), ReasonForm(), typed))


def write_down(row: Registration, verb: str) -> None:
    """Write an act about a registration into the trail."""
    record(
        database_session(),
        person_id=actor().person_id,
        verb=verb,
        subject=("registration", row.id),
        now=g.now,
        organisation_id=row.opening.lead_organisation_id,
    )
