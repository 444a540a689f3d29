"""The supervision of a cohort, for whoever runs it: whose is joint, and what is to be done for the others."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.supervising.agreement import standings
from programme.strands.cohorts.supervising.queries import supervised_in

blueprint = Blueprint("cohort_supervision", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/supervision")


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_cohort)
def page(cohort_id: int) -> Any:
    """Show how the supervision of each researcher stands; that somebody looked is noted."""
    session = database_session()
    cohort = session.get(Cohort, cohort_id) or abort(404)
    found = page_of(session, supervised_in(cohort_id), number=page_number(request.args.get("page")))
    note_researchers(found, actor(), verb="looked at the supervision of a cohort", now=g.now)
    return render_template(
        "cohorts/supervision/cohort.html",
        cohort=cohort,
        page=found,
        standings=standings(session, found.rows, today=london_day(g.now)),
    )
