"""The pages of a training record: the whole, one line of it, the form for another, and what one takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.files.kinds import in_bytes
from programme.core.web.answers import button
from programme.core.web.downloads import csv_bytes, download
from programme.core.web.lists import one_of
from programme.engines.calendar.times import london_day
from programme.engines.documents.handing_out import file_or_404
from programme.engines.documents.ports import Reader
from programme.engines.documents.queries import document_of
from programme.extensions import database_session
from programme.people.guards import actor
from programme.people.queries import programme_name
from programme.strands.cohorts.models import TrainingEntry
from programme.strands.cohorts.records.evidence import FILE_PART
from programme.strands.cohorts.records.guarding import own_record, record_for
from programme.strands.cohorts.records.laying import largest
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import TRAINING_ENTRY, Relation
from programme.strands.cohorts.states import TrainingEvidence, TrainingState
from programme.strands.cohorts.training import summing
from programme.strands.cohorts.training.compulsory.queries import lacking
from programme.strands.cohorts.training.frameworks.queries import framework_now
from programme.strands.cohorts.training.record import shown
from programme.strands.cohorts.training.record.forms import DeclaredForm, NoteForm, RefusalForm, declared_data
from programme.strands.cohorts.training.record.portfolio import HEAD, portfolio, record_paper
from programme.strands.cohorts.training.record.queries import primary_of
from programme.strands.cohorts.training.words import EVIDENCE, ITEMS, STANDINGS, STANDS, hours

if TYPE_CHECKING:
    from programme.engines.documents.models import Document
    from programme.strands.cohorts.training.summing import Year

blueprint = Blueprint("record_training", __name__, url_prefix="/records/<id:candidature_id>/training")
ALL = (Relation.OWN, Relation.SUPERVISES, Relation.RUNS)
PAGE, SINGLE, NEW = (f"cohorts/training/{name}.html" for name in ("record", "entry", "new"))


def home(candidature_id: int, **rest: object) -> str:
    """Return the address of a training record."""
    del rest
    return f"/records/{candidature_id}/training"


def single_home(candidature_id: int, entry_id: int, **rest: object) -> str:
    """Return the address of one line."""
    del rest
    return f"{home(candidature_id)}/{entry_id}"


def year_asked(*, month: int = summing.OCTOBER) -> tuple[Year, list[Year]]:
    """Return the year of the address, or the present one, and those there are."""
    known = shown.years(own_record().candidature, today=london_day(g.now), month=month)
    wanted = one_of(request.args.get("year", ""), [str(one.first.year) for one in known], label="year")
    return next((one for one in known if str(one.first.year) == wanted), known[0]), known


def words() -> dict[str, Any]:
    """Return what things are called."""
    return {
        "hours": hours,
        "standings": STANDINGS,
        "items": ITEMS,
        "evidence": EVIDENCE,
        "record": own_record(),
        "parts": PARTS,
    }


@blueprint.get("")
@record_for(*ALL)
def page(candidature_id: int) -> Any:
    """Show a training record."""
    session, row = database_session(), own_record().candidature
    found = shown.gathered(session, candidature_id)
    year, known = year_asked()
    sums, target = shown.sums_of(found, row, year)
    return render_template(
        PAGE,
        found=found,
        year=year,
        years=known,
        portfolio_years=shown.years(row, today=london_day(g.now), month=summing.JUNE),
        bar=shown.bar_of(sums, target),
        unit=shown.asked_a_year(target),
        width=shown.WIDTH,
        coverage=shown.coverage(session, found),
        missing=shown.missing(found),
        lacking=lacking(session, row, actor(), now=g.now),
        stands=STANDS,
        primary=primary_of(session, row, today=london_day(g.now)),
        **words(),
    )


@blueprint.get("/new")
@record_for(Relation.OWN, Relation.RUNS)
@button(home)
def new(candidature_id: int) -> Any:
    """Show the form for training elsewhere."""
    del candidature_id
    form = DeclaredForm(framework=framework_now(database_session()))
    return render_template(NEW, **new_page(form))


def new_page(form: DeclaredForm) -> dict[str, Any]:
    """Return what the form's page shows; an organiser needs no evidence but themselves."""
    if not own_record().is_own:
        for name in ("file", "link", "note"):
            del form[name]
    return {"form": form, "largest": in_bytes(largest()), **words()}


@blueprint.get("/<id:entry_id>")
@record_for(*ALL)
def single(candidature_id: int, entry_id: int) -> Any:
    """Show one line, with what may be done about it."""
    del candidature_id
    return render_template(SINGLE, **one_of_them(entry_id))


def entry_here(entry_id: int) -> TrainingEntry:
    """Return a line of this record; one of another is not there."""
    entry = database_session().get(TrainingEntry, entry_id)
    if entry is None or entry.candidature_id != own_record().candidature.id:
        abort(404)
    return entry


def one_of_them(entry_id: int, **others: Any) -> dict[str, Any]:
    """Return what the page of one line shows; `others` are forms that were typed wrongly."""
    session, record = database_session(), own_record()
    entry = entry_here(entry_id)
    primary = primary_of(session, record.candidature, today=london_day(g.now))
    return {
        "entry": entry,
        "is_changed": record.is_own and entry.state is not TrainingState.AGREED,
        "is_signer": primary is not None
        and primary.id == actor().person_id
        and entry.state is not TrainingState.AGREED,
        "primary": primary,
        "file": file_of(entry_id),
        "change": change_form(entry),
        "refusal": RefusalForm(),
        **words(),
    } | others


def change_form(entry: TrainingEntry, typed: Any = None) -> DeclaredForm | NoteForm:
    """Return the form of a line: of an event of ours only the note is asked."""
    if entry.evidence is TrainingEvidence.CHECK_IN:
        return NoteForm(typed, data={"note": entry.note})
    return DeclaredForm(typed, framework=framework_now(database_session()), data=declared_data(entry))


def file_of(entry_id: int) -> Document | None:
    """Return the file of a line."""
    return document_of(database_session(), (TRAINING_ENTRY, entry_id), part=FILE_PART)


@blueprint.get("/<id:entry_id>/file")
@record_for(*ALL)
def file(candidature_id: int, entry_id: int) -> Any:
    """Give the file of a line to those of its record."""
    del candidature_id
    entry_here(entry_id)
    return file_or_404((TRAINING_ENTRY, entry_id), FILE_PART, Reader(actor()))


@blueprint.get("/portfolio.csv")
@record_for(*ALL)
def portfolio_file(candidature_id: int) -> Any:
    """Give the lines of a portfolio year, ready to paste."""
    year, _ = year_asked(month=summing.JUNE)
    found = shown.gathered(database_session(), candidature_id)
    name = f"Portfolio {year.first.year}-{year.last.year}"
    return download(csv_bytes(HEAD, portfolio(found, year)), title=name, ending="csv", media_type="text/csv")


@blueprint.get("/record.pdf")
@record_for(*ALL)
def paper(candidature_id: int) -> Any:
    """Give the record as a paper."""
    found, row = shown.gathered(database_session(), candidature_id), own_record().candidature
    made = record_paper(found, row, programme=programme_name(database_session()), now=g.now)
    return download(made, title="Training record", ending="pdf", media_type="application/pdf")
