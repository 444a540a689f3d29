"""Those ticked on a roll are moved to another opening of the same lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select
from wtforms import BooleanField, SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form, line
from programme.core.web.words import join_words, plural
from programme.engines.calendar.forms.choices import Choice, id_or_none
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.rights import listed_to, opening_scope, opening_with_owners
from programme.engines.registration.roll.forms import BEYOND, LONGEST_REASON
from programme.engines.registration.states import LIVE, OpeningState
from programme.extensions import database_session
from programme.flows.roll.deciding import concerned
from programme.flows.roll.moving import move_all
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.roll.asking import ids_in
from programme.screens.roll.deciding import NOBODY, home
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.flows.roll.moving import Moved

blueprint = Blueprint("roll_moves", __name__, url_prefix="/organise/openings/<id:opening_id>/moves")
NEW, MOST_OPENINGS = "roll/ticked/moves.html", 200


class MoveForm(Form):
    """Where people go."""

    to = Choice("Move them to", coerce=id_or_none)
    reason = line("Why", hint="They read this in the letter.", longest=LONGEST_REASON - 200)
    even_if_full = BooleanField(BEYOND)


def form_for(opening: Opening, sent: Any = None) -> MoveForm:
    """Return the form with the openings where they may go: of the same lead, and one's own to decide about."""
    form = MoveForm(sent)
    own = select(Opening).where(listed_to(actor()), Opening.lead_organisation_id == opening.lead_organisation_id)
    others = own.where(Opening.id != opening.id, Opening.state != OpeningState.DRAFT).order_by(Opening.id.desc())
    rows = database_session().scalars(others.limit(MOST_OPENINGS)).all()
    form.to.choices = [SelectChoice("", "Choose one"), *(SelectChoice(row.id, row.title) for row in rows)]
    return form


@blueprint.get("/new")
@needs(Verb.DECIDE, of_opening)
@button(home)
def new(opening_id: int) -> Any:
    """Ask where those ticked shall go."""
    ids = ids_in(request.args.getlist("id"))
    if not ids:
        raise Refusal(NOBODY)
    return render_template(NEW, **shown(opening_id, ids, form_for(opening_here(opening_id))))


def shown(opening_id: int, ids: Sequence[int], form: MoveForm) -> dict[str, Any]:
    """Return what the page shows."""
    session, opening = database_session(), opening_here(opening_id)
    rows = concerned(session, opening_id, ids)
    meant = [row for row in rows if may_go(row)]
    frame = framed(session, opening, now=g.now)
    return {**frame, "form": form, "rows": meant, "others": [row for row in rows if not may_go(row)]}


def may_go(row: Registration) -> bool:
    """Whether somebody can be moved: what has ended stays."""
    return row.state in LIVE and row.person_id is not None


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
def move(opening_id: int) -> Any:
    """Move those ticked; they are told."""
    session, ids = database_session(), ids_in(request.form.getlist("id"))
    form = form_for(opening_here(opening_id), request.form)
    if not form.validate() or form.to.data is None:
        form.refuse(Refusal("Choose where they go.", field="to"))
        return form_again(NEW, **shown(opening_id, ids, form))
    target = opening_with_owners(session, form.to.data)
    if target is None or not may(actor(), Verb.DECIDE, opening_scope(target)):
        abort(404)
    try:
        moved = moved_all(opening_id, target.id, ids, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(NEW, **shown(opening_id, ids, form))
    session.commit()
    return done(sentence(moved, target), home(opening_id))


def moved_all(opening_id: int, to_id: int, ids: Sequence[int], form: MoveForm) -> Moved:
    """Move them; Refusal where nobody could be."""
    reason, beyond = form.reason.data or "", bool(form.even_if_full.data)
    by = {"actor": actor(), "now": g.now}
    moved = move_all(database_session(), opening_id, to_id, ids, reason=reason, even_if_full=beyond, **by)
    if not moved.done:
        raise Refusal(join_words(moved.problems) or "Nobody was left to be moved.")
    return moved


def sentence(moved: Moved, target: Opening) -> str:
    """Say who went where."""
    waiting = sum(row.state not in {"confirmed", "offered"} for row in moved.done)
    waits = f" {plural(waiting, 'of them waits', 'of them wait')} there." if waiting else ""
    said = f"{plural(len(moved.done), 'person is', 'people are')} moved to “{target.title}” and told.{waits}"
    return " ".join([said, *moved.problems])
