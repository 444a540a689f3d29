"""The meetings of a cohort in counts, for whoever runs it: who met as often as is asked, and who did not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.meetings.queries import researchers, years
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.records.looking import note_researchers

blueprint = Blueprint("cohort_meetings", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/meetings")


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_cohort)
def page(cohort_id: int) -> Any:
    """Show the present year of meetings of each researcher; that somebody looked is noted."""
    session = database_session()
    cohort = session.get(Cohort, cohort_id) or abort(404)
    found = page_of(session, researchers(cohort_id), number=page_number(request.args.get("page")))
    note_researchers(found, actor(), verb="looked at the meetings of a cohort", now=g.now)
    counted = years(session, found.rows, today=london_day(g.now))
    return render_template("cohorts/meetings/cohort.html", cohort=cohort, page=found, years=counted)
