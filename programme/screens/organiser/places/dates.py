"""Term dates: every university's, and each one's own organisers who enter them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select
from wtforms import SelectChoice

from programme.core.refusal import Meanwhile, Refusal
from programme.core.web.answers import button, done, form_again, seen_again
from programme.core.web.words import plural
from programme.engines.calendar.data.known_dates import bank_holidays
from programme.engines.calendar.forms.places import PeriodForm, TableForm, period_data
from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import PeriodKind
from programme.engines.calendar.term_weeks import periods
from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs, organisers
from programme.people.models import Organisation
from programme.people.permissions import Scope, Verb, may
from programme.people.states import OrganisationKind
from programme.screens.organiser.scopes import of_period
from programme.strands.cohorts.progress.renewing import renew_milestones

if TYPE_CHECKING:
    from collections.abc import Sequence

blueprint = Blueprint("organise_dates", __name__, url_prefix="/organise/dates")
HOME = "/organise/dates"
MOST_SAID = 20
FORM, TABLE = "organiser/dates/form.html", "organiser/dates/table.html"


def home(**rest: object) -> str:
    """Return the page of all dates."""
    del rest
    return HOME


@blueprint.get("")
@organisers
def dates() -> Any:
    """Show every university's dates, those of this year first, and the bank holidays to come."""
    statement = select(AcademicPeriod).order_by(AcademicPeriod.first_day, AcademicPeriod.id)
    rows = database_session().scalars(statement).all()
    universities, today = universities_in_order(), london_day(g.now)
    return render_template(
        "organiser/dates/dates.html",
        universities=[
            (place, in_years([row for row in rows if row.organisation_id == place.id], academic_year(today)))
            for place in universities
        ],
        own={place.id for place in universities if is_own(place)},
        holidays=[day for day in bank_holidays() if day.day >= today],
        this_year=academic_year(today),
        year_of=academic_year,
    )


@dataclass(frozen=True, slots=True)
class Years:
    """A university's dates: of this academic year and the next, of later ones, and of past ones, the latest first."""

    near: list[AcademicPeriod]
    later: list[AcademicPeriod]
    past: list[AcademicPeriod]
    has_this: bool
    """Whether any teaching of this year is entered."""


def in_years(rows: Sequence[AcademicPeriod], this_year: int) -> Years:
    """Part dates, which come in order, by how far off they are."""
    year = {row.id: academic_year(row.first_day) for row in rows}
    return Years(
        near=[row for row in rows if this_year <= year[row.id] <= this_year + 1],
        later=[row for row in rows if year[row.id] > this_year + 1],
        past=[row for row in reversed(rows) if year[row.id] < this_year],
        has_this=any(year[row.id] == this_year and row.kind is PeriodKind.TEACHING for row in rows),
    )


def universities_in_order() -> list[Organisation]:
    """Return the universities as they are always named."""
    statement = select(Organisation).where(Organisation.kind == OrganisationKind.UNIVERSITY)
    return list(database_session().scalars(statement.order_by(Organisation.position)))


def is_own(place: Organisation) -> bool:
    """Whether the actor enters this university's dates."""
    return may(actor(), Verb.EDIT, Scope(lead=place.id))


def own_choices() -> list[SelectChoice]:
    """Return the universities whose dates the actor enters; 403 where there are none."""
    found = [SelectChoice(place.id, place.name) for place in universities_in_order() if is_own(place)]
    return found or abort(403)


@blueprint.get("/new")
@organisers
def new() -> Any:
    """Ask for a period."""
    form = PeriodForm()
    form.organisation.choices = own_choices()
    return render_template(FORM, form=form, period=None)


@blueprint.post("")
@organisers
def add() -> Any:
    """Add a period."""
    session, form = database_session(), PeriodForm(request.form)
    form.organisation.choices = own_choices()
    if not form.validate():
        return form_again(FORM, form=form, period=None)
    place = session.get_one(Organisation, form.organisation.data)
    try:
        periods.add(session, form.details(), organisation_id=place.id, actor=actor(), now=g.now)
        renew_milestones(session, now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, period=None)
    session.commit()
    return done(f"{form.label.data} is added.", HOME)


@blueprint.get("/<id:period_id>")
@needs(Verb.EDIT, of_period)
def period(period_id: int) -> Any:
    """Show a period's form."""
    row = database_session().get_one(AcademicPeriod, period_id)
    return render_template(FORM, form=form_for(row), period=row, seen=periods.seen_of(row))


@blueprint.post("/<id:period_id>")
@needs(Verb.EDIT, of_period)
def save(period_id: int) -> Any:
    """Save a period."""
    session = database_session()
    row = session.get_one(AcademicPeriod, period_id)
    form, seen = form_for(row, typed=request.form), request.form.get("seen", "")
    if not form.validate():
        return form_again(FORM, form=form, period=row, seen=seen)
    try:
        periods.edit(session, row, form.details(), actor=actor(), now=g.now, seen=seen)
        renew_milestones(session, now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, period=row, seen=seen_again(refusal, seen, now=periods.seen_of(row)))
    session.commit()
    return done(f"{row.label} is saved.", HOME)


def form_for(row: AcademicPeriod, *, typed: Any = None) -> PeriodForm:
    """Return the form of a period, which stays with its university."""
    form = PeriodForm(typed, data=period_data(row))
    del form.organisation
    return form


@blueprint.post("/<id:period_id>/removal")
@needs(Verb.EDIT, of_period)
@button(home)
def remove(period_id: int) -> Any:
    """Take a period away."""
    session = database_session()
    row = session.get_one(AcademicPeriod, period_id)
    periods.remove(session, row, actor=actor(), now=g.now)
    renew_milestones(session, now=g.now)
    session.commit()
    return done(f"{row.label} is removed.", HOME)


@blueprint.get("/table")
@organisers
def table() -> Any:
    """Ask for a table."""
    form = TableForm()
    form.organisation.choices = own_choices()
    seen = {one.value: periods.seen_of_all(database_session(), one.value) for one in form.organisation.choices}
    return render_template(TABLE, form=form, wrong=(), seen=seen)


@blueprint.post("/table")
@organisers
def take_table() -> Any:
    """Take over a table, all of it or nothing."""
    session, form = database_session(), TableForm(typed_table())
    form.organisation.choices = own_choices()
    seen = {one.value: request.form.get(f"seen_{one.value}", "") for one in form.organisation.choices}
    if not form.validate():
        return form_again(TABLE, form=form, wrong=(), seen=seen)
    read, place_id = periods.read_table(form.table.data), form.organisation.data
    if read.wrong or not read.rows:
        return form_again(TABLE, form=form, wrong=read.wrong or ("There is no row of dates in it.",), seen=seen)
    by: dict[str, Any] = {"actor": actor(), "now": g.now}
    try:
        count = periods.replace_all(session, read.rows, organisation_id=place_id, seen=seen[place_id], **by)
        renew_milestones(session, now=g.now)
    except Refusal as refusal:
        session.rollback()
        seen[place_id] = seen_again(refusal, seen[place_id], now=periods.seen_of_all(session, place_id))
        found = periods.differences(session, read.rows, place_id) if isinstance(refusal, Meanwhile) else []
        return form_again(TABLE, form=form, wrong=(refusal.sentence, *found[:MOST_SAID]), seen=seen)
    session.commit()
    return done(f"{plural(count, 'row')} taken over.", HOME)


def typed_table() -> Any:
    """Return what was sent; a file stands for what is pasted."""
    typed, file = request.form.copy(), request.files.get("file")
    if file is not None and file.filename:
        typed["table"] = file.stream.read(200_000).decode("utf-8-sig", "replace")
    return typed
