"""Notes between organisers about a registration: written, and taken back by who wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, request

from programme.core.web.answers import button, done, form_again
from programme.engines.registration.notes import actions
from programme.engines.registration.notes.models import RegistrationNote
from programme.engines.registration.roll.forms import NoteForm, ReasonForm
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.entry import here, registration_here, shown, write_down
from programme.screens.roll.scopes import of_registration

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.permissions import Scope

blueprint = Blueprint("roll_notes", __name__, url_prefix="/organise")


def of_note(session: Session, note_id: int) -> Scope | None:
    """Return the scope of a note: its registration's."""
    note = session.get(RegistrationNote, note_id)
    return of_registration(session, note.registration_id) if note else None


def note_page(note_id: int) -> str:
    """Return the page that a note stands on."""
    note = database_session().get(RegistrationNote, note_id)
    return here(note.registration_id) if note else "/organise/registrations"


@blueprint.post("/registrations/<id:registration_id>/notes")
@needs(Verb.SEE_PEOPLE, of_registration)
@button(here)
def write(registration_id: int) -> Any:
    """Write a note."""
    session, row, form = database_session(), registration_here(registration_id), NoteForm(request.form)
    if not form.validate():
        return form_again("roll/entry/page.html", **shown(row, form, ReasonForm()))
    actions.write(session, row, form.note.data, actor=actor(), now=g.now)
    write_down(row, "wrote a note")
    session.commit()
    return done("The note is kept.", f"{here(registration_id)}#notes-h")


@blueprint.post("/notes/<id:note_id>/removal")
@needs(Verb.SEE_PEOPLE, of_note)
@button(note_page)
def remove(note_id: int) -> Any:
    """Take one's own note back."""
    session = database_session()
    note = session.get(RegistrationNote, note_id) or abort(404)
    row = registration_here(note.registration_id)
    actions.take_back(session, note, actor=actor())
    write_down(row, "took back a note")
    session.commit()
    return done("The note is taken back.", f"{here(row.id)}#notes-h")
