"""Asking before something is deleted, with what goes along; or why it stays, and what to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.web.answers import button, done
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.admission.scopes import of_admission
from programme.strands.cohorts.awards.scopes import of_award, of_candidature, of_cohort
from programme.strands.cohorts.deleting import actions, weighing
from programme.strands.cohorts.models import Admission, Candidature, Cohort, FundingAward
from programme.strands.cohorts.records.guarding import note_look
from programme.strands.cohorts.records.looking import note_researchers

if TYPE_CHECKING:
    from programme.strands.cohorts.deleting.weighing import Weighed

blueprint = Blueprint("deleting_research", __name__)
PAGE = "cohorts/deleting/ask.html"
NOBODY = "Somebody whose data are deleted"
AWARD, COHORT = "/organise/awards/<id:award_id>/deletion", "/organise/cohorts/<id:cohort_id>/deletion"
RECORD, CALL = "/records/<id:candidature_id>/deletion", "/organise/admissions/<id:admission_id>/deletion"


def asked(what: str, title: str, back: str, weighed: Weighed) -> str:
    """Show the page: `what` it is, what it is called, where it stands."""
    return render_template(PAGE, what=what, called=title, home=back, it=weighed)


def note_named(weighed: Weighed) -> None:
    """Note that a page told by name whose records keep something."""
    if weighed.names:
        award = joinedload(Candidature.cohort).joinedload(Cohort.award)
        rows = database_session().scalars(select(Candidature).where(Candidature.id.in_(weighed.names)).options(award))
        note_researchers(rows, actor(), verb="looked at the people of a cohort", now=g.now)


@blueprint.get(AWARD)
@needs(Verb.HAND_OVER, of_award)
def ask_award(award_id: int) -> Any:
    """Ask before an award is deleted."""
    session = database_session()
    row = session.get_one(FundingAward, award_id)
    weighed = weighing.weigh_award(session, row)
    note_named(weighed)
    return asked("award", row.title, f"/organise/awards/{award_id}", weighed)


@blueprint.post(AWARD)
@needs(Verb.HAND_OVER, of_award)
@button(lambda award_id: f"/organise/awards/{award_id}/deletion")
def delete_award(award_id: int) -> Any:
    """Delete it."""
    session = database_session()
    title = session.get_one(FundingAward, award_id).title
    actions.delete_award(session, award_id, actor=actor(), now=g.now)
    session.commit()
    return done(f"“{title}” is deleted.", "/organise/awards")


@blueprint.get(COHORT)
@needs(Verb.PUBLISH, of_cohort)
def ask_cohort(cohort_id: int) -> Any:
    """Ask before a cohort is deleted."""
    session = database_session()
    row = session.get_one(Cohort, cohort_id)
    weighed = weighing.weigh_cohort(session, row)
    note_named(weighed)
    return asked("cohort", row.title, f"/organise/cohorts/{cohort_id}", weighed)


@blueprint.post(COHORT)
@needs(Verb.PUBLISH, of_cohort)
@button(lambda cohort_id: f"/organise/cohorts/{cohort_id}/deletion")
def delete_cohort(cohort_id: int) -> Any:
    """Delete it."""
    session = database_session()
    row = session.get_one(Cohort, cohort_id)
    title, above = row.title, f"/organise/awards/{row.award_id}"
    actions.delete_cohort(session, cohort_id, actor=actor(), now=g.now)
    session.commit()
    return done(f"“{title}” is deleted.", above)


@blueprint.get(RECORD)
@needs(Verb.EDIT, of_candidature)
def ask_record(candidature_id: int) -> Any:
    """Ask before a record is deleted."""
    session = database_session()
    row = session.get_one(Candidature, candidature_id)
    name = row.person.name or row.person.address if row.person else NOBODY
    note_look(row, actor(), now=g.now)
    return asked("record", name, f"/records/{candidature_id}", weighing.weigh_record(session, candidature_id))


@blueprint.post(RECORD)
@needs(Verb.EDIT, of_candidature)
@button(lambda candidature_id: f"/records/{candidature_id}/deletion")
def delete_record(candidature_id: int) -> Any:
    """Delete it."""
    session = database_session()
    above = f"/organise/cohorts/{session.get_one(Candidature, candidature_id).cohort_id}"
    actions.delete_record(session, candidature_id, actor=actor(), now=g.now)
    session.commit()
    return done("The record is deleted.", above)


@blueprint.get(CALL)
@needs(Verb.PUBLISH, of_admission)
def ask_call(admission_id: int) -> Any:
    """Ask before a call is deleted."""
    session = database_session()
    row = session.get_one(Admission, admission_id)
    back = f"/organise/cohorts/{row.cohort_id}/admission"
    return asked("call", row.opening.title, back, weighing.weigh_call(session, row))


@blueprint.post(CALL)
@needs(Verb.PUBLISH, of_admission)
@button(lambda admission_id: f"/organise/admissions/{admission_id}/deletion")
def delete_call(admission_id: int) -> Any:
    """Delete it."""
    session = database_session()
    row = session.get_one(Admission, admission_id)
    title, above = row.opening.title, f"/organise/cohorts/{row.cohort_id}/admission"
    actions.delete_call(session, admission_id, actor=actor(), now=g.now)
    session.commit()
    return done(f"“{title}” is deleted.", above)
