"""Invitations of an opening: who is invited and has answered, more people, taken back, sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from werkzeug.datastructures import CombinedMultiDict

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number, page_of
from programme.core.web.words import plural
from programme.engines.registration.eligibility import invitations as actions
from programme.engines.registration.eligibility.forms import ListForm
from programme.engines.registration.states import InvitationState
from programme.extensions import database_session
from programme.flows.inviting.inviting import invite_again, invite_people, judged
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.asking import ids_in, text_in
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.engines.registration.roll.pasted import Pasted

blueprint = Blueprint("opening_invitations", __name__, url_prefix="/organise/openings/<id:opening_id>/invitations")
PAGE = "roll/eligible/invitations.html"


def home(opening_id: int) -> str:
    """Return the address of the invitations."""
    return f"/organise/openings/{opening_id}/invitations"


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_opening)
def invitations(opening_id: int) -> Any:
    """List who is invited; each count leads to the people behind it."""
    return render_template(PAGE, **shown(opening_id, ListForm()))


def shown(opening_id: int, form: ListForm, *, lines: Sequence[Pasted] | None = None) -> dict[str, Any]:
    """Return what the page shows."""
    session, words = database_session(), text_in(request.args.get("q", ""))[:LONGEST_LINE]
    chosen = next((state for state in InvitationState if state == request.args.get("state")), None)
    found = actions.invitations(opening_id, state=chosen, words=words)
    return {
        **framed(session, opening_here(opening_id), now=g.now),
        "form": form,
        "lines": lines,
        "odd": [one for one in lines or () if one.problem],
        "right": [one for one in lines or () if not one.problem],
        "page": page_of(session, found, number=page_number(request.args.get("page"))),
        "tallies": tallies(actions.counts(session, opening_id), chosen, home(opening_id)),
        "state": chosen.value if chosen else "",
        "words": words,
        "here": home(opening_id),
    }


def tallies(counts: Mapping[InvitationState, int], chosen: InvitationState | None, here: str) -> list[dict[str, Any]]:
    """Return how many are invited, and how many gave which answer; each leads to them."""
    every = {"count": sum(counts.values()), "word": "invited", "url": here, "current": chosen is None}
    return [
        every,
        *(
            {"count": number, "word": state.value, "url": f"{here}?state={state.value}", "current": state is chosen}
            for state, number in counts.items()
        ),
    ]


@blueprint.post("/preview")
@needs(Verb.EDIT, of_opening)
def preview(opening_id: int) -> Any:
    """Show whom a list would invite, with what is odd; nothing is changed."""
    form = ListForm(CombinedMultiDict([request.form, request.files]))
    lines = form.lines()
    if lines is None:
        return form_again(PAGE, **shown(opening_id, form))
    return render_template(PAGE, **shown(opening_id, form, lines=judged(database_session(), opening_id, lines)))


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def invite(opening_id: int) -> Any:
    """Invite everybody of a list whose line is right; they are told."""
    session, form = database_session(), ListForm(request.form)
    lines = form.lines()
    if lines is None:
        return form_again(PAGE, **shown(opening_id, form))
    try:
        made = invite_people(session, opening_id, lines, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(opening_id, form))
    session.commit()
    return done(f"{plural(len(made), 'person', 'people')} invited.{untold(opening_id)}", home(opening_id))


def untold(opening_id: int) -> str:
    """Say that letters wait for the opening, where it is a draft."""
    is_draft = opening_here(opening_id).state.value == "draft"
    return " The letters go when you open registration." if is_draft else ""


@blueprint.post("/decision")
@needs(Verb.EDIT, of_opening)
@button(home)
def decide(opening_id: int) -> Any:
    """Take the invitations back that are ticked, or send them again."""
    session, ids = database_session(), ids_in(request.form.getlist("id"))
    if not ids:
        raise Refusal("Tick at least one person first.")
    if request.form.get("do") == "again":
        number = len(invite_again(session, opening_id, ids, actor=actor(), now=g.now))
        said = f"{plural(number, 'person', 'people')} invited again.{untold(opening_id)}"
    else:
        number = actions.revoke(session, opening_id, ids, actor=actor(), now=g.now)
        said = f"{plural(number, 'invitation')} taken back. Their links say so."
    if not number:
        raise Refusal("Nobody was left to whom this applies: who has answered stays registered.")
    session.commit()
    return done(said, home(opening_id))
