"""Adding a researcher to a cohort by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from programme.core.web.answers import carried_out, form_again
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.candidatures import actions
from programme.strands.cohorts.candidatures.forms import ResearcherForm
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.rulebooks.queries import book_of

blueprint = Blueprint("organise_researchers", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/researchers")
FORM = "cohorts/candidatures/new.html"


@blueprint.get("/new")
@needs(Verb.EDIT, of_cohort)
def new(cohort_id: int) -> Any:
    """Show an empty form, with the cohort's entry date."""
    cohort = database_session().get_one(Cohort, cohort_id)
    form = form_for(cohort, data={"registered_on": cohort.entry_on.isoformat()})
    return render_template(FORM, form=form, cohort=cohort)


@blueprint.post("")
@needs(Verb.EDIT, of_cohort)
def add(cohort_id: int) -> Any:
    """Add a researcher."""
    session = database_session()
    cohort = session.get_one(Cohort, cohort_id)
    form = form_for(cohort, typed=request.form)

    def verb() -> tuple[str, str]:
        usual = book_of(session, form.home.data).row.part_time_rate
        row = actions.add(
            session,
            cohort_id,
            form.details(part_time=usual),
            address=form.address.data or "",
            name=form.name.data,
            actor=actor(),
            now=g.now,
        )
        return f"{form.name.data} is added, and what they have to reach is reckoned.", f"/records/{row.id}"

    return carried_out(form, verb, lambda: form_again(FORM, form=form, cohort=cohort))


def form_for(cohort: Cohort, *, typed: Any = None, data: dict[str, Any] | None = None) -> ResearcherForm:
    """Return the form with the universities that run the award."""
    form = ResearcherForm(typed, data=data)
    form.offer(universities_of(cohort.award))
    return form
