"""A cohort from a spreadsheet in the browser: upload, a look at what it would do, confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect, render_template, request
from sqlalchemy import select
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import FileField, ValidationError

from programme.core.refusal import Meanwhile, Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.downloads import SPREADSHEET, download
from programme.core.web.forms import Form
from programme.core.web.lists import PAGE_SIZE, Page, one_of, page_number
from programme.core.web.words import plural
from programme.engines.calendar.reading.decoding import clean
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.incoming.beginning import beginning
from programme.strands.cohorts.incoming.plan import LATE, RowKind, plan, shown_rows
from programme.strands.cohorts.models import Cohort, CohortSheet

if TYPE_CHECKING:
    from wtforms import Field

    from programme.strands.cohorts.incoming.plan import Plan

blueprint = Blueprint("organise_sheets", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/sheets")
UPLOAD, PREVIEW = "cohorts/incoming/upload.html", "cohorts/incoming/preview.html"
KIND_WORDS = {
    RowKind.NEW: "New",
    RowKind.CHANGED: "Changed",
    RowKind.SAME: "The same",
    RowKind.ODD: "Left out",
}
FIELD_WORDS = {
    "home_id": "home university",
    "partner_id": "partner university",
    "registered_on": "registration",
    "entry": "term of entry",
    "rate": "mode of study",
    "has_sponsored_visa": "visa",
}
MOST_WAITING = 20


class SheetForm(Form):
    """A spreadsheet."""

    file = FileField(
        "Spreadsheet",
        description="CSV or XLSX, 2 MB and 500 rows at most.",
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx"},
    )

    def __init__(self, typed: Any = None, **rest: Any) -> None:
        super().__init__(typed, **rest)
        self.file.flags.required = True

    def validate_file(self, field: Field) -> None:
        """Ask for a file."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Choose the spreadsheet.")


def home(cohort_id: int, **rest: object) -> str:
    """Return the address under which spreadsheets of a cohort are uploaded."""
    del rest
    return f"/organise/cohorts/{cohort_id}/sheets"


@blueprint.get("")
@needs(Verb.EDIT, of_cohort)
def ask(cohort_id: int) -> Any:
    """Show the form, and which spreadsheets wait."""
    return render_template(UPLOAD, **asked(cohort_id, SheetForm()))


def asked(cohort_id: int, form: SheetForm) -> dict[str, Any]:
    """Return what the page of the upload shows."""
    session = database_session()
    waiting = select(CohortSheet).where(CohortSheet.cohort_id == cohort_id).order_by(CohortSheet.id.desc())
    cohort = session.get_one(Cohort, cohort_id)
    return {
        "cohort": cohort,
        "form": form,
        "waiting": session.scalars(waiting.limit(MOST_WAITING)).all(),
        "columns": beginning(session, cohort, today=london_day(g.now)).explained,
    }


@blueprint.post("")
@needs(Verb.EDIT, of_cohort)
def upload(cohort_id: int) -> Any:
    """Keep what a file says for its preview; nothing is written into records yet."""
    session, form = database_session(), SheetForm(CombinedMultiDict([request.form, request.files]))
    if not form.validate():
        return form_again(UPLOAD, **asked(cohort_id, form))
    name = " ".join(clean(form.file.data.filename.replace("\\", "/").rpartition("/")[2]).split()) or "A spreadsheet"
    data = form.file.data.read(carrying_out.MOST_READ)
    try:
        sheet = carrying_out.keep(session, cohort_id, filename=name, data=data, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(Refusal(refusal.sentence, field="file"))
        return form_again(UPLOAD, **asked(cohort_id, form))
    session.commit()
    return redirect(f"{home(cohort_id)}/{sheet.id}", 303)


@blueprint.get("/template.<any(csv, xlsx):ending>")
@needs(Verb.EDIT, of_cohort)
def template(cohort_id: int, ending: str) -> Any:
    """Give a file to begin with: the headings, and one row that shows how they are filled."""
    session = database_session()
    cohort = session.get_one(Cohort, cohort_id)
    file, title = beginning(session, cohort, today=london_day(g.now)), f"Researchers of {cohort.title}"
    if ending == "csv":
        return download(file.as_csv(), title=title, ending=ending, media_type="text/csv")
    return download(file.as_workbook(), title=title, ending=ending, media_type=SPREADSHEET)


@blueprint.get("/<id:sheet_id>")
@needs(Verb.EDIT, of_cohort)
def show(cohort_id: int, sheet_id: int) -> Any:
    """Show what a waiting spreadsheet would do."""
    return render_template(PREVIEW, **preview(cohort_id, sheet_id))


def preview(cohort_id: int, sheet_id: int) -> dict[str, Any]:
    """Return what the preview shows: counts, what is odd, and one page of rows; 404 where nothing waits."""
    session = database_session()
    sheet = session.get(CohortSheet, sheet_id)
    if sheet is None or sheet.cohort_id != cohort_id:
        abort(404)
    found = plan(session, sheet.cohort, sheet.rows, today=london_day(g.now))
    kind = one_of(request.args.get("show", ""), [*(str(one) for one in RowKind), LATE], label="kind of row")
    return {
        "cohort": sheet.cohort,
        "sheet": sheet,
        "plan": found,
        "kind": kind,
        "page": page_in(found, kind),
        "tally": tally(found, kind),
        "universities": {row.id: row for row in universities_of(sheet.cohort.award)},
        "words": KIND_WORDS,
        "fields": FIELD_WORDS,
    }


def page_in(found: Plan, kind: str) -> Page[Any]:
    """Return one page of the rows of a kind."""
    rows = shown_rows(found, kind)
    last = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(page_number(request.args.get("page")), last)
    return Page(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(rows))


def tally(found: Plan, kind: str) -> list[dict[str, Any]]:
    """Return how many rows there are of each kind, as filters."""
    late = len(found.late_rows)
    every = {"count": len(found.rows), "word": "rows", "url": "?", "current": not kind}
    return [
        every,
        *(
            {"count": found.kinds[one], "word": word.lower(), "url": f"?show={one}", "current": kind == one}
            for one, word in KIND_WORDS.items()
            if found.kinds[one]
        ),
        *(
            [{"count": late, "word": "with something late", "url": f"?show={LATE}", "current": kind == LATE}]
            if late
            else ()
        ),
    ]


@blueprint.post("/<id:sheet_id>/confirmation")
@needs(Verb.EDIT, of_cohort)
@button(home)
def confirm(cohort_id: int, sheet_id: int) -> Any:
    """Bring the researchers in, as they were looked at."""
    session, seen = database_session(), request.form.get("seen", "")
    try:
        found = carrying_out.bring_in(session, cohort_id, sheet_id, seen=seen, actor=actor(), now=g.now)
    except Meanwhile:
        session.rollback()
        return form_again(PREVIEW, **preview(cohort_id, sheet_id), is_other=True)
    session.commit()
    return done(sentence(found), f"/organise/cohorts/{cohort_id}")


def sentence(found: Plan) -> str:
    """Say what was done."""
    kinds = found.kinds
    parts = [f"{plural(kinds[RowKind.NEW], 'researcher')} added"]
    parts += [f"{plural(kinds[RowKind.CHANGED], 'record')} changed"] if kinds[RowKind.CHANGED] else []
    left = kinds[RowKind.ODD]
    parts += [f"{plural(left, 'row')} left out"] if left else []
    return f"{', '.join(parts)}."


@blueprint.post("/<id:sheet_id>/removal")
@needs(Verb.EDIT, of_cohort)
def remove(cohort_id: int, sheet_id: int) -> Any:
    """Throw a waiting spreadsheet away."""
    session = database_session()
    carrying_out.throw_away(session, cohort_id, sheet_id)
    session.commit()
    return done("The spreadsheet is thrown away; nothing was written.", home(cohort_id))
