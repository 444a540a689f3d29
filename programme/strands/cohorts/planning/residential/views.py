"""Planning a joint residential: a form filled from the pattern, a preview of the week, then drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.forms.instants import day_in
from programme.engines.calendar.models import Venue
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.planning.residential.forms import form_of, proposed
from programme.strands.cohorts.planning.residential.making import Wish, leader, plan_residential
from programme.strands.cohorts.planning.residential.pages import here
from programme.strands.cohorts.planning.residential.patterns.queries import parts_of, pattern_for, patterns_for
from programme.strands.cohorts.planning.residential.previewing import preview_of
from programme.strands.cohorts.planning.residential.template import monday_of

if TYPE_CHECKING:
    from datetime import date

    from programme.people.models import Organisation
    from programme.strands.cohorts.models import ResidentialPattern
    from programme.strands.cohorts.planning.residential.forms import ResidentialForm
    from programme.strands.cohorts.planning.residential.previewing import PreviewDay

blueprint = Blueprint("joint_residentials", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/residentials")
PAGE = "cohorts/planning/residential.html"
WEEKS_AHEAD = timedelta(weeks=6)
LONGEST_ID = 18
OTHERS = "This is not the week that you looked at: look at it again, then make the drafts."


@blueprint.get("/new")
@needs(Verb.EDIT, of_cohort)
def ask(cohort_id: int) -> Any:
    """Show the pattern that the address names, or the first, in the week that it names, or in six weeks."""
    today = london_day(g.now)
    day = day_in(request.args.get("week", "")[:20]) or today + WEEKS_AHEAD
    pattern = chosen_pattern(request.args.get("pattern", ""))
    form = form_with(pattern, today, data=proposed(monday_of(day), parts_of(pattern)))
    return render_template(PAGE, **shown(cohort_id, pattern, form))


@blueprint.post("/preview")
@needs(Verb.EDIT, of_cohort)
def preview(cohort_id: int) -> Any:
    """Show the week as it would be, and make nothing yet."""
    pattern, form = typed()
    days = looked_at(cohort_id, form)
    if days is None:
        return form_again(PAGE, **shown(cohort_id, pattern, form))
    return render_template(PAGE, **shown(cohort_id, pattern, form, days))


@blueprint.post("")
@needs(Verb.EDIT, of_cohort)
def make(cohort_id: int) -> Any:
    """Make the drafts that were looked at."""
    session, (pattern, form) = database_session(), typed()
    days = looked_at(cohort_id, form)
    if days is None:
        return form_again(PAGE, **shown(cohort_id, pattern, form))
    try:
        series_id, count = made(cohort_id, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(cohort_id, typed()[0], form, looked_at_again(cohort_id, form)))
    session.commit()
    return done(
        f"{plural(count, 'draft')} made. Nobody sees them until they are published.", here(cohort_id, series_id)
    )


def made(cohort_id: int, form: ResidentialForm) -> tuple[int, int]:
    """Make the drafts, and return of which series, and how many; Refusal where others were looked at."""
    if request.form.get("seen", "") != form.mark:
        raise Refusal(OTHERS)
    wanted = Wish(form.monday.day, form.title.data, form.days())  # type: ignore[arg-type]
    series, events = plan_residential(database_session(), cohort_id, wanted, actor=actor(), now=g.now)
    return series.id, len(events)


def typed() -> tuple[ResidentialPattern, ResidentialForm]:
    """Return the form as it was sent, with the pattern that it was filled from."""
    pattern = chosen_pattern(request.form.get("pattern", ""))
    return pattern, form_with(pattern, london_day(g.now), typed=request.form)


def chosen_pattern(text: str) -> ResidentialPattern:
    """Return the pattern of an id, or the first that the actor sees; 404 for any other."""
    session = database_session()
    if text:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else 0
        return pattern_for(session, number, actor()) or abort(404)
    return next(iter(patterns_for(session, actor())), None) or abort(404)


def form_with(
    pattern: ResidentialPattern, today: date, *, typed: Any = None, data: dict[str, Any] | None = None
) -> ResidentialForm:
    """Return the form of a week by a pattern, with the venues there are; no week may be over before `today`."""
    rows = database_session().execute(select(Venue.id, Venue.name).order_by(Venue.site, Venue.name, Venue.id))
    version = f"{pattern.id}.{pattern.revision}"
    form = form_of(parts_of(pattern), version=version, venues=rows.all())(typed, data=data)
    form.earliest = today
    return form


def looked_at(cohort_id: int, form: ResidentialForm) -> list[PreviewDay] | None:
    """Return what a form would make; None where it is not valid."""
    return looked_at_again(cohort_id, form) if form.validate() else None


def looked_at_again(cohort_id: int, form: ResidentialForm) -> list[PreviewDay]:
    """Return what a form that is valid would make."""
    session = database_session()
    return preview_of(session, session.get_one(Cohort, cohort_id), form.title.data, form.days(), actor=actor())


def shown(
    cohort_id: int, pattern: ResidentialPattern, form: ResidentialForm, days: list[PreviewDay] | None = None
) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    cohort = session.get_one(Cohort, cohort_id)
    return {
        "cohort": cohort,
        "form": form,
        "pattern": pattern,
        "patterns": patterns_for(session, actor()),
        "days": days,
        "owners": owners_of(cohort),
    }


def owners_of(cohort: Cohort) -> list[Organisation]:
    """Return who would lead the drafts, then who would share them."""
    lead_id = leader(cohort.award, actor())
    return sorted(universities_of(cohort.award), key=lambda row: row.id != lead_id)
