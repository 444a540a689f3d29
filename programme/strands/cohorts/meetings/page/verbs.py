"""What a researcher does about their meetings: log, change, take out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.answers import button, carried_out, done, form_again
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.meetings import actions
from programme.strands.cohorts.meetings.page.forms import MeetingForm, data_of
from programme.strands.cohorts.meetings.page.views import PAGE, home, shown, those_who_supervise
from programme.strands.cohorts.meetings.signed import MEETING
from programme.strands.cohorts.models import SupervisionMeeting
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.signing.queries import under

blueprint = Blueprint("meeting_verbs", __name__, url_prefix="/records/<id:candidature_id>/meetings")
ONE = "cohorts/meetings/one.html"


@blueprint.post("")
@record_for(Relation.OWN)
def log(candidature_id: int) -> Any:
    """Log a meeting."""
    form = offered()

    def verb() -> tuple[str, str]:
        actions.log(database_session(), candidature_id, form.logged(), actor=actor(), now=g.now)
        return "The meeting is logged. Who was there is asked to agree.", home(candidature_id)

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(g.record, form)))


@blueprint.get("/<id:meeting_id>")
@record_for(Relation.OWN)
def one(candidature_id: int, meeting_id: int) -> Any:
    """Show the form that changes a meeting."""
    meeting = meeting_here(candidature_id, meeting_id)
    people = [row.person_id for row in under(database_session(), MEETING, [meeting.id])[meeting.id]]
    form = MeetingForm(data=data_of(meeting, people))
    form.offer(those_who_supervise(g.record.candidature))
    return render_template(ONE, record=g.record, meeting=meeting, form=form)


@blueprint.post("/<id:meeting_id>")
@record_for(Relation.OWN)
def change(candidature_id: int, meeting_id: int) -> Any:
    """Change a meeting."""
    form = offered()

    def verb() -> tuple[str, str]:
        actions.change(database_session(), candidature_id, meeting_id, form.logged(), actor=actor(), now=g.now)
        return "The meeting is as you entered it. What changed is to be agreed to again.", home(candidature_id)

    def typed() -> Any:
        return form_again(ONE, record=g.record, meeting=meeting_here(candidature_id, meeting_id), form=form)

    return carried_out(form, verb, typed)


@blueprint.post("/<id:meeting_id>/removal")
@record_for(Relation.OWN)
@button(home)
def take_out(candidature_id: int, meeting_id: int) -> Any:
    """Take a meeting out that nobody has agreed to."""
    session = database_session()
    actions.take_out(session, candidature_id, meeting_id, actor=actor(), now=g.now)
    session.commit()
    return done("The meeting is taken out.", home(candidature_id))


def offered() -> MeetingForm:
    """Return the form as it was sent, with those who supervise."""
    form = MeetingForm(request.form)
    form.offer(those_who_supervise(g.record.candidature))
    return form


def meeting_here(candidature_id: int, meeting_id: int) -> SupervisionMeeting:
    """Return a meeting of the record; 404 where it has none such."""
    row = database_session().get(SupervisionMeeting, meeting_id)
    return row if row is not None and row.candidature_id == candidature_id else abort(404)
