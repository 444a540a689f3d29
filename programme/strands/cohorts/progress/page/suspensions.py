"""Suspensions: asked for with what they would move, granted, changed, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, carried_out, done, form_again
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.progress.moving import suspending
from programme.strands.cohorts.progress.moving.foreseeing import foreseen, with_suspension
from programme.strands.cohorts.progress.page.forms import SuspensionForm, suspension_data
from programme.strands.cohorts.progress.page.views import home, whole
from programme.strands.cohorts.progress.page.words import move_words
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.records.guarding import own_record, record_for
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.rulebooks.queries import book_of

if TYPE_CHECKING:
    from programme.strands.cohorts.models import Suspension
    from programme.strands.cohorts.rulebooks.queries import Book

blueprint = Blueprint("record_suspensions", __name__, url_prefix="/records/<id:candidature_id>/suspensions")
FORM = "cohorts/milestones/suspension.html"


def book() -> Book:
    """Return the rulebook of the record's university."""
    return book_of(database_session(), own_record().candidature.home_organisation_id)


def form_for(row: Suspension | None = None, *, typed: Any = None) -> SuspensionForm:
    """Return the form of a suspension, or of a new one."""
    made = SuspensionForm(typed, data=suspension_data(row) if row else {"units": 1})
    made.offer(own_record().candidature, book().units)
    return made


def asked(suspension_id: int | None) -> Suspension | None:
    """Return the suspension of the address; 404 where there is none."""
    if suspension_id is None:
        return None
    rows = own_record().candidature.suspensions
    return next((one for one in rows if one.id == suspension_id), None) or abort(404)


def drawn(form: SuspensionForm, row: Suspension | None, **others: Any) -> dict[str, Any]:
    """Return what the form's page shows."""
    return whole(form=form, suspension=row, moves=None) | others


@blueprint.get("/new")
@record_for(Relation.RUNS)
def new(candidature_id: int) -> Any:
    """Ask for a suspension."""
    del candidature_id
    return render_template(FORM, **drawn(form_for(), None))


@blueprint.get("/<id:suspension_id>")
@record_for(Relation.RUNS)
def suspension(candidature_id: int, suspension_id: int) -> Any:
    """Show a suspension's form."""
    del candidature_id
    row = asked(suspension_id)
    return render_template(FORM, **drawn(form_for(row), row))


@blueprint.post("/preview", defaults={"suspension_id": None})
@blueprint.post("/<id:suspension_id>/preview")
@record_for(Relation.RUNS)
def preview(candidature_id: int, suspension_id: int | None) -> Any:
    """Say what a suspension would move; nothing is saved."""
    del candidature_id
    row = asked(suspension_id)
    form = form_for(row, typed=request.form)
    if not form.validate():
        return form_again(FORM, **drawn(form, row))
    rulebook, record = book(), own_record().candidature
    course = course_of(record)
    try:
        suspending.check(form.wanted(), suspending.without(course, row) if row else course, rulebook)
    except Refusal as refusal:
        form.refuse(refusal)
        return form_again(FORM, **drawn(form, row))
    rules = rulebook.rules(record.cohort.award_id)
    found = foreseen(record, rulebook, with_suspension(record, form.wanted(), instead_of=row))
    return render_template(FORM, **drawn(form, row, moves=[move_words(one, rules) for one in found]))


@blueprint.post("")
@record_for(Relation.RUNS)
def suspend(candidature_id: int) -> Any:
    """Grant a suspension."""
    form = form_for(typed=request.form)

    def verb() -> tuple[str, str]:
        suspending.suspend(database_session(), candidature_id, form.wanted(), actor=actor(), now=g.now)
        return "The suspension is granted. What lies ahead has moved with it.", home(candidature_id)

    return carried_out(form, verb, lambda: form_again(FORM, **drawn(form, None)))


@blueprint.post("/<id:suspension_id>")
@record_for(Relation.RUNS)
def change(candidature_id: int, suspension_id: int) -> Any:
    """Change a suspension."""
    row = asked(suspension_id)
    form = form_for(row, typed=request.form)

    def verb() -> tuple[str, str]:
        suspending.change(database_session(), candidature_id, suspension_id, form.wanted(), actor=actor(), now=g.now)
        return "The suspension is changed. What lies ahead has moved with it.", home(candidature_id)

    return carried_out(form, verb, lambda: form_again(FORM, **drawn(form, row)))


@blueprint.post("/<id:suspension_id>/removal")
@record_for(Relation.RUNS)
@button(home)
def remove(candidature_id: int, suspension_id: int) -> Any:
    """Take a suspension back."""
    session = database_session()
    suspending.take_back(session, candidature_id, suspension_id, actor=actor(), now=g.now)
    session.commit()
    return done("The suspension is taken back. Dates are as they were without it.", home(candidature_id))
