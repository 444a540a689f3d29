"""The milestones of one record: the line, the list, and the page of a single one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, send_file

from programme.core.files.kinds import FILE_KINDS, in_bytes
from programme.engines.documents.ports import Reader, may_read
from programme.engines.documents.queries import document_of
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may
from programme.strands.cohorts.progress.handing.evidence import FILE_PART
from programme.strands.cohorts.progress.lacking import lack_of
from programme.strands.cohorts.progress.page.forms import (
    ApproverForm,
    DayForm,
    DoneForm,
    ExemptionForm,
    ExtensionForm,
    HandInForm,
    SendBackForm,
)
from programme.strands.cohorts.progress.page.shown import Shown, shown
from programme.strands.cohorts.progress.page.signatures import signatures
from programme.strands.cohorts.progress.page.words import UNKNOWN
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import MILESTONE, Relation

if TYPE_CHECKING:
    from programme.engines.documents.models import Document
    from programme.strands.cohorts.records.guarding import Record

blueprint = Blueprint("record_milestones", __name__, url_prefix="/records/<id:candidature_id>")
ALL = (Relation.OWN, Relation.SUPERVISES, Relation.RUNS)
PAGE, SINGLE = "cohorts/milestones/page.html", "cohorts/milestones/single.html"


def home(candidature_id: int, **rest: object) -> str:
    """Return the address of the milestones of a record."""
    del rest
    return f"/records/{candidature_id}/milestones"


def single_home(candidature_id: int, milestone_id: int, **rest: object) -> str:
    """Return the address of one milestone."""
    del rest
    return f"{home(candidature_id)}/{milestone_id}"


def own_record() -> Record:
    """Return the record that the guard found."""
    found: Record = g.record
    return found


@blueprint.get("/milestones")
@record_for(*ALL)
def page(candidature_id: int) -> Any:
    """Show all milestones."""
    del candidature_id
    return render_template(PAGE, **whole())


def whole(**others: Any) -> dict[str, Any]:
    """Return what the page of all milestones shows."""
    record = own_record()
    found = shown(database_session(), record, now=g.now)
    return {
        "record": record,
        "parts": PARTS,
        "shown": found,
        "lack": lack_of(found.book, found.undated, actor=actor()),
        "unknown": UNKNOWN,
        "enters_dates": may(actor(), Verb.EDIT, Scope(lead=record.candidature.home_organisation_id)),
        "approver_form": ApproverForm(),
    } | others


@blueprint.get("/milestones/<id:milestone_id>")
@record_for(*ALL)
def single(candidature_id: int, milestone_id: int) -> Any:
    """Show one milestone, with everything that may be done about it."""
    del candidature_id
    return render_template(SINGLE, **one_of_them(milestone_id))


def one_of_them(milestone_id: int, **others: Any) -> dict[str, Any]:
    """Return what the page of one milestone shows; `others` are forms that were typed wrongly, or a preview."""
    session, found = database_session(), whole()
    gathered: Shown = found["shown"]
    line = gathered.line(milestone_id) or abort(404)
    forms: dict[str, Any] = {
        "hand_in": HandInForm(),
        "extension": ExtensionForm(),
        "day": DayForm(),
        "exemption": ExemptionForm(),
        "done": DoneForm(),
        "send_back": SendBackForm(),
    }
    file = document_of(session, (MILESTONE, milestone_id), part=FILE_PART)
    size = in_bytes(file.size) if file else ""
    signs = signatures(session, own_record().candidature, line.row, actor=actor(), today=gathered.today)
    forms |= others.pop("typed", {})
    if gathered.book:
        forms["extension"].count_in(gathered.book.units)
    lack = lack_of(gathered.book, [] if line.row.due_on else [line.row.unit], actor=actor())
    shown_too = {"line": line, "forms": forms, "file": file, "file_size": size, "lack": lack}
    return found | shown_too | {"signs": signs} | others


@blueprint.get("/milestones/<id:milestone_id>/file")
@record_for(*ALL)
def evidence(candidature_id: int, milestone_id: int) -> Any:
    """Give the file that was handed in."""
    del candidature_id
    session, plugs = database_session(), current_app.extensions["document_plugs"]
    gathered = shown(session, own_record(), now=g.now)
    document = document_of(session, (MILESTONE, milestone_id), part=FILE_PART) if gathered.line(milestone_id) else None
    if document is None or not may_read(plugs, session, document, Reader(actor())):
        abort(404)
    return sent_file(document)


def sent_file(document: Document) -> Any:
    """Give a file to keep: never shown in the browser, and never taken for what it is not."""
    path = current_app.extensions["shelf"].path(document.token)
    if not path.is_file():
        abort(404)
    media_type = FILE_KINDS[document.kind].media_type
    response = send_file(
        path, mimetype=media_type, as_attachment=True, download_name=document.name, conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
