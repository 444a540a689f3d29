"""Those who come along, for whoever holds the link of a registration: bring one more, leave one out, their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form, line
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.states import LIVE
from programme.extensions import database_session
from programme.flows.companions.bringing import answer_for, come_along, companion_of, stay_away
from programme.people.guards import secret_link
from programme.people.queries import organisations
from programme.screens.registrations.forms import answers_form
from programme.screens.registrations.managing import its_page, registration_or_404

if TYPE_CHECKING:
    from programme.engines.questionnaire.forms import QuestionsForm
    from programme.engines.registration.models import Companion, Registration

blueprint = Blueprint("companions", __name__, url_prefix="/registrations/<token>/companions")
PAGE, ANSWERS = "registrations/together/page.html", "registrations/together/answers.html"


class CompanionForm(Form):
    """The name of one more."""

    others = line("Full name", ask="Enter the name of whoever comes along.", autocomplete="off")


def list_page(token: str, **_: Any) -> str:
    """Return the address of the list."""
    return f"{its_page(token)}/companions"


@blueprint.get("")
@secret_link
def page(token: str) -> Any:
    """Show who comes along."""
    row = registration_or_404(token)
    if row.state not in LIVE or (row.opening.most_together == 1 and not row.companions):
        return redirect(its_page(token), 303)
    return render_template(PAGE, **shown(row, CompanionForm(), token))


def shown(row: Registration, form: CompanionForm, token: str) -> dict[str, Any]:
    """Return what the list shows."""
    asks = bool(asked_by(row.opening.questionnaire))
    may_bring = len(row.companions) + 1 < row.opening.most_together
    return {"it": row, "form": form, "asks": asks, "may_bring": may_bring, "here": its_page(token)}


@blueprint.post("")
@secret_link
@button(list_page)
def add(token: str) -> Any:
    """Bring one more along."""
    row, form = registration_or_404(token), CompanionForm(request.form)
    if not form.validate():
        return form_again(PAGE, **shown(row, form, token))
    try:
        brought = come_along(database_session(), row.id, form.others.data or "", now=g.now)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        database_session().rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(registration_or_404(token), form, token))
    database_session().commit()
    return done(f"{brought.name} comes along.", list_page(token))


@blueprint.post("/<id:companion_id>/removal")
@secret_link
@button(list_page)
def remove(token: str, companion_id: int) -> Any:
    """Leave somebody out; their place is given back."""
    left = stay_away(database_session(), registration_or_404(token).id, companion_id, now=g.now)
    database_session().commit()
    words = f"{left.name} does not come. One place is given back." if left.name else "They had been left out already."
    return done(words, its_page(token))


@blueprint.get("/<id:companion_id>/answers")
@secret_link
def answers(token: str, companion_id: int) -> Any:
    """Show the form for somebody who comes along."""
    row, companion = those_here(token, companion_id)
    form = answers_form(row.opening, companion.answer_sheet, sent=None)
    return render_template(ANSWERS, **answers_shown(row, companion, form, token))


@blueprint.post("/<id:companion_id>/answers")
@secret_link
@button(list_page)
def answer(token: str, companion_id: int) -> Any:
    """Keep the answers of somebody who comes along."""
    row, companion = those_here(token, companion_id)
    form = answers_form(row.opening, companion.answer_sheet, sent=request.form)
    if not form.validate():
        return form_again(ANSWERS, **answers_shown(row, companion, form, token))
    try:
        answer_for(database_session(), row.id, companion_id, form.answers(), now=g.now)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        database_session().rollback()
        form.refuse(refusal)
        return form_again(ANSWERS, **answers_shown(*those_here(token, companion_id), form, token))
    database_session().commit()
    return done(f"The answers of {companion.name} are kept.", list_page(token))


def those_here(token: str, companion_id: int) -> tuple[Registration, Companion]:
    """Return the registration of a link, and one of those who come along under it, where there is a form for them."""
    row = registration_or_404(token)
    companion = companion_of(row, companion_id)
    if companion is None or row.state not in LIVE or not asked_by(row.opening.questionnaire):
        abort(404)
    return row, companion


def answers_shown(row: Registration, companion: Companion, form: QuestionsForm, token: str) -> dict[str, Any]:
    """Return what the page of answers shows."""
    session, sheet = database_session(), companion.answer_sheet
    form.mark_full(full_options(session, row.opening_id, form.asked, apart_from=sheet.id if sheet else 0))
    knows_organisations = any(one.kind == "organisation" for one in form.asked)
    names = [one.name for one in organisations(session)] if knows_organisations else []
    return {"it": row, "companion": companion, "form": form, "here": list_page(token), "organisations": names}
