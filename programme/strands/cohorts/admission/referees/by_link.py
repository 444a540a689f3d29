"""A reference, for whoever holds its secret link: no account is needed, looking changes nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request

from programme.core.database import go_on_writing
from programme.core.files.kinds import MEGABYTE
from programme.core.refusal import Refusal
from programme.core.tokens import id_in
from programme.core.web.answers import button, done, form_again, reading_first
from programme.engines.documents.actions import refuse_flood
from programme.engines.documents.handing_out import file_or_404
from programme.engines.documents.ports import Reader
from programme.engines.documents.queries import document_of
from programme.engines.registration.states import LIVE
from programme.extensions import database_session
from programme.flows.notices.places.told import contact_of
from programme.people.guards import actor, secret_link
from programme.strands.cohorts.admission.referees import actions
from programme.strands.cohorts.admission.referees.actions import Written
from programme.strands.cohorts.admission.referees.forms import MEGABYTES, ReferenceForm
from programme.strands.cohorts.admission.referees.queries import (
    FILE_PART,
    REFERENCE,
    admission_of,
    reference_with_application,
)
from programme.strands.cohorts.admission.states import ReferenceState

if TYPE_CHECKING:
    from programme.engines.documents.shelf import Laid, Shelf
    from programme.strands.cohorts.admission.referees.links import ReferenceLinks
    from programme.strands.cohorts.models import Reference

blueprint = Blueprint("references", __name__, url_prefix="/references/<token>")
PAGE = "cohorts/references/write.html"
SENT = "Thank you. Your reference is sent; the applicant sees that it has come, and not what it says."
SAVED = "Saved. Nobody reads it before you send it. This page’s address brings you back here."


def its_page(token: str) -> str:
    """Return the address of the page."""
    return f"/references/{token}"


def reference_here(token: str) -> Reference:
    """Return the reference of a link; an old or invented one opens nothing, and one that was never asked neither."""
    number = id_in(token)
    row = reference_with_application(database_session(), number) if number else None
    links: ReferenceLinks = current_app.extensions["reference_links"]
    if row is None or not links.opens(token, row) or row.state is ReferenceState.NOT_ASKED:
        abort(404)
    return row


@blueprint.get("")
@secret_link
def page(token: str) -> Any:
    """Show the form, or that it is not needed any more. Looking changes nothing."""
    row = reference_here(token)
    told = shown(row, ReferenceForm(data={"text": row.text}), token)
    is_gone = told["is_over"] and row.state is not ReferenceState.RECEIVED
    return render_template(PAGE, **told), HTTPStatus.GONE if is_gone else HTTPStatus.OK


def shown(row: Reference, form: ReferenceForm, token: str) -> dict[str, Any]:
    """Return what the page shows; of an application that has ended only that."""
    session, registration = database_session(), row.registration
    admission = admission_of(session, registration)
    return {
        "row": row,
        "state": row.state.value,
        "applicant": registration.name,
        "opening": registration.opening,
        "admission": admission,
        "form": form,
        "file": document_of(session, (REFERENCE, row.id), part=FILE_PART),
        "is_over": registration.state not in LIVE or registration.person_id is None,
        "is_late": admission.references_by is not None and admission.references_by <= g.now,
        "contact": contact_of(registration.opening),
        "here": its_page(token),
    }


@blueprint.post("")
@reading_first
@secret_link
@button(its_page)
def write(token: str) -> Any:
    """Save what is written, or send it; a file that came is kept whatever else is to be put right."""
    session, form, row = database_session(), ReferenceForm(request.form), reference_here(token)
    number, sends = row.id, request.form.get("do") == "send"
    laid, trouble = laid_down()
    is_sound = form.validate()
    if trouble:
        form.file.errors = [trouble]
    go_on_writing(session)
    try:
        text = form.text.data or "" if is_sound else row.text
        written = Written(text, laid, takes_file_out=bool(form.without_file.data))
        sound = is_sound and not trouble
        (actions.send_reference if sends and sound else actions.save_reference)(session, number, written, now=g.now)
    except Refusal as refusal:
        session.rollback()
        if refusal.field is None:
            raise
        form.refuse(refusal)
        return form_again(PAGE, **shown(reference_here(token), form, token))
    session.commit()
    if not is_sound or trouble:
        return form_again(PAGE, **shown(reference_here(token), form, token))
    return done(SENT if sends else SAVED, its_page(token))


def laid_down() -> tuple[Laid | None, str]:
    """Lay down the file that came, if one did; returns it, or the sentence why it was not taken."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return None, ""
    try:
        refuse_flood(database_session())
        shelf: Shelf = current_app.extensions["shelf"]
        return shelf.lay(file.stream, file.filename, accepts=("pdf",), most=MEGABYTES * MEGABYTE), ""
    except Refusal as refusal:
        return None, refusal.sentence
    finally:
        file.close()


@blueprint.post("/declination")
@secret_link
@button(its_page)
def decline(token: str) -> Any:
    """Let a referee say no."""
    row = reference_here(token)
    actions.decline_reference(database_session(), row.id, now=g.now)
    database_session().commit()
    return done("Thank you for saying so. The applicant sees it, and can name somebody else.", its_page(token))


@blueprint.get("/file")
@secret_link
def own_file(token: str) -> Any:
    """Give the referee their own file."""
    row = reference_here(token)
    return file_or_404((REFERENCE, row.id), FILE_PART, Reader(actor(), frozenset({(REFERENCE, row.id)})))
