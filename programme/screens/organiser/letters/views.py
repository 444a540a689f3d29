"""The catalogue of letters: read by organisers, put into other words by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.lists import one_of
from programme.core.web.words import plural
from programme.engines.mail.wording.actions import change_wording, restore_wording
from programme.engines.mail.wording.passages import PROGRAMME
from programme.extensions import database_session
from programme.people.guards import actor, administrators, organisers
from programme.screens.letter_frame import framed, page_around, page_with
from programme.screens.organiser.letters.forms import typed_words, wording_form
from programme.screens.organiser.letters.shown import (
    changes_by_letter,
    example_of,
    history_of,
    passages_of,
    shelves,
)

if TYPE_CHECKING:
    from programme.core.web.forms import Form
    from programme.engines.mail.ports import Letter, MailRoom

blueprint = Blueprint("organiser_letters", __name__, url_prefix="/organise/letters")
HERE = "/organise/letters"
PAGE = "organiser/letters/letter.html"


@blueprint.get("")
@organisers
def catalogue() -> Any:
    """List every kind of letter by what it is for."""
    changed = changes_by_letter(database_session())
    return render_template("organiser/letters/letters.html", shelves=shelves(mail_room()), changed=changed)


@blueprint.get("/<letter_name>")
@organisers
def letter(letter_name: str) -> Any:
    """Show a kind of letter as it reaches people, and its passages."""
    kind = letter_or_404(letter_name)
    return page_around(PAGE, **shown(kind))


def shown(kind: Letter, form: Form | None = None) -> dict[str, Any]:
    """Return what the page of a kind shows; `form` where its words are being changed."""
    session = database_session()
    passages, mark = passages_of(session, kind)
    words = {one.name: one.original if one.own is None else one.own for one in passages}
    return {
        "kind": kind,
        "programme": PROGRAMME,
        "passages": passages,
        "words": words,
        "form": form or wording_form(kind, words=words, made_from=mark),
        "case": case_of(kind),
        "body": example_of(session, kind, room=mail_room(), case=case_of(kind)),
        "is_tried": False,
        "history": history_of(session, kind, reader=actor()),
    }


@blueprint.get("/<letter_name>/html")
@organisers
def html(letter_name: str) -> Any:
    """Show the example's HTML by itself, for the frame."""
    kind = letter_or_404(letter_name)
    return framed(example_of(database_session(), kind, room=mail_room(), case=case_of(kind)).html)


@blueprint.post("/<letter_name>/preview")
@administrators
def preview(letter_name: str) -> Any:
    """Show the example in the words that were typed; nothing is kept."""
    kind = letter_or_404(letter_name)
    form = wording_form(kind, typed=request.form, made_from="")
    if not form.validate():
        return refused_form(kind, form)
    variables = shown(kind, form)
    typed = typed_words(form, kind)
    body = example_of(database_session(), kind, room=mail_room(), case=case_of(kind), typed=typed)
    return page_with(PAGE, html=body.html, **{**variables, "body": body, "is_tried": True})


def refused_form(kind: Letter, form: Form) -> Any:
    """Show the form again with what is wrong, beside the letter as it is."""
    answer = page_around(PAGE, **shown(kind, form))
    answer.status_code = 422
    return answer


def address_of(letter_name: str) -> str:
    """Return the address of a kind's page."""
    return f"{HERE}/{letter_name}"


@blueprint.post("/<letter_name>/wording")
@administrators
def save(letter_name: str) -> Any:
    """Put a kind of letter into other words."""
    session, kind = database_session(), letter_or_404(letter_name)
    form = wording_form(kind, typed=request.form, made_from="")
    if not form.validate():
        return refused_form(kind, form)
    known = {"made_from": form["made_from"].data or "", "actor": actor(), "now": g.now}
    try:
        number = change_wording(session, kind, typed_words(form, kind), **known)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        form["made_from"].data = passages_of(session, kind)[1]
        return refused_form(kind, form)
    session.commit()
    said = f"Saved: {plural(number, 'part')} in other words." if number else "Nothing was different."
    return done(said, address_of(letter_name))


@blueprint.get("/<letter_name>/restoration")
@administrators
def ask_to_restore(letter_name: str) -> Any:
    """Show what would change before a letter goes back to its original wording."""
    kind = letter_or_404(letter_name)
    passages, _ = passages_of(database_session(), kind)
    changed = [one for one in passages if one.own is not None]
    return render_template("organiser/letters/restoration.html", kind=kind, changed=changed)


@blueprint.post("/<letter_name>/restoration")
@administrators
@button(address_of)
def restore(letter_name: str) -> Any:
    """Put a kind of letter back into its original wording."""
    kind = letter_or_404(letter_name)
    number = restore_wording(database_session(), kind, actor=actor(), now=g.now)
    database_session().commit()
    said = (
        f"Back to the original wording in {plural(number, 'part')}."
        if number
        else "It was in its original wording already."
    )
    return done(said, address_of(letter_name))


def letter_or_404(name: str) -> Letter:
    """Return a kind of letter."""
    return mail_room().letters.get(name) or abort(404)


def case_of(kind: Letter) -> int:
    """Return which case of the kind is asked for; the first where none is, or none such."""
    known = [str(number) for number in range(len(kind.description.cases) or 1)]
    return int(one_of(request.values.get("case", ""), known, label="case") or 0)


def mail_room() -> MailRoom:
    """Return the mail room of this installation."""
    room: MailRoom = current_app.extensions["mail_room"]
    return room
