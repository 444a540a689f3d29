"""Tags of those ticked on a roll: put on, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from wtforms import HiddenField

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form, line
from programme.core.web.words import plural
from programme.engines.registration.roll import tags
from programme.extensions import database_session
from programme.flows.roll.deciding import concerned
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.asking import ids_in
from programme.screens.roll.deciding import NOBODY, home
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Sequence

blueprint = Blueprint("roll_tags", __name__, url_prefix="/organise/openings/<id:opening_id>/tags")
NEW = "roll/ticked/tags.html"


class TagForm(Form):
    """One word about people."""

    back = HiddenField()
    tag = line(
        "Tag",
        hint="One that is there already, or a new one: “speaker”, “needs a visa”. Only organisers see it; people find "
        "it in the file when they take their data away.",
        ask=tags.EMPTY,
        longest=tags.LONGEST_TAG,
        autocomplete="off",
        list="known-tags",
    )


@blueprint.get("/new")
@needs(Verb.DECIDE, of_opening)
@button(home)
def new(opening_id: int) -> Any:
    """Ask which tag those ticked shall bear."""
    ids = ids_in(request.args.getlist("id"))
    if not ids:
        raise Refusal(NOBODY)
    return render_template(NEW, **shown(opening_id, ids, TagForm()))


def shown(opening_id: int, ids: Sequence[int], form: TagForm) -> dict[str, Any]:
    """Return what the page shows."""
    session, opening = database_session(), opening_here(opening_id)
    rows = concerned(session, opening_id, ids)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "rows": rows,
        "borne": tags.tags_of(session, [row.id for row in rows]),
        "known": tags.tags_in(session, opening_id),
    }


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
def put(opening_id: int) -> Any:
    """Put a tag on those ticked."""
    session, ids, form = database_session(), ids_in(request.form.getlist("id")), TagForm(request.form)
    if not form.validate():
        return form_again(NEW, **shown(opening_id, ids, form))
    try:
        word, number = tags.put(session, opening_id, ids, form.tag.data, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(NEW, **shown(opening_id, ids, form))
    session.commit()
    said = f"{plural(number, 'person', 'people')} tagged “{word}”." if number else f"They bear “{word}” already."
    return done(said, home(opening_id))


@blueprint.post("/removal")
@needs(Verb.DECIDE, of_opening)
@button(home)
def take_off(opening_id: int) -> Any:
    """Take a tag off those ticked."""
    session, ids, tag = database_session(), ids_in(request.form.getlist("id")), request.form.get("remove", "")
    number = tags.take_off(session, opening_id, ids, tag.replace("\0", ""), actor=actor(), now=g.now)
    session.commit()
    return done(f"“{tag}” is taken off {plural(number, 'person', 'people')}.", home(opening_id))
