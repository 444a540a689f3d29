"""Who reviews for which university: named, taken off, applications shared out, scores unlocked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import button, carried_out, done, form_again
from programme.core.web.forms import Form, line, mail_address
from programme.core.web.words import plural
from programme.engines.calendar.forms.choices import Radios, whole_number
from programme.engines.calendar.forms.instants import InstantField
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.admission.reviewing import appointing
from programme.strands.cohorts.admission.reviewing.actions import unlock
from programme.strands.cohorts.admission.reviewing.conflicts import place_of
from programme.strands.cohorts.admission.scopes import admission_here, of_admission, rights_here
from programme.strands.cohorts.admission.setting_up.actions import universities
from programme.strands.cohorts.models import AdmissionReviewer, Review

if TYPE_CHECKING:
    from programme.strands.cohorts.models import Admission

blueprint = Blueprint("admission_reviewers", __name__, url_prefix="/organise/admissions/<id:admission_id>/reviewers")
PAGE = "cohorts/admission/reviewers.html"
UNLOCK = "cohorts/admission/unlocking.html"


class ReviewerForm(Form):
    """Somebody who is to review."""

    name = line("Name", ask="Enter their name.")
    address = mail_address("E-mail", hint="They sign in by it. They need no role.", ask="Enter their e-mail address.")
    organisation = Radios("Reviews for", coerce=int)


class SharingForm(Form):
    """How many of each university read each application."""

    each = whole_number("Reviewers of each university, for each application", least=1, most=appointing.MOST_EACH)


class UnlockForm(Form):
    """Until when somebody may score again, and why."""

    until = InstantField("They may score until", ask="Enter until when.")
    reason = line("Why", hint="Kept in the audit trail.", ask="Say why: it is kept.")


def here(admission_id: int, **rest: object) -> str:
    """Return the address of the page."""
    del rest
    return f"/organise/admissions/{admission_id}/reviewers"


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_admission)
def page(admission_id: int) -> Any:
    """Show who reviews, and how far they are."""
    return render_template(PAGE, **shown(admission_here(admission_id)))


def shown(admission: Admission, form: ReviewerForm | None = None) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "admission": admission,
        "cohort": admission.cohort,
        "may": rights_here(admission),
        "form": form or form_for(admission),
        "sharing": SharingForm(data={"each": 2}),
        "progress": progress(admission),
        "here": here(admission.id),
        "is_over": admission.reviews_by is not None and admission.reviews_by <= g.now,
    }


def form_for(admission: Admission, typed: Any = None) -> ReviewerForm:
    """Return the form with the universities that run the award."""
    form = ReviewerForm(typed)
    form.organisation.choices = [SelectChoice(row.id, row.name) for row in universities(admission.cohort)]
    return form


def progress(admission: Admission) -> dict[int, dict[str, int]]:
    """Return for each reviewer how many applications they have, may read, are kept from, and have scored."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    weighing = {one.id for one in admission.criteria if one.weight}
    own = select(Review).join(AdmissionReviewer, AdmissionReviewer.id == Review.reviewer_id)
    rows = own.where(AdmissionReviewer.admission_id == admission.id).options(selectinload(Review.scores))
    for row in database_session().scalars(rows):
        told = found[row.reviewer_id]
        told["given"] += 1
        told[place_of(row.conflict, row.ruling).value] += 1
        told["scored"] += weighing <= {one.criterion_id for one in row.scores}
    return found


@blueprint.post("")
@needs(Verb.EDIT, of_admission)
def name(admission_id: int) -> Any:
    """Name a reviewer."""
    session, admission = database_session(), admission_here(admission_id)
    form = form_for(admission, request.form)

    def verb() -> tuple[str, str]:
        appointing.name_reviewer(
            session,
            admission_id,
            name=form.name.data or "",
            address=form.address.data or "",
            organisation_id=form.organisation.data,
            actor=actor(),
            now=g.now,
        )
        return f"{form.name.data} reviews. They hear of it when applications are shared out.", here(admission_id)

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(admission_here(admission_id), form)))


@blueprint.post("/shares")
@needs(Verb.EDIT, of_admission)
@button(here)
def share(admission_id: int) -> Any:
    """Share the applications out."""
    session, form = database_session(), SharingForm(request.form)
    if not form.validate():
        raise Refusal(f"Enter a number from 1 to {appointing.MOST_EACH}.")
    found = appointing.share_out(session, admission_id, each=form.each.data or 1, actor=actor(), now=g.now)
    session.commit()
    told = f"{plural(found.told, 'reviewer')} told" if found.told else "nobody had to be told"
    return done(f"{plural(found.readings, 'reading')} shared out, {told}.", here(admission_id))


def reviewer_here(admission_id: int, reviewer_id: int) -> AdmissionReviewer:
    """Return a reviewer of the admission of the address."""
    row = database_session().get(AdmissionReviewer, reviewer_id)
    return row if row is not None and row.admission_id == admission_id else abort(404)


@blueprint.post("/<id:reviewer_id>/removal")
@needs(Verb.EDIT, of_admission)
@button(here)
def take_off(admission_id: int, reviewer_id: int) -> Any:
    """Take a reviewer off."""
    session, row = database_session(), reviewer_here(admission_id, reviewer_id)
    appointing.take_off(session, row.id, actor=actor(), now=g.now)
    session.commit()
    return done("They do not review any more.", here(admission_id))


@blueprint.get("/<id:reviewer_id>/unlocking")
@needs(Verb.EDIT, of_admission)
def ask_to_unlock(admission_id: int, reviewer_id: int) -> Any:
    """Ask until when somebody may score again, and why."""
    row = reviewer_here(admission_id, reviewer_id)
    admission = admission_here(admission_id)
    return render_template(UNLOCK, form=UnlockForm(), reviewer=row, admission=admission, here=here(admission_id))


@blueprint.post("/<id:reviewer_id>/unlocking")
@needs(Verb.EDIT, of_admission)
def open_again(admission_id: int, reviewer_id: int) -> Any:
    """Let somebody score again."""
    session, form, row = database_session(), UnlockForm(request.form), reviewer_here(admission_id, reviewer_id)
    if form.validate() and form.until.data is not None:
        try:
            unlock(session, row.id, form.until.data, reason=form.reason.data or "", actor=actor(), now=g.now)
        except Refusal as refusal:
            session.rollback()
            form.refuse(refusal)
        else:
            session.commit()
            return done("Their scores are open again until then.", here(admission_id))
    found = {"reviewer": reviewer_here(admission_id, reviewer_id), "admission": admission_here(admission_id)}
    return form_again(UNLOCK, form=form, here=here(admission_id), **found)
