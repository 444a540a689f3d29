"""What whoever runs a cohort does about a supervision: add, change, end, take out, and ask everybody to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request

from programme.core.web.answers import button, carried_out, done, form_again
from programme.core.web.words import join_words, plural
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.queries import organisations
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.supervising import actions
from programme.strands.cohorts.supervising.agreement import ask_everybody
from programme.strands.cohorts.supervising.page.forms import (
    EndForm,
    NewSupervisorForm,
    SupervisionForm,
    data_of,
    day_of,
)
from programme.strands.cohorts.supervising.page.views import home
from programme.strands.cohorts.supervising.queries import supervisions
from programme.strands.cohorts.supervising.rule import said
from programme.strands.cohorts.supervising.waiting import waiting_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.core.web.forms import Form
    from programme.strands.cohorts.models import Supervision
    from programme.strands.cohorts.supervising.actions import Changed

blueprint = Blueprint("supervision_verbs", __name__, url_prefix="/records/<id:candidature_id>/supervision")
NEW, ONE = "cohorts/supervision/new.html", "cohorts/supervision/one.html"


@blueprint.get("/new")
@record_for(Relation.RUNS)
def new(candidature_id: int) -> Any:
    """Show the form that adds a supervisor."""
    del candidature_id
    begins = max(london_day(g.now), g.record.candidature.registered_on)
    form = offered(NewSupervisorForm(data={"begins_on": begins.isoformat(), "share": None}))
    return render_template(NEW, record=g.record, form=form)


@blueprint.post("")
@record_for(Relation.RUNS)
def add(candidature_id: int) -> Any:
    """Let somebody supervise."""
    form = offered(NewSupervisorForm(request.form))

    def verb() -> tuple[str, str]:
        who = {"name": form.name.data, "address": form.address.data}
        changed = actions.add(database_session(), candidature_id, form.wanted(), **who, actor=actor(), now=g.now)
        begins = said(changed.supervision.begins_on)
        says = f"{name_of(changed.supervision)} supervises from {begins} on.{again(changed.voided)}"
        return says, home(candidature_id)

    return carried_out(form, verb, lambda: form_again(NEW, record=g.record, form=form))


@blueprint.get("/<id:supervision_id>")
@record_for(Relation.RUNS)
def one(candidature_id: int, supervision_id: int) -> Any:
    """Show a supervision, and the forms that change and end it."""
    row = supervision_here(candidature_id, supervision_id)
    return render_template(ONE, **shown(row, SupervisionForm(data=data_of(row)), EndForm()))


def shown(row: Supervision, form: SupervisionForm, end_form: EndForm, wrong: Form | None = None) -> dict[str, Any]:
    """Return what the page of a supervision shows."""
    return {
        "record": g.record,
        "supervision": row,
        "form": wrong or form,
        "changing": offered(form),
        "ending": end_form,
        "here": f"{home(row.candidature_id)}/{row.id}",
    }


@blueprint.post("/<id:supervision_id>")
@record_for(Relation.RUNS)
def change(candidature_id: int, supervision_id: int) -> Any:
    """Change a supervision."""
    form = offered(SupervisionForm(request.form))

    def verb() -> tuple[str, str]:
        session, wanted = database_session(), form.wanted()
        changed = actions.change(session, candidature_id, supervision_id, wanted, actor=actor(), now=g.now)
        says = f"{name_of(changed.supervision)}’s supervision is as you entered it.{again(changed.voided)}"
        return says, home(candidature_id)

    def typed() -> Any:
        return form_again(ONE, **shown(supervision_here(candidature_id, supervision_id), form, EndForm()))

    return carried_out(form, verb, typed)


@blueprint.post("/<id:supervision_id>/end")
@record_for(Relation.RUNS)
def end(candidature_id: int, supervision_id: int) -> Any:
    """Let a supervision end with a day."""
    form = EndForm(request.form)

    def verb() -> tuple[str, str]:
        session, last = database_session(), day_of(form.ends_on)
        changed = actions.end(session, candidature_id, supervision_id, ends_on=last, actor=actor(), now=g.now)
        return left(session, changed), home(candidature_id)

    def typed() -> Any:
        row = supervision_here(candidature_id, supervision_id)
        return form_again(ONE, **shown(row, SupervisionForm(data=data_of(row)), form, wrong=form))

    return carried_out(form, verb, typed)


def left(session: Session, changed: Changed) -> str:
    """Say until when somebody supervises, and what waits for them."""
    own = changed.supervision
    things = current_app.extensions["signed_things"]
    waits = waiting_words(session, g.record.candidature, own.person_id, things=things)
    rest = f" Ask somebody else for what waits for them: {waits}." if waits else ""
    last = said(own.ends_on) if own.ends_on else ""
    return f"{name_of(own)} supervises until {last}, and sees the record until then.{again(changed.voided)}{rest}"


@blueprint.post("/<id:supervision_id>/removal")
@record_for(Relation.RUNS)
@button(home)
def take_out(candidature_id: int, supervision_id: int) -> Any:
    """Take a supervision out that was entered by mistake."""
    session = database_session()
    voided = actions.take_out(session, candidature_id, supervision_id, actor=actor(), now=g.now)
    session.commit()
    return done(f"The supervision is taken out.{again(voided)}", home(candidature_id))


@blueprint.post("/agreement")
@record_for(Relation.RUNS)
@button(home)
def ask(candidature_id: int) -> Any:
    """Ask everybody who has not signed to sign."""
    session = database_session()
    asked = ask_everybody(session, candidature_id, actor=actor(), now=g.now)
    names = join_words(dict.fromkeys(party.person.name or party.person.address for party in asked))
    session.commit()
    return done(f"A letter with a link to sign goes to {names}.", home(candidature_id))


def supervision_here(candidature_id: int, supervision_id: int) -> Supervision:
    """Return a supervision of the record; 404 where it has none such."""
    rows = supervisions(database_session(), [candidature_id])[candidature_id]
    return next((row for row in rows if row.id == supervision_id), None) or abort(404)


def offered(form: SupervisionForm) -> Any:
    """Return a form with the institutions that there are."""
    form.offer(organisations(database_session()))
    return form


def name_of(row: Supervision) -> str:
    """Return what a supervisor is called."""
    return row.person.name or row.person.address


def again(voided: int) -> str:
    """Say how many have to sign again."""
    return f" {plural(voided, 'signature has', 'signatures have')} to be given again: ask for them." if voided else ""
