"""The list of addresses that may register for an opening: who is on it, more of them, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.words import plural
from programme.engines.registration.eligibility import lists
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.openings.eligible.listing import ListPage
from programme.screens.roll.asking import text_in
from programme.screens.roll.scopes import of_opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.roll.pasted import Pasted

blueprint = Blueprint("opening_addresses", __name__, url_prefix="/organise/openings/<id:opening_id>/addresses")
MOST_TICKED = 500


def home(opening_id: int) -> str:
    """Return the address of the list."""
    return f"/organise/openings/{opening_id}/addresses"


def size(opening_id: int) -> dict[str, Any]:
    """Return how many are on it, whatever is searched for."""
    return {"size": lists.number_listed(database_session(), opening_id)}


PAGE = ListPage(
    "roll/eligible/addresses.html",
    home,
    found=lambda opening_id, words: lists.listed(opening_id, words=words),
    more=size,
)


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_opening)
def addresses(opening_id: int) -> Any:
    """Show the list."""
    return PAGE.show(opening_id)


@blueprint.post("/preview")
@needs(Verb.EDIT, of_opening)
def preview(opening_id: int) -> Any:
    """Show whom a list would let register, with what is odd; nothing is changed."""
    return PAGE.look(opening_id, lambda lines: lines)


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def add(opening_id: int) -> Any:
    """Put everybody whose line is right on the list; nobody is told."""

    def put_on(lines: Sequence[Pasted]) -> str:
        meant = [one.address for one in lines if not one.problem]
        number = lists.add(database_session(), opening_id, meant, actor=actor(), now=g.now)
        return f"{plural(number, 'address', 'addresses')} added."

    return PAGE.take(opening_id, put_on)


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
