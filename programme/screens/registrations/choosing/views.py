"""Choosing again among an opening's events, for whoever holds the link of a registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form
from programme.engines.calendar.forms.choices import Checks, Radios
from programme.engines.registration.choosing.queries import chosen_by
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import LIVE
from programme.extensions import database_session
from programme.flows.series.choosing import choose_events
from programme.people.guards import secret_link
from programme.screens.registrations.choosing.offered import choice_in, offer
from programme.screens.registrations.managing import its_page, registration_or_404

if TYPE_CHECKING:
    from programme.engines.registration.models import Registration

blueprint = Blueprint("choosing", __name__, url_prefix="/registrations/<token>/choice")
CHOICE = "registrations/series/choice.html"


class OneForm(Form):
    """One event, chosen again."""

    events = Radios("Which will you come to?", coerce=int)


class SeveralForm(Form):
    """Some events, chosen again."""

    events = Checks("Which will you come to?", coerce=int)


@blueprint.get("")
@secret_link
def ask(token: str) -> Any:
    """Show what is chosen, to choose again."""
    row = registration_or_404(token)
    if row.state not in LIVE or row.opening.chooses is None:
        return redirect(its_page(token), 303)
    return render_template(CHOICE, it=row, form=form_for(row), here=its_page(token))


@blueprint.post("")
@secret_link
@button(its_page)
def choose(token: str) -> Any:
    """Choose again; what is full is refused with what is free."""
    row = registration_or_404(token)
    if row.opening.chooses is None:
        raise Refusal("Here a place is one at every event: there is nothing to choose.")
    form = form_for(row, request.form)
    if not form.validate():
        return form_again(CHOICE, it=row, form=form, here=its_page(token))
    try:
        chosen = choose_events(database_session(), row.id, choice_in(form.events), now=g.now)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        database_session().rollback()
        form.refuse(refusal)
        return form_again(CHOICE, it=registration_or_404(token), form=form, here=its_page(token))
    database_session().commit()
    return done("Your choice is changed." if chosen.changed else "Nothing has changed.", its_page(token))


def form_for(row: Registration, typed: Any = None) -> OneForm | SeveralForm:
    """Return the form with what is chosen and what is free; what one has already is not full for oneself."""
    kept = chosen_by(row)
    if row.opening.chooses == 1:
        form: OneForm | SeveralForm = OneForm(typed, data={"events": next(iter(kept), None)})
    else:
        form = SeveralForm(typed, data={"events": sorted(kept)})
    offer(form.events, row.opening, chairs_by_event(database_session(), row.opening.events), kept=kept)
    return form
