"""The list of addresses that may register for an opening: who is on it, more of them, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from werkzeug.datastructures import CombinedMultiDict

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number, page_of
from programme.core.web.words import plural
from programme.engines.registration.eligibility import lists
from programme.engines.registration.eligibility.forms import ListForm
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.asking import text_in
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.roll.pasted import Pasted

blueprint = Blueprint("opening_addresses", __name__, url_prefix="/organise/openings/<id:opening_id>/addresses")
PAGE = "roll/eligible/addresses.html"
MOST_TICKED = 500


def home(opening_id: int) -> str:
    """Return the address of the list."""
    return f"/organise/openings/{opening_id}/addresses"


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_opening)
def addresses(opening_id: int) -> Any:
    """Show the list."""
    return render_template(PAGE, **shown(opening_id, ListForm()))


def shown(opening_id: int, form: ListForm, *, lines: Sequence[Pasted] | None = None) -> dict[str, Any]:
    """Return what the page shows."""
    session, words = database_session(), text_in(request.args.get("q", ""))[:LONGEST_LINE]
    found = lists.listed(opening_id, words=words)
    return {
        **framed(session, opening_here(opening_id), now=g.now),
        "form": form,
        "lines": lines,
        "odd": [one for one in lines or () if one.problem],
        "right": [one for one in lines or () if not one.problem],
        "page": page_of(session, found, number=page_number(request.args.get("page"))),
        "size": lists.number_listed(session, opening_id),
        "words": words,
        "here": home(opening_id),
    }


@blueprint.post("/preview")
@needs(Verb.EDIT, of_opening)
def preview(opening_id: int) -> Any:
    """Show whom a list would let register, with what is odd; nothing is changed."""
    form = ListForm(CombinedMultiDict([request.form, request.files]))
    lines = form.lines()
    if lines is None:
        return form_again(PAGE, **shown(opening_id, form))
    return render_template(PAGE, **shown(opening_id, form, lines=lines))


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def add(opening_id: int) -> Any:
    """Put everybody whose line is right on the list; nobody is told."""
    session, form = database_session(), ListForm(request.form)
    lines = form.lines()
    if lines is None:
        return form_again(PAGE, **shown(opening_id, form))
    try:
        meant = [one.address for one in lines if not one.problem]
        number = lists.add(session, opening_id, meant, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(opening_id, form))
    session.commit()
    return done(f"{plural(number, 'address', 'addresses')} added.", home(opening_id))


@blueprint.post("/removals")
@needs(Verb.EDIT, of_opening)
@button(home)
def remove(opening_id: int) -> Any:
    """Take those ticked off the list; whoever registered before stays registered."""
    session, keys = database_session(), [text_in(one) for one in request.form.getlist("id")[:MOST_TICKED]]
    if not keys:
        raise Refusal("Tick at least one address first.")
    number = lists.take_off(session, opening_id, keys, actor=actor(), now=g.now)
    session.commit()
    return done(f"{plural(number, 'address', 'addresses')} taken off.", home(opening_id))
