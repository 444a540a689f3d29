"""One registration, for whoever holds its link: see, keep, change answers, cancel, take into a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect, render_template, request

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.tokens import id_in
from programme.core.web.answers import button, done, form_again, reading_first, refused
from programme.core.web.downloads import download
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.follow_ups.queries import request_of
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.queries import position, registration_with_events, terms_of
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState, SeatState
from programme.engines.registration.terms import Window, window
from programme.extensions import database_session
from programme.flows.answering.files import SHEET
from programme.flows.calendars.personal import calendar_of
from programme.flows.deciding.answers import why_fixed
from programme.flows.notices.places.registrations import is_over
from programme.flows.notices.places.told import contact_of
from programme.flows.registering import cancel_registration, change_answers, prove_registration
from programme.flows.sharing.words import why_waiting
from programme.people.guards import secret_link
from programme.people.queries import organisations
from programme.screens.clashing import NOTHING, my_clashes
from programme.screens.registrations.answering.handing_in import expect_files, take_files
from programme.screens.registrations.desk import may_see_opening
from programme.screens.registrations.forms import answers_form
from programme.screens.registrations.replies.shown import replied
from programme.screens.registrations.series.shown import dates_of, theirs
from programme.screens.registrations.signing_up import links
from programme.screens.registrations.stages import stage_of
from programme.screens.registrations.summary import days_of
from programme.screens.registrations.tickets import certificates_of, codes_of, feedback_url
from programme.strands.cohorts.admission.referees.queries import references_asked

if TYPE_CHECKING:
    from programme.engines.calendar.models import Event
    from programme.engines.questionnaire.forms import QuestionsForm
    from programme.engines.registration.models import Registration

blueprint = Blueprint("managing", __name__, url_prefix="/registrations/<token>")
ANSWERS = "registrations/answers.html"


def its_page(token: str) -> str:
    """Return the address of the registration's page."""
    return f"/registrations/{token}"


@blueprint.get("")
@secret_link
def place(token: str) -> Any:
    """Show a registration: its state, what follows, and what one can do. Looking changes nothing."""
    row = registration_or_404(token)
    session = database_session()
    over = is_over(row.opening, now=g.now)
    return render_template(
        "registrations/place.html",
        it=row,
        days=days_of(session, theirs(row)),
        weeks=dates_of(session, row, now=g.now),
        position=position(session, row) if row.state is RegistrationState.WAITLISTED else 0,
        reasons=why_waiting(session, row, now=g.now) if row.state is RegistrationState.WAITLISTED else ("", ""),
        is_live=row.state in LIVE and not over,
        is_over=over,
        again=may_see_opening(row.opening) and window(terms_of(row.opening), g.now) is Window.OPEN,
        holds=row.state in HOLDING,
        offer_is_over=row.answer_by is not None and row.answer_by <= g.now,
        is_late=row.prove_by is not None and row.prove_by <= g.now,
        asks=bool(asked_by(row.opening.questionnaire)),
        fixed=why_fixed(session, row, now=g.now),
        stage=stage_of(session, row, now=g.now),
        replied=replied(session, row, is_over=over, now=g.now),
        follow_up=request_of(session, row.id) if row.state is RegistrationState.CONFIRMED else None,
        contact=contact_of(row.opening),
        references=references_asked(session, row),
        codes=codes_of(row, now=g.now),
        certificates=certificates_of(row),
        feedback=feedback_url(session, row),
        clashes=my_clashes(held_events(row), person_id=row.person_id) if row.state in LIVE and not over else NOTHING,
        here=its_page(token),
    )


def held_events(row: Registration) -> list[Event]:
    """Return the events of a registration but for those that are skipped."""
    return [seat.event for seat in row.seats if seat.state is not SeatState.SKIPPED]


@blueprint.post("/proof")
@secret_link
@button(its_page)
def keep(token: str) -> Any:
    """Keep a place for good."""
    row = registration_or_404(token)
    prove_registration(database_session(), row.id, now=g.now)
    database_session().commit()
    words = "Your place is kept." if row.state in HOLDING else "Your registration is kept."
    return done(words, its_page(token))


@blueprint.get("/cancellation")
@secret_link
def ask_to_cancel(token: str) -> Any:
    """Ask before a place is given back."""
    row = registration_or_404(token)
    if row.state not in LIVE:
        return redirect(its_page(token), 303)
    days = days_of(database_session(), theirs(row))
    return render_template("registrations/cancel.html", it=row, days=days, here=its_page(token))


@blueprint.post("/cancellation")
@secret_link
@button(its_page)
def cancel(token: str) -> Any:
    """Give a place back."""
    row = registration_or_404(token)
    ended = cancel_registration(database_session(), row.id, now=g.now)
    database_session().commit()
    sentence = "Your registration is cancelled." if ended.changed else "This was cancelled before."
    return done(sentence, its_page(token))


@blueprint.get("/answers")
@secret_link
def answers(token: str) -> Any:
    """Show the answers, to change them."""
    row = registration_or_404(token)
    fixed = why_fixed(database_session(), row, now=g.now)
    if fixed and row.state in LIVE:
        return refused(Refusal(fixed), its_page(token))
    if fixed:
        return redirect(its_page(token), 303)
    form = answers_form(row.opening, row.answer_sheet, sent=None)
    return render_template(ANSWERS, **answers_shown(row, form, its_page(token)))


def answers_shown(row: Registration, form: QuestionsForm, here: str) -> dict[str, Any]:
    """Return what the page of the answers shows; the options that are full for others are not for who has them."""
    session, sheet = database_session(), row.answer_sheet
    form.mark_full(full_options(session, row.opening_id, form.asked, apart_from=sheet.id if sheet else 0))
    knows_organisations = any(one.kind == "organisation" for one in form.asked)
    names = [one.name for one in organisations(session)] if knows_organisations else []
    return {"it": row, "form": form, "here": here, "organisations": names}


@blueprint.post("/answers")
@reading_first
@secret_link
@button(its_page)
def change(token: str) -> Any:
    """Change the answers."""
    row = registration_or_404(token)
    expect_files(asked_by(row.opening.questionnaire))
    form = answers_form(row.opening, row.answer_sheet, sent=request.form)
    take_files(form, subject=(SHEET, row.answer_sheet_id or 0))
    if not form.validate():
        return form_again(ANSWERS, **answers_shown(row, form, its_page(token)))
    go_on_writing(database_session())
    database_session().expire_all()
    try:
        change_answers(database_session(), row.id, form.answers(), now=g.now)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        database_session().rollback()
        form.refuse(refusal)
        return form_again(ANSWERS, **answers_shown(registration_or_404(token), form, its_page(token)))
    database_session().commit()
    return done("Your answers are changed.", its_page(token))


@blueprint.get("/calendar.ics")
@secret_link
def calendar(token: str) -> Any:
    """Give the registration's events as a calendar file."""
    row = registration_or_404(token)
    content = calendar_of(database_session(), row, links=links())
    return download(content, title=row.opening.title, ending="ics", media_type="text/calendar; charset=utf-8")


def registration_or_404(token: str) -> Registration:
    """Return the registration that a link opens; an old or invented one opens nothing."""
    row_id = id_in(token)
    row = registration_with_events(database_session(), row_id) if row_id else None
    if row is None or not links().opens(token, row):
        abort(404)
    return row
