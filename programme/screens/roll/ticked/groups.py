"""Those ticked on a roll go into a group of one's own organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.words import plural
from programme.extensions import database_session
from programme.flows.roll.deciding import concerned
from programme.people.groups import actions, queries
from programme.people.groups.models import Group
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.roll.asking import ids_in
from programme.screens.roll.deciding import NOBODY, home
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

blueprint = Blueprint("roll_groups", __name__, url_prefix="/organise/openings/<id:opening_id>/groups")
MOST_GROUPS = 200


@blueprint.get("/new")
@needs(Verb.DECIDE, of_opening)
@button(home)
def choose(opening_id: int) -> Any:
    """Ask into which group those ticked shall go."""
    session, opening, ids = database_session(), opening_here(opening_id), ids_in(request.args.getlist("id"))
    if not ids:
        raise Refusal(NOBODY)
    return render_template(
        "roll/ticked/groups.html",
        **framed(session, opening, now=g.now),
        rows=[row for row in concerned(session, opening_id, ids) if row.person_id is not None],
        groups=groups_by_hand(),
    )


def groups_by_hand() -> Sequence[Group]:
    """Return the groups that the acting person may add to."""
    mine = queries.groups_of(actor()).where(Group.owner_kind.is_(None))
    return database_session().scalars(mine.limit(MOST_GROUPS)).all()


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
@button(home)
def add(opening_id: int) -> Any:
    """Add those ticked to a group."""
    session, ids = database_session(), ids_in(request.form.getlist("id"))
    group = session.get(Group, next(iter(ids_in(request.form.getlist("group"))), 0))
    if group is None:
        raise Refusal("Choose a group first.")
    if not may(actor(), Verb.EDIT, queries.scope_of(group)):
        abort(403)
    people = [row.person_id for row in concerned(session, opening_id, ids) if row.person_id is not None]
    number = actions.add_known(session, group, people, actor=actor(), now=g.now)
    session.commit()
    return done(f"{plural(number, 'person', 'people')} added to “{group.title}”.", home(opening_id))
