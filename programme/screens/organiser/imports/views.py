"""Importing in the browser: upload a file, look at what it would do, confirm, read the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.core.web import errors
from programme.core.web.answers import button, done, form_again
from programme.core.web.downloads import csv_bytes, download
from programme.core.web.lists import one_of, page_number
from programme.core.web.words import join_words, plural
from programme.engines.calendar.models import ImportFile
from programme.extensions import database_session
from programme.flows.importing import files
from programme.flows.importing.doing.carrying_out import carry_out
from programme.flows.importing.plan import plan, take_turn
from programme.flows.importing.report import odd_rows, report, staying
from programme.flows.importing.values import RowKind
from programme.people.guards import actor, needs, organisers
from programme.people.models import Organisation
from programme.people.permissions import Scope, Verb
from programme.people.states import Strand
from programme.screens.organiser.imports import pages
from programme.screens.organiser.imports.forms import confirm_form, upload_form

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from programme.flows.importing.values import ImportPlan, Outcome
    from programme.screens.organiser.imports.forms import ConfirmForm, UploadForm

blueprint = Blueprint("organise_imports", __name__, url_prefix="/organise/imports")
HOME = "/organise/imports"
LIST, PREVIEW, DONE = (f"organiser/imports/{name}.html" for name in ("imports", "preview", "done"))
KEPT_ODD = 2_000
TOO_LARGE = "The file is too large: 20 MB is the most. Split it, or save the sheet alone as CSV."
ALREADY = "This file was imported already: here is what it did."


class Waiting(NamedTuple):
    """A file that waits, as values: rows of the session end with its transaction."""

    organisation_id: int
    strand: Strand
    filename: str
    stored_as: str


def of_import(session: Session, import_id: int) -> Scope | None:
    """Return the scope of an import: what it makes is led by its organisation, in its strand."""
    row = session.get(ImportFile, import_id)
    return Scope(lead=row.organisation_id, strand=row.strand) if row else None


@blueprint.get("")
@organisers
def imports() -> Any:
    """List the imports of what I organise, with the form for another."""
    return render_template(LIST, **listing(upload_form(database_session(), actor())))


@blueprint.post("")
@organisers
def upload() -> Any:
    """Keep a file for its preview; nothing is imported yet."""
    session = database_session()
    form = upload_form(session, actor(), CombinedMultiDict([request.form, request.files]))
    if not form.validate():
        return form_again(LIST, **listing(form))
    session.rollback()  # so that nobody waits for the database while the file is read
    try:
        stored_as = files.stash(store(), form.file.data.read(), filename=form.filename)
    except Refusal as refusal:
        form.refuse(Refusal(refusal.sentence, field="file"))
        return form_again(LIST, **listing(form))
    begin_writing(session)
    row = kept(session, form, stored_as)
    session.commit()
    return redirect(f"{HOME}/{row.id}", 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Any:
    """Show the form again where a file was not even read; what else is too large has the usual page."""
    if request.path != HOME:
        return errors.http_error(error)
    form = upload_form(database_session(), actor())
    form.refuse(Refusal(TOO_LARGE, field="file"))
    return make_response(render_template(LIST, **listing(form)), error.code)


@blueprint.get("/<id:import_id>")
@needs(Verb.CREATE, of_import)
def show(import_id: int) -> Any:
    """Show what a waiting file would do, or what a confirmed one did."""
    session = database_session()
    row = session.get_one(ImportFile, import_id)
    if row.confirmed_at:
        return render_template(DONE, **head(row), **done_part(row))
    try:
        found = planned(session, waiting_of(row))
    except Refusal as refusal:
        return render_template(PREVIEW, **head(row), plan=None, refusal=refusal.sentence)
    return render_template(PREVIEW, **preview(row, found, confirm_form(found)))


@blueprint.post("/<id:import_id>/confirmation")
@needs(Verb.CREATE, of_import)
@button(lambda import_id: f"{HOME}/{import_id}")
def confirm(import_id: int) -> Any:
    """Import the file, all of it or nothing."""
    session = database_session()
    waiting = waiting_of(session.get_one(ImportFile, import_id))
    session.rollback()  # nobody waits for the database while the file is read
    files.reading_of(store(), waiting.stored_as, filename=waiting.filename)
    begin_writing(session)
    if not files.claim(session, import_id, now=g.now):
        raise Refusal(ALREADY)
    take_turn(session, waiting.organisation_id)
    found = planned(session, waiting)
    form = confirm_form(found, request.form)
    outcome = carried_out(session, found, form)
    row = session.get_one(ImportFile, import_id)
    if outcome is None:
        return form_again(PREVIEW, **preview(row, found, form))
    row.counts = kept_report(found, outcome)
    session.commit()
    files.wipe(store(), waiting.stored_as)
    return done(sentence(outcome), f"{HOME}/{import_id}")


@blueprint.post("/<id:import_id>/removal")
@needs(Verb.CREATE, of_import)
def remove(import_id: int) -> Any:
    """Throw a waiting file away."""
    session = database_session()
    gone = files.forget(session, store(), session.get_one(ImportFile, import_id))
    session.commit()
    return done("The file is thrown away; nothing was imported." if gone else "This import is done and stays.", HOME)


@blueprint.get("/<id:import_id>/odd-rows.csv")
@needs(Verb.CREATE, of_import)
def odd_rows_file(import_id: int) -> Any:
    """Give the list of odd rows, to put the file right by."""
    session = database_session()
    row = session.get_one(ImportFile, import_id)
    try:
        odd = row.counts.get("odd", []) if row.confirmed_at else odd_rows(planned(session, waiting_of(row)))
    except Refusal:
        abort(410)
    lines = [[one["line"], one["field"], one["reason"], one["default"]] for one in odd]
    content = csv_bytes(["Line", "Field", "What is odd", "What is taken"], lines)
    return download(content, title=f"Odd rows of {row.filename}", ending="csv", media_type="text/csv")


def waiting_of(row: ImportFile) -> Waiting:
    """Return a file that waits as values; raises Refusal where it was confirmed."""
    if row.confirmed_at is not None:
        raise Refusal(ALREADY)
    return Waiting(row.organisation_id, row.strand, row.filename, row.stored_as)


def store() -> Path:
    """Return where files are kept."""
    found: Path = current_app.extensions["settings"].store
    return found


def listing(form: UploadForm) -> dict[str, Any]:
    """Return what the list shows."""
    number = page_number(request.args.get("page"))
    return {"form": form, **pages.listed(database_session(), actor(), number=number)}


def kept(session: Session, form: UploadForm, stored_as: str) -> ImportFile:
    """Note a file that waits for its confirmation."""
    row = ImportFile(
        person_id=actor().person_id,
        organisation_id=form.organisation.data,
        strand=Strand(form.strand.data),
        filename=form.filename,
        stored_as=stored_as,
        uploaded_at=g.now,
        counts={},
    )
    session.add(row)
    session.flush()
    return row


def planned(session: Session, waiting: Waiting) -> ImportPlan:
    """Return what a waiting file would do now; raises Refusal where its bytes are gone."""
    reading = files.reading_of(store(), waiting.stored_as, filename=waiting.filename)
    lead, strand, source = waiting.organisation_id, waiting.strand, waiting.filename
    return plan(session, reading, organisation_id=lead, strand=strand, source=source, now=g.now)


def carried_out(session: Session, found: ImportPlan, form: ConfirmForm) -> Outcome | None:
    """Do it; None, with everything rolled back and the reason on the form, where something is wrong."""
    try:
        if form.validate():
            answers, publish = form.answers, form.wants_publishing
            return carry_out(session, found, answers, actor=actor(), publish=publish, now=g.now)
    except Refusal as refusal:
        form.refuse(refusal)
    session.rollback()
    return None


def preview(row: ImportFile, found: ImportPlan, form: ConfirmForm) -> dict[str, Any]:
    """Return what the preview shows: counts, questions, what is odd, and one page of rows."""
    wanted = one_of(request.args.get("show", ""), {pages.ODD, *RowKind}, label="kind of row")
    number = page_number(request.args.get("page"))
    session = database_session()
    return {
        **head(row),
        **pages.preview_part(found),
        "form": form,
        "rows": pages.shown(session, found, wanted=wanted, number=number),
        "tally": pages.tally(found, wanted),
        "wanted": wanted,
    }


def head(row: ImportFile) -> dict[str, Any]:
    """Return what stands above every page of one import."""
    return {"file": row, "organisation": database_session().get_one(Organisation, row.organisation_id)}


def done_part(row: ImportFile) -> dict[str, Any]:
    """Return what the report of a confirmed file shows besides its counts."""
    told = row.counts
    return {**pages.odd_part(told.get("odd", [])), "staying": staying(told.get("drafts_that_stay", {}))}


def kept_report(found: ImportPlan, outcome: Outcome) -> dict[str, Any]:
    """Return the report as it is kept; of very many odd rows the first."""
    told = report(found, outcome)
    return {**told, "odd": told["odd"][:KEPT_ODD]}


def sentence(outcome: Outcome) -> str:
    """Say what happened."""
    parts = [f"{plural(outcome.new, 'event')} imported"] if outcome.new else []
    parts += [f"{outcome.changed + outcome.followed:,} changed"] if outcome.changed + outcome.followed else []
    parts += [f"{outcome.published:,} published"] if outcome.published and not outcome.new else []
    told = f" {plural(outcome.told, 'letter')} to people with places will go out." if outcome.told else ""
    return (join_words(parts) if parts else "Nothing was new") + "." + told
