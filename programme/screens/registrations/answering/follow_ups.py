"""The follow-up form, for whoever has a place and holds the link of their registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again, reading_first
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.forms import form_class
from programme.engines.registration.follow_ups.queries import request_of
from programme.engines.registration.openings.parts import with_parts
from programme.engines.registration.states import RegistrationState
from programme.extensions import database_session
from programme.flows.answering.files import SHEET
from programme.flows.answering.follow_ups import answer_follow_up
from programme.people.guards import secret_link
from programme.people.queries import organisations
from programme.screens.registrations.answering.handing_in import expect_files, take_files
from programme.screens.registrations.forms import AnswersForm, kept
from programme.screens.registrations.managing import its_page, registration_or_404

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from programme.engines.questionnaire.forms import QuestionsForm
    from programme.engines.registration.follow_ups.models import FollowUpRequest
    from programme.engines.registration.models import Registration

blueprint = Blueprint("own_follow_up", __name__, url_prefix="/registrations/<token>/follow-up")
TEMPLATE = "registrations/answering/follow_up.html"


@blueprint.get("")
@secret_link
def page(token: str) -> Any:
    """Show the follow-up form."""
    row, asked = asked_or_404(token)
    return render_template(TEMPLATE, **shown(row, asked, form_for(asked), token))


@blueprint.post("")
@reading_first
@secret_link
@button(its_page)
def answer(token: str) -> Any:
    """Keep the answers."""
    session, (row, asked) = database_session(), asked_or_404(token)
    expect_files(asked_by(asked.follow_up.questionnaire))
    form = form_for(asked, request.form)
    take_files(form, subject=(SHEET, asked.sheet_id or 0))
    if not form.validate():
        return form_again(TEMPLATE, **shown(row, asked, form, token))
    go_on_writing(session)
    session.expire_all()
    try:
        answer_follow_up(session, row.id, form.answers(), now=g.now)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        session.rollback()
        form.refuse(refusal)
        return form_again(TEMPLATE, **shown(*asked_or_404(token), form, token))
    session.commit()
    return done("Thank you. Your answers are with the organisers.", its_page(token))


def asked_or_404(token: str) -> tuple[Registration, FollowUpRequest]:
    """Return a registration that has a place, with what was asked of it."""
    row = registration_or_404(token)
    asked = request_of(database_session(), row.id)
    if asked is None or row.state is not RegistrationState.CONFIRMED:
        abort(404)
    return row, asked


def form_for(asked: FollowUpRequest, sent: MultiDict[str, str] | None = None) -> QuestionsForm:
    """Return the form, filled in with what was answered."""
    follow_up = asked.follow_up
    questions = with_parts(database_session(), follow_up.opening_id, asked_by(follow_up.questionnaire))
    made = form_class(AnswersForm, questions)
    return made(sent, data=kept(asked.sheet))


def shown(row: Registration, asked: FollowUpRequest, form: QuestionsForm, token: str) -> dict[str, Any]:
    """Return what the page shows."""
    names = [one.name for one in organisations(database_session())]
    until = asked.follow_up.answer_by
    is_late = until is not None and until <= g.now
    told = {"until": until, "is_late": is_late, "is_answered": asked.sheet_id is not None}
    return {"it": row, "form": form, "here": its_page(token), "organisations": names, **told}
