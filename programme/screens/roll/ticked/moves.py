"""Those ticked on a roll, or all whom its filters leave, are moved to another opening of the same lead."""

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
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.rights import listed_to, opening_scope, opening_with_owners
from programme.engines.registration.roll.forms import BEYOND, LONGEST_REASON
from programme.engines.registration.states import LIVE, OpeningState
from programme.extensions import database_session
from programme.flows.roll.moving import move_all
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.roll.deciding import home
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here
from programme.screens.roll.ticked.in_parts import Progress, move_in_parts
from programme.screens.roll.ticked.whole import whole

if TYPE_CHECKING:
    from programme.screens.roll.ticked.meant import Head
    from programme.screens.roll.ticked.whole import Whole

blueprint = Blueprint("roll_moves", __name__, url_prefix="/organise/openings/<id:opening_id>/moves")
LEFT = "Nobody was left to be moved."
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
    """Ask where they shall go."""
    return render_template(NEW, **shown(whole(opening_id, request.args, may_go), form_for(opening_here(opening_id))))


def shown(those: Whole, form: MoveForm) -> dict[str, Any]:
    """Return what the page shows."""
    frame = framed(database_session(), opening_here(those.opening_id), now=g.now)
    return {**frame, **those.shown(), "form": form}


def may_go(one: Head) -> bool:
    """Whether somebody can be moved: what has ended stays."""
    return one.state in LIVE and one.person_id is not None


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
@button(home)
def move(opening_id: int) -> Any:
    """Move them; they are told."""
    session, those = database_session(), whole(opening_id, request.form, may_go)
    form = form_for(opening_here(opening_id), request.form)
    if not form.validate() or form.to.data is None:
        form.refuse(Refusal("Choose where they go.", field="to"))
        return form_again(NEW, **shown(those, form))
    target = opening_with_owners(session, form.to.data)
    if target is None or not may(actor(), Verb.DECIDE, opening_scope(target)):
        abort(404)
    title = target.title
    try:
        those.refuse_others()
        moved = (moved_in_parts if those.asked.everybody else moved_all)(those, target.id, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(NEW, **shown(those, form))
    session.commit()
    return done(sentence(moved, title), those.again("moves") if moved.left else home(opening_id))


def moved_all(those: Whole, to_id: int, form: MoveForm) -> Progress:
    """Move those ticked, all at once; Refusal where nobody could be."""
    reason, beyond = form.reason.data or "", bool(form.even_if_full.data)
    by = {"actor": actor(), "now": g.now}
    moved = move_all(database_session(), those.opening_id, to_id, those.ids, reason=reason, even_if_full=beyond, **by)
    if not moved.done:
        raise Refusal(join_words(moved.problems) or LEFT)
    return Progress(done=len(moved.done), waiting=moved.waiting, problems=moved.problems)


def moved_in_parts(those: Whole, to_id: int, form: MoveForm) -> Progress:
    """Move all who match, some at a time; Refusal where nobody could be."""
    reason, beyond = form.reason.data or "", bool(form.even_if_full.data)
    moved = move_in_parts(those.opening_id, to_id, those.ids, reason=reason, even_if_full=beyond)
    if not moved.done:
        raise Refusal(join_words(moved.words) or LEFT)
    return moved


def sentence(moved: Progress, title: str) -> str:
    """Say how many went where."""
    waits = f" {plural(moved.waiting, 'of them waits', 'of them wait')} there." if moved.waiting else ""
    said = f"{plural(moved.done, 'person is', 'people are')} moved to “{title}” and told.{waits}"
    return " ".join([said, *moved.words])
