"""Planning a joint residential: a form filled from the pattern, a preview of the week, then drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, g, render_template, request
from sqlalchemy import select
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.forms.instants import day_in
from programme.engines.calendar.models import Venue
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.planning.residential.forms import NOT_KNOWN, ResidentialForm, proposed
from programme.strands.cohorts.planning.residential.making import Residential, plan_residential
from programme.strands.cohorts.planning.residential.previewing import preview_of
from programme.strands.cohorts.planning.residential.template import JOINT_RESIDENTIAL, monday_of

if TYPE_CHECKING:
    from datetime import date

    from programme.strands.cohorts.planning.residential.previewing import PreviewDay

blueprint = Blueprint("joint_residentials", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/residentials")
PAGE = "cohorts/planning/residential.html"
WEEKS_AHEAD = timedelta(weeks=6)
OTHERS = "This is not the week that you looked at: look at it again, then make the drafts."


@blueprint.get("/new")
@needs(Verb.CREATE, of_cohort)
def ask(cohort_id: int) -> Any:
    """Show the pattern in the week that the address names, or in six weeks."""
    today = london_day(g.now)
    day = day_in(request.args.get("week", "")[:20]) or today + WEEKS_AHEAD
    form = with_choices(ResidentialForm(data=proposed(monday_of(day))), today)
    return render_template(PAGE, **shown(cohort_id, form))


@blueprint.post("/preview")
@needs(Verb.CREATE, of_cohort)
def preview(cohort_id: int) -> Any:
    """Show the week as it would be, and make nothing yet."""
    form = typed()
    days = looked_at(cohort_id, form)
    if days is None:
        return form_again(PAGE, **shown(cohort_id, form))
    return render_template(PAGE, **shown(cohort_id, form, days))


@blueprint.post("")
@needs(Verb.CREATE, of_cohort)
def make(cohort_id: int) -> Any:
    """Make the drafts that were looked at."""
    session, form = database_session(), typed()
    days = looked_at(cohort_id, form)
    if days is None:
        return form_again(PAGE, **shown(cohort_id, form))
    try:
        address, count = made(cohort_id, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(cohort_id, form, looked_at_again(cohort_id, form)))
    session.commit()
    return done(f"{plural(count, 'draft')} made. Nobody sees them until they are published.", address)


def made(cohort_id: int, form: ResidentialForm) -> tuple[str, int]:
    """Make the drafts, and return where they are told, and may be taken back; Refusal where others were looked at."""
    if request.form.get("seen", "") != form.mark:
        raise Refusal(OTHERS)
    wanted = Residential(form.monday.day, form.title.data, form.days())  # type: ignore[arg-type]
    series, events = plan_residential(database_session(), cohort_id, wanted, actor=actor(), now=g.now)
    ids = urlencode([("id", f"{event.id}-{event.version}") for event in events])
    return f"/organise/series/{series.id}/dates/made?{ids}", len(events)


def typed() -> ResidentialForm:
    """Return the form as it was sent."""
    return with_choices(ResidentialForm(request.form), london_day(g.now))


def with_choices(form: ResidentialForm, today: date) -> ResidentialForm:
    """Give a form the venues there are, and the day before which no week may be over."""
    rows = database_session().execute(select(Venue.id, Venue.name).order_by(Venue.site, Venue.name, Venue.id))
    choices = [NOT_KNOWN, *(SelectChoice(row.id, row.name) for row in rows)]
    for one in JOINT_RESIDENTIAL:
        if not one.is_online:
            form[f"{one.key}_venue"].choices = choices
    form.earliest = today
    return form


def looked_at(cohort_id: int, form: ResidentialForm) -> list[PreviewDay] | None:
    """Return what a form would make; None where it is not valid."""
    return looked_at_again(cohort_id, form) if form.validate() else None


def looked_at_again(cohort_id: int, form: ResidentialForm) -> list[PreviewDay]:
    """Return what a form that is valid would make."""
    session = database_session()
    return preview_of(session, session.get_one(Cohort, cohort_id), form.title.data, form.days(), actor=actor())


def shown(cohort_id: int, form: ResidentialForm, days: list[PreviewDay] | None = None) -> dict[str, Any]:
    """Return what the page shows."""
    cohort = database_session().get_one(Cohort, cohort_id)
    return {"cohort": cohort, "form": form, "pattern": JOINT_RESIDENTIAL, "days": days}
