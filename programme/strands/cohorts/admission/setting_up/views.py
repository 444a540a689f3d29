"""Making a call for a cohort in one form, and changing what it asks of referees and reviewers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from programme.core.web.answers import carried_out, form_again
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.admission.scopes import admission_here, of_admission
from programme.strands.cohorts.admission.setting_up import actions
from programme.strands.cohorts.admission.setting_up.forms import AdmissionForm, AsksForm, kept_data, new_data
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Cohort

blueprint = Blueprint("admissions", __name__, url_prefix="/organise")
FORM = "cohorts/admission/form.html"
MADE = "The call is made, as a draft with a ready form. Look at its form, then open it."


def funnel_page(cohort_id: int) -> str:
    """Return the address of the funnel."""
    return f"/organise/cohorts/{cohort_id}/admission"


@blueprint.get("/cohorts/<id:cohort_id>/admissions/new")
@needs(Verb.EDIT, of_cohort)
def new(cohort_id: int) -> Any:
    """Show the form, with what is usual."""
    cohort = database_session().get_one(Cohort, cohort_id)
    return render_template(FORM, form=AdmissionForm(data=new_data(cohort)), cohort=cohort, admission=None)


@blueprint.post("/cohorts/<id:cohort_id>/admissions")
@needs(Verb.EDIT, of_cohort)
def make(cohort_id: int) -> Any:
    """Make the call."""
    session = database_session()
    cohort, form = session.get_one(Cohort, cohort_id), AdmissionForm(request.form)

    def verb() -> tuple[str, str]:
        actions.make(session, cohort, form.call(), form.asks(), actor=actor(), now=g.now)
        return MADE, funnel_page(cohort_id)

    return carried_out(
        form, verb, lambda: form_again(FORM, form=form, cohort=session.get_one(Cohort, cohort_id), admission=None)
    )


@blueprint.get("/admissions/<id:admission_id>/settings")
@needs(Verb.EDIT, of_admission)
def settings(admission_id: int) -> Any:
    """Show what is asked about applications."""
    row = admission_here(admission_id)
    return render_template(FORM, form=AsksForm(data=kept_data(row)), cohort=row.cohort, admission=row)


@blueprint.post("/admissions/<id:admission_id>/settings")
@needs(Verb.EDIT, of_admission)
def change(admission_id: int) -> Any:
    """Change it."""
    form, row = AsksForm(request.form), admission_here(admission_id)

    def verb() -> tuple[str, str]:
        actions.change(database_session(), admission_id, form.asks(), actor=actor(), now=g.now)
        return "What is asked about applications is changed.", funnel_page(row.cohort_id)

    def again() -> Any:
        kept = admission_here(admission_id)
        return form_again(FORM, form=form, cohort=kept.cohort, admission=kept)

    return carried_out(form, verb, again)
