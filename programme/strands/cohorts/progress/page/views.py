"""The milestones of one record: the line, the list, and the page of a single one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template

from programme.core.files.kinds import in_bytes
from programme.core.web.answers import form_again
from programme.engines.documents.handing_out import file_or_404
from programme.engines.documents.ports import Reader
from programme.engines.documents.queries import document_of
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.permissions import Scope, Verb, may
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
from programme.strands.cohorts.records.evidence import FILE_PART
from programme.strands.cohorts.records.guarding import own_record, record_for
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import MILESTONE, Relation

if TYPE_CHECKING:
    from programme.core.web.forms import Form

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


def typed_again(milestone_id: int, key: str, form: Form, **others: Any) -> Any:
    """Show one milestone again with one of its forms as it was typed, open."""
    return form_again(SINGLE, **one_of_them(milestone_id, typed={key: form}, form=form, opened=key, **others))


@blueprint.get("/milestones/<id:milestone_id>/file")
@record_for(*ALL)
def evidence(candidature_id: int, milestone_id: int) -> Any:
    """Give the file that was handed in."""
    del candidature_id
    if shown(database_session(), own_record(), now=g.now).line(milestone_id) is None:
        abort(404)
    return file_or_404((MILESTONE, milestone_id), FILE_PART, Reader(actor()))
