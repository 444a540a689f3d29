"""Tags of those ticked on a roll, or of all whom its filters leave: put on, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form, line
from programme.core.web.words import plural
from programme.engines.registration.models import Registration
from programme.engines.registration.roll import tags
from programme.engines.registration.roll.filters import chosen
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.deciding import home
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here
from programme.screens.roll.ticked.in_parts import MOST
from programme.screens.roll.ticked.whole import is_known, left_words, whole

if TYPE_CHECKING:
    from programme.screens.roll.ticked.whole import Whole

blueprint = Blueprint("roll_tags", __name__, url_prefix="/organise/openings/<id:opening_id>/tags")
NEW = "roll/ticked/tags.html"


class TagForm(Form):
    """One word about people; a tag by which the roll is filtered goes along under its own name."""

    word = line(
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
    """Ask which tag they shall bear."""
    return render_template(NEW, **shown(whole(opening_id, request.args, is_known), TagForm()))


def shown(those: Whole, form: TagForm) -> dict[str, Any]:
    """Return what the page shows."""
    session, opening = database_session(), opening_here(those.opening_id)
    told = those.shown()
    every = chosen(opening.id, those.asked).with_only_columns(Registration.id)
    return {
        **framed(session, opening, now=g.now),
        **told,
        "form": form,
        "borne": tags.tags_of(session, [row.id for row in told["rows"]]),
        "theirs": tags.tags_among(session, every),
        "known": tags.tags_in(session, opening.id),
    }


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
@button(home)
def put(opening_id: int) -> Any:
    """Put a tag on them, at most so many a press: those who bear it already are passed over."""
    session, form = database_session(), TagForm(request.form)
    those = whole(opening_id, request.form, is_known)
    if not form.validate():
        return form_again(NEW, **shown(those, form))
    try:
        those.refuse_others()
        bearing = tags.bearers(session, opening_id, form.word.data)
        ids = [one for one in those.ids if one not in bearing]
        word, number = tags.put(session, opening_id, ids[:MOST], form.word.data, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(NEW, **shown(those, form))
    session.commit()
    said = f"{plural(number, 'person', 'people')} tagged “{word}”." if number else f"They bear “{word}” already."
    left = len(ids) - MOST
    return done(said + left_words(left), those.again("tags") if left > 0 else home(opening_id))


@blueprint.post("/removal")
@needs(Verb.DECIDE, of_opening)
@button(home)
def take_off(opening_id: int) -> Any:
    """Take a tag off them, at most so many a press."""
    session, tag = database_session(), request.form.get("remove", "").replace("\0", "")
    those = whole(opening_id, request.form, is_known)
    try:
        those.refuse_others()
    except Refusal as refusal:
        form = TagForm()
        form.refuse(refusal)
        return form_again(NEW, **shown(those, form))
    bearing = tags.bearers(session, opening_id, tag)
    ids = [one for one in those.ids if one in bearing]
    number = tags.take_off(session, opening_id, ids[:MOST], tag, actor=actor(), now=g.now)
    session.commit()
    said, left = f"“{tag}” is taken off {plural(number, 'person', 'people')}.", len(ids) - MOST
    return done(said + left_words(left), those.again("tags") if left > 0 else home(opening_id))
