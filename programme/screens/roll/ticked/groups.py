"""Those ticked on a roll, or all whom its filters leave, go into a group of one's own organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, refused
from programme.core.web.words import plural
from programme.extensions import database_session
from programme.people.groups import actions, queries
from programme.people.groups.models import Group, GroupMember
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.screens.roll.asking import ids_in
from programme.screens.roll.deciding import home
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here
from programme.screens.roll.ticked.in_parts import MOST
from programme.screens.roll.ticked.whole import is_known, left_words, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.screens.roll.ticked.whole import Whole

blueprint = Blueprint("roll_groups", __name__, url_prefix="/organise/openings/<id:opening_id>/groups")
NEW, MOST_GROUPS = "roll/ticked/groups.html", 200


@blueprint.get("/new")
@needs(Verb.DECIDE, of_opening)
@button(home)
def choose(opening_id: int) -> Any:
    """Ask into which group they shall go."""
    return render_template(NEW, **shown(whole(opening_id, request.args, is_known)))


def shown(those: Whole) -> dict[str, Any]:
    """Return what the page shows."""
    frame = framed(database_session(), opening_here(those.opening_id), now=g.now)
    return {**frame, **those.shown(), "groups": groups_by_hand()}


def groups_by_hand() -> Sequence[Group]:
    """Return the groups that the acting person may add to."""
    mine = queries.groups_of(actor()).where(Group.owner_kind.is_(None))
    return database_session().scalars(mine.limit(MOST_GROUPS)).all()


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
@button(home)
def add(opening_id: int) -> Any:
    """Add them to a group, at most so many a press: those who are in it already are passed over."""
    session, those = database_session(), whole(opening_id, request.form, is_known)
    group = session.get(Group, next(iter(ids_in(request.form.getlist("group"))), 0))
    if group is None:
        raise Refusal("Choose a group first.")
    if not may(actor(), Verb.EDIT, queries.scope_of(group)):
        abort(403)
    try:
        those.refuse_others()
    except Refusal as refusal:
        return refused(refusal, those.again("groups"))
    inside = set(session.scalars(queries.members(group.id).with_only_columns(GroupMember.person_id)))
    people = dict.fromkeys(one.person_id for one in those.those if one.person_id and one.person_id not in inside)
    number = actions.add_known(session, group, list(people)[:MOST], actor=actor(), now=g.now)
    session.commit()
    said, left = f"{plural(number, 'person', 'people')} added to “{group.title}”.", len(people) - MOST
    return done(said + left_words(left), those.again("groups") if left > 0 else home(opening_id))
