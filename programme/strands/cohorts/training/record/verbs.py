"""What is done on the pages of a training record: handing in, declaring, changing, assenting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, request

from programme.core.web.answers import button, carried_out, done, form_again
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.records.guarding import own_record, record_for
from programme.strands.cohorts.records.laying import laid_file, take_more
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.training.frameworks.queries import framework_now
from programme.strands.cohorts.training.record import entries
from programme.strands.cohorts.training.record.forms import DeclaredForm, RefusalForm
from programme.strands.cohorts.training.record.pages import (
    NEW,
    SINGLE,
    change_form,
    entry_here,
    home,
    new_page,
    one_of_them,
    single_home,
)
from programme.strands.cohorts.training.record.signed import assent

blueprint = Blueprint("training_verbs", __name__, url_prefix="/records/<id:candidature_id>/training")
ASKED = "It is handed in. Your supervisor is asked to assent to it."


@blueprint.post("/events/<id:event_id>")
@record_for(Relation.OWN)
@button(home)
def hand_in(candidature_id: int, event_id: int) -> Any:
    """Hand in an event that one came to."""
    session = database_session()
    entries.hand_in(session, candidature_id, event_id, actor=actor(), now=g.now)
    session.commit()
    return done(ASKED, home(candidature_id))


@blueprint.post("")
@record_for(Relation.OWN, Relation.RUNS)
def declare(candidature_id: int) -> Any:
    """Declare training elsewhere; what an organiser enters counts at once."""
    take_more()
    session = database_session()
    form = DeclaredForm(request.form, framework=framework_now(session))
    shown = new_page(form)

    def verb() -> tuple[str, str]:
        by = {"actor": actor(), "now": g.now}
        if own_record().is_own:
            entries.declare(session, candidature_id, form.declared, laid=laid_file(), **by)
            return ASKED, home(candidature_id)
        entries.enter(session, candidature_id, form.declared, **by)
        return "It is entered, and counts.", home(candidature_id)

    return carried_out(form, verb, lambda: form_again(NEW, **shown))


@blueprint.post("/<id:entry_id>")
@record_for(Relation.OWN)
def change(candidature_id: int, entry_id: int) -> Any:
    """Change a line, and hand it in again."""
    take_more()
    form = change_form(entry_here(entry_id), request.form)

    def verb() -> tuple[str, str]:
        declared = form.declared if isinstance(form, DeclaredForm) else None
        told: dict[str, Any] = {"note": form.note.data or "", "actor": actor(), "now": g.now}
        entries.change(database_session(), candidature_id, entry_id, declared, laid=laid_file(), **told)
        return ASKED, single_home(candidature_id, entry_id)

    return carried_out(form, verb, lambda: form_again(SINGLE, **one_of_them(entry_id, change=form, form=form)))


@blueprint.post("/<id:entry_id>/removal")
@record_for(Relation.OWN)
@button(home)
def take_back(candidature_id: int, entry_id: int) -> Any:
    """Take a line back."""
    session = database_session()
    entries.take_back(session, candidature_id, entry_id, actor=actor(), now=g.now)
    session.commit()
    return done("It is taken back. Nobody is asked about it any more.", home(candidature_id))


@blueprint.post("/<id:entry_id>/assent")
@record_for(Relation.SUPERVISES)
@button(single_home)
def agree(candidature_id: int, entry_id: int) -> Any:
    """Assent to a line."""
    answer_here(candidature_id, entry_id, agrees=True)
    return done("It counts now.", home(candidature_id))


@blueprint.post("/<id:entry_id>/refusal")
@record_for(Relation.SUPERVISES)
@button(single_home)
def refuse(candidature_id: int, entry_id: int) -> Any:
    """Refuse a line, with a comment."""
    form = RefusalForm(request.form)
    if not form.validate():
        return form_again(SINGLE, **one_of_them(entry_id, refusal=form, form=form))
    answer_here(candidature_id, entry_id, agrees=False, comment=form.comment.data)
    return done("It is refused, and the researcher is told why.", home(candidature_id))


def answer_here(candidature_id: int, entry_id: int, *, agrees: bool, comment: str = "") -> None:
    """Let the acting supervisor answer."""
    session = database_session()
    told: dict[str, Any] = {"things": current_app.extensions["signed_things"], "actor": actor(), "now": g.now}
    assent(session, candidature_id, entry_id, agrees=agrees, comment=comment, **told)
    session.commit()
