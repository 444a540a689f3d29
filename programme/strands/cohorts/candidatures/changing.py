"""What organisers change of a record: its facts, where its researcher stands, at which rate they study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import carried_out, done, form_again, seen_again
from programme.engines.calendar.times import to_wall
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.candidatures import actions, moving
from programme.strands.cohorts.candidatures.forms import ModeForm, RecordForm, StatusForm, mode_data, record_data
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CANDIDATURE_MOVES, CandidatureState

if TYPE_CHECKING:
    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.rulebooks.queries import Book

blueprint = Blueprint("record_changes", __name__, url_prefix="/records/<id:candidature_id>")
DETAILS, STATUS, MODE = (f"cohorts/candidatures/{name}.html" for name in ("details", "status", "mode"))


def home(candidature_id: int) -> str:
    """Return the address of a record."""
    return f"/records/{candidature_id}"


def own_book() -> Book:
    """Return the rulebook that counts for the record of the address."""
    return book_of(database_session(), g.record.candidature.home_organisation_id)


def shown(**more: Any) -> dict[str, Any]:
    """Return what each of these pages shows."""
    return {"record": g.record, "parts": PARTS, **more}


@blueprint.get("/details")
@record_for(Relation.RUNS)
def ask_details(candidature_id: int) -> Any:
    """Show the form as the record is."""
    del candidature_id
    row = g.record.candidature
    form = details_form(row, data=record_data(row, own_book()))
    return render_template(DETAILS, **shown(form=form, seen=actions.seen_of(database_session(), row)))


@blueprint.post("/details")
@record_for(Relation.RUNS)
def edit(candidature_id: int) -> Any:
    """Save the form."""
    session, seen = database_session(), request.form.get("seen", "")
    row = g.record.candidature
    form = details_form(row, typed=request.form)
    if not form.validate():
        return form_again(DETAILS, **shown(form=form, seen=seen))
    try:
        details = form.details(part_time=book_of(session, form.home.data).row.part_time_rate)
        actions.edit(session, candidature_id, details, actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        again = seen_again(refusal, seen, now=actions.seen_of(session, row))
        return form_again(DETAILS, **shown(form=form, seen=again))
    session.commit()
    return done("The record is saved, and what is due when is reckoned from it.", home(candidature_id))


def details_form(row: Candidature, *, typed: Any = None, data: dict[str, Any] | None = None) -> RecordForm:
    """Return the form with the universities that run the award."""
    form = RecordForm(typed, data=data)
    form.offer(universities_of(row.cohort.award))
    return form


@blueprint.get("/status")
@record_for(Relation.RUNS)
def ask_status(candidature_id: int) -> Any:
    """Show what may follow."""
    del candidature_id
    return render_template(STATUS, **shown(form=status_form(g.record.candidature)))


@blueprint.post("/status")
@record_for(Relation.RUNS)
def move_on(candidature_id: int) -> Any:
    """Let the researcher stand elsewhere."""
    session, form = database_session(), status_form(g.record.candidature, typed=request.form)
    if not form.validate() or form.on.day is None:
        return form_again(STATUS, **shown(form=form))
    try:
        target, reason = CandidatureState(form.state.data), form.reason.data or ""
        moving.move_on(session, candidature_id, target, on=form.on.day, reason=reason, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(STATUS, **shown(form=form))
    session.commit()
    return done("The status is changed.", home(candidature_id))


def status_form(row: Candidature, *, typed: Any = None) -> StatusForm:
    """Return the form with what may follow; 404 where nothing does."""
    if not CANDIDATURE_MOVES[row.state]:
        abort(404)
    form = StatusForm(typed, data={"on": to_wall(g.now).date().isoformat()})
    form.offer(row)
    return form


@blueprint.get("/mode")
@record_for(Relation.RUNS)
def ask_mode(candidature_id: int) -> Any:
    """Show the form with the present mode."""
    del candidature_id
    return render_template(MODE, **shown_mode(mode_form()))


@blueprint.post("/mode")
@record_for(Relation.RUNS)
def change_mode(candidature_id: int) -> Any:
    """Let the researcher study at another rate from a term on."""
    form = mode_form(typed=request.form)

    def verb() -> tuple[str, str]:
        moving.change_mode(
            database_session(),
            candidature_id,
            from_unit=form.from_unit.data,
            per_cent=form.rate(part_time=own_book().row.part_time_rate),
            reason=form.reason.data or "",
            actor=actor(),
            now=g.now,
        )
        return "The mode is changed, and what is due when is reckoned from it.", home(candidature_id)

    return carried_out(form, verb, lambda: form_again(MODE, **shown_mode(form)))


def mode_form(*, typed: Any = None) -> ModeForm:
    """Return the form about another rate, with that of today."""
    today = own_book().units.of_day(to_wall(g.now).date())
    return ModeForm(typed, data=mode_data(course_of(g.record.candidature).rate(today)))


def shown_mode(form: ModeForm) -> dict[str, Any]:
    """Return what the page about the mode shows: the rates there are, and how a term is called."""
    units = own_book().units
    rates = [(units.name(rate.first_unit), rate.per_cent) for rate in g.record.candidature.rates]
    today = units.of_day(to_wall(g.now).date())
    return shown(form=form, rates=rates, example=units.name(today), counting=units.counting)
