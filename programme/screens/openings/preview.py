"""The form of an opening as people see it, to try out: what is typed there goes nowhere."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request

from programme.core.web.answers import form_again, reading_first
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.forms import QuestionsForm, form_class
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.openings.parts import with_parts
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.people.queries import organisations
from programme.screens.openings.second.which import form_of, framed_form, is_second
from programme.screens.registrations.answering.handing_in import expect_files
from programme.screens.registrations.desk import known_openings
from programme.screens.registrations.drafts.walking import (
    goes_on,
    is_right_here,
    is_walked,
    next_number,
    section_shown,
    walk_through,
    walk_to_mend,
    walks,
)
from programme.screens.registrations.forms import registration_form
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from programme.engines.registration.openings.known import KnownOpening
    from programme.screens.registrations.drafts.walking import Walk

blueprint = Blueprint("form_preview", __name__, url_prefix="/organise/openings/<id:opening_id>/questions/preview")
TEMPLATE = "roll/questions/preview.html"
NOWHERE = "preview"
"""What stands in place of the token of a file that was chosen here: its bytes are read by nobody."""


@blueprint.get("")
@needs(Verb.EDIT, of_opening)
def preview(opening_id: int) -> Any:
    """Show the form as participants see it: whole, or its first section."""
    known = walked(opening_id)
    if known is None:
        return drawn(opening_id, sample(opening_id))
    form = registration_form(known, sent=None, actor=actor())
    return drawn(opening_id, form, walk_through(known, form))


@blueprint.post("")
@reading_first
@needs(Verb.EDIT, of_opening)
def trial(opening_id: int) -> Any:
    """Say what would become of answers, or show the section that follows; nothing is kept."""
    known = walked(opening_id)
    if known is None:
        expect_files(asked_of(opening_id))
        form = sample(opening_id, request.form)
        pretend_files(form)
        is_right = form.validate()
        return drawn(opening_id, form, is_right=is_right, is_wrong=not is_right)
    expect_files(known.asked)
    return walked_on(opening_id, known)


def walked_on(opening_id: int, known: KnownOpening) -> Any:
    """Show the section that a button leads to, or what is to be put right before it does."""
    form = registration_form(known, sent=request.form, actor=actor())
    pretend_files(form)
    if walks() and (not goes_on() or is_right_here(known, form)):
        return drawn(opening_id, form, walk_through(known, form, next_number(known, form)))
    if walks() or not form.validate():
        return drawn(opening_id, form, walk_to_mend(known, form), is_wrong=True)
    return drawn(opening_id, form, walk_through(known, form, section_shown()), is_right=True)


def walked(opening_id: int) -> KnownOpening | None:
    """Return what is known of an opening whose form is shown one section a page; None where it is shown whole."""
    if is_second():
        return None
    known = known_openings().get(database_session(), opening_id) or abort(404)
    return known if is_walked(known) else None


def asked_of(opening_id: int) -> Any:
    """Return the questions, with the parts that there are now."""
    return with_parts(database_session(), opening_id, asked_by(form_of(opening_here(opening_id))))


def sample(opening_id: int, typed: MultiDict[str, str] | None = None) -> QuestionsForm:
    """Return the form without what is asked of whoever registers."""
    return form_class(QuestionsForm, asked_of(opening_id))(typed)


def pretend_files(form: QuestionsForm) -> None:
    """Let a form hold the files that were chosen, by name and size alone."""
    for field in form.files():
        file = request.files.get(field.name)
        if file and file.filename:
            field.hold(NOWHERE, file.stream.seek(0, os.SEEK_END), PurePath(file.filename).name)
        elif request.form.get(field.left_out):
            field.drop()


def drawn(
    opening_id: int, form: QuestionsForm, walk: Walk | None = None, *, is_right: bool = False, is_wrong: bool = False
) -> Any:
    """Draw the form, and what its page shows around it."""
    session, opening = database_session(), opening_here(opening_id)
    form.mark_full(full_options(session, opening.id, form.asked))
    names = [row.name for row in organisations(session)]
    shown = {**framed_form(opening), "organisations": names, "walk": walk, "is_right": is_right}
    return form_again(TEMPLATE, form=form, **shown) if is_wrong else render_template(TEMPLATE, form=form, **shown)
