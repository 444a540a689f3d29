"""The supervision of a cohort, for whoever runs it: whose is joint, and what is to be done for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.rights import award_scope
from programme.strands.cohorts.supervising.agreement import standings
from programme.strands.cohorts.supervising.queries import supervised_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.permissions import Scope

blueprint = Blueprint("cohort_supervision", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/supervision")


def of_cohort(session: Session, cohort_id: int) -> Scope | None:
    """Return the scope of a cohort that the acting person has a part in; to others it is not there."""
    cohort = session.get(Cohort, cohort_id)
    scope = award_scope(cohort.award) if cohort else None
    return scope if scope and may(actor(), Verb.SEE_PEOPLE, scope) else None


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_cohort)
def page(cohort_id: int) -> Any:
    """Show how the supervision of each researcher stands."""
    session = database_session()
    cohort = session.get(Cohort, cohort_id) or abort(404)
    found = page_of(session, supervised_in(cohort_id), number=page_number(request.args.get("page")))
    return render_template(
        "cohorts/supervision/cohort.html",
        cohort=cohort,
        page=found,
        standings=standings(session, found.rows, today=london_day(g.now)),
    )
