"""Invitations of an opening: who is invited and has answered, more people, taken back, sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.words import plural
from programme.engines.registration.eligibility import invitations as actions
from programme.engines.registration.states import InvitationState
from programme.extensions import database_session
from programme.flows.inviting.inviting import invite_again, invite_people, judged
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.openings.eligible.listing import ListPage
from programme.screens.roll.asking import ids_in
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.engines.registration.roll.pasted import Pasted

blueprint = Blueprint("opening_invitations", __name__, url_prefix="/organise/openings/<id:opening_id>/invitations")


def home(opening_id: int) -> str:
    """Return the address of the invitations."""
    return f"/organise/openings/{opening_id}/invitations"


def state_asked() -> InvitationState | None:
    """Return the answer by which the page is filtered."""
    return next((state for state in InvitationState if state == request.args.get("state")), None)


def counted(opening_id: int) -> dict[str, Any]:
    """Return the counts above the list, and which of them it is filtered by."""
    chosen = state_asked()
    counts = actions.counts(database_session(), opening_id)
    return {"tallies": tallies(counts, chosen, home(opening_id)), "state": chosen.value if chosen else ""}


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


PAGE = ListPage(
    "roll/eligible/invitations.html",
    home,
    found=lambda opening_id, words: actions.invitations(opening_id, state=state_asked(), words=words),
    more=counted,
)


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_opening)
def invitations(opening_id: int) -> Any:
    """List who is invited; each count leads to the people behind it."""
    return PAGE.show(opening_id)


@blueprint.post("/preview")
@needs(Verb.EDIT, of_opening)
def preview(opening_id: int) -> Any:
    """Show whom a list would invite, with what is odd; nothing is changed."""
    return PAGE.look(opening_id, lambda lines: judged(database_session(), opening_id, lines))


@blueprint.post("")
@needs(Verb.EDIT, of_opening)
def invite(opening_id: int) -> Any:
    """Invite everybody of a list whose line is right; they are told."""

    def ask(lines: Sequence[Pasted]) -> str:
        made = invite_people(database_session(), opening_id, lines, actor=actor(), now=g.now)
        return f"{plural(len(made), 'person', 'people')} invited.{untold(opening_id)}"

    return PAGE.take(opening_id, ask)


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
