"""The meetings of one record: how the year stands, what was logged, and for supervisors what waits for their word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.meetings.page.forms import MeetingForm
from programme.strands.cohorts.meetings.queries import meetings, years
from programme.strands.cohorts.meetings.signed import MEETING
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.signing.queries import under, waiting_with
from programme.strands.cohorts.supervising.queries import held, supervisions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.models import Candidature, Signature, Supervision
    from programme.strands.cohorts.records.guarding import Record

blueprint = Blueprint("record_meetings", __name__, url_prefix="/records/<id:candidature_id>/meetings")
ALL = (Relation.OWN, Relation.SUPERVISES, Relation.RUNS)
PAGE = "cohorts/meetings/page.html"


def home(candidature_id: int, **rest: object) -> str:
    """Return the address of the meetings of a record."""
    del rest
    return f"/records/{candidature_id}/meetings"


@blueprint.get("")
@record_for(*ALL)
def page(candidature_id: int) -> Any:
    """Show the meetings."""
    del candidature_id
    record: Record = g.record
    return render_template(PAGE, **shown(record, empty_form(record.candidature)))


def empty_form(row: Candidature) -> MeetingForm:
    """Return the form that logs a meeting, of today."""
    form = MeetingForm(data={"met_on": london_day(g.now).isoformat()})
    form.offer(those_who_supervise(row))
    return form


def those_who_supervise(row: Candidature) -> list[Supervision]:
    """Return those whose supervision is not over."""
    today = london_day(g.now)
    return [one for one in supervisions(database_session(), [row.id])[row.id] if not held(one).is_over(today)]


def shown(record: Record, form: MeetingForm) -> dict[str, Any]:
    """Return what the page shows."""
    session, row = database_session(), record.candidature
    found = page_of(session, meetings(row.id), number=page_number(request.args.get("page")))
    waiting = waiting_for_reader(row)
    return {
        "record": record,
        "parts": PARTS,
        "year": years(session, [row], today=london_day(g.now)).get(row.id),
        "page": found,
        "signatures": under(session, MEETING, [one.id for one in found.rows]),
        "form": form,
        "waiting": waiting,
        "to_sign": link_of(waiting[0]) if waiting else "",
    }


def waiting_for_reader(row: Candidature) -> Sequence[Signature]:
    """Return the meetings that wait for the word of whoever looks."""
    reader = actor().person_id or 0
    return waiting_with(database_session(), row.id, reader, today=london_day(g.now), kind=MEETING)


def link_of(signature: Signature) -> str:
    """Return the address at which the reader agrees, to several at once where several wait."""
    links = current_app.extensions["signature_links"]
    return str(links.path(signature))
