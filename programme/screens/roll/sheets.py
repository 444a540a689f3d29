"""Sheets and files of a roll: the sign-in sheet, totals without names, and CSV and XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import SelectChoice

from programme.core.audit import note
from programme.core.web.answers import form_again
from programme.core.web.downloads import SPREADSHEET, csv_bytes, download, xlsx_bytes
from programme.engines.registration.door.group import HOST, comers
from programme.engines.registration.follow_ups.queries import second_form
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.openings.rights import sensitive_reach
from programme.engines.registration.replies.queries import answers_since
from programme.engines.registration.roll import answers, tags
from programme.engines.registration.roll.counts import homes_of, summed, tallies, told_by_state, told_sums
from programme.engines.registration.roll.forms import ExportForm
from programme.engines.registration.series.sitting import HAS_CHAIR, has_chair
from programme.engines.registration.states import HOLDING, LIVE, OpeningState, RegistrationState, SeatState
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.asking import ids_in
from programme.screens.roll.heading import framed, moment_of, title_of
from programme.screens.roll.roll import ATTENDANCE_WORDS
from programme.screens.roll.scopes import of_opening, opening_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from programme.engines.questionnaire.models import Question
    from programme.engines.registration.models import Opening
    from programme.engines.registration.replies.queries import Answered

blueprint = Blueprint("roll_sheets", __name__, url_prefix="/organise/openings/<id:opening_id>")
REACHES = {"holding": HOLDING, "live": LIVE, "all": frozenset(RegistrationState)}
STATE_WORDS = {
    RegistrationState.WAITLISTED: "waiting",
    RegistrationState.PENDING: "to be decided",
    RegistrationState.REFUSED: "not admitted",
}


@blueprint.get("/sheet")
@needs(Verb.SEE_PEOPLE, of_opening)
def sheet(opening_id: int) -> Any:
    """Show the sign-in sheet of one event, for paper."""
    session, opening = database_session(), opening_here(opening_id)
    wanted = ids_in(request.args.getlist("event"))
    event = next((row for row in opening.events if row.id in wanted or not wanted), None) or abort(404)
    statement = (
        select(Registration)
        .join(Seat, Seat.registration_id == Registration.id)
        .where(Registration.opening_id == opening_id, Seat.event_id == event.id, HAS_CHAIR)
        .options(joinedload(Registration.organisation), selectinload(Registration.companions))
        .order_by(func.lower(Registration.name), Registration.id)
    )
    rows = session.scalars(statement).all()
    frame = framed(session, opening, now=g.now)
    return render_template("roll/sheets/sheet.html", **frame, event=event, event_title=title_of(event), rows=rows)


@blueprint.get("/totals")
@needs(Verb.SEE_PEOPLE, of_opening)
def totals(opening_id: int) -> Any:
    """Show the answers as totals without names, for caterers."""
    session, opening = database_session(), opening_here(opening_id)
    reach = sensitive_reach(actor(), opening)
    every = answers.readable(answers.every_question(session, opening), reach)
    second = answers.questions_of(second_form(session, opening))
    members_only = None if reach.is_everybody else reach.homes
    wanted = ids_in(request.args.getlist("question"))
    chosen = [row for row in every if row.id in wanted] if wanted else [row for row in every if row.retired_in is None]
    return render_template(
        "roll/sheets/totals.html",
        **framed(session, opening, now=g.now),
        questions=every,
        chosen=chosen,
        second=second,
        sums=summed(session, opening_id, chosen, members_only=members_only, second=second),
        is_partial=not reach.is_everybody,
        counts=tallies(session, opening_id),
    )


@blueprint.get("/sums")
@needs(Verb.SEE_SUMS, of_opening)
def sums(opening_id: int) -> Any:
    """Show how many there are, for partners: numbers under ten are hidden."""
    session, opening = database_session(), opening_here(opening_id)
    found = tallies(session, opening_id)
    homes = homes_of(session, [one for one in found.homes if one is not None])
    by_home = {homes[key].name if key else "Elsewhere": number for key, number in found.homes.items()}
    frame = framed(session, opening, now=g.now)
    if opening.state is OpeningState.DRAFT and not frame["may"][Verb.SEE_DRAFT.name]:
        abort(404)
    told = told_by_state(found.heads)
    if told["With a place"] != f"{found.holding:,}":
        by_home = {}
    return render_template("roll/sheets/sums.html", **frame, by_state=told, by_home=told_sums(by_home))


@blueprint.get("/export")
@needs(Verb.EXPORT, of_opening)
def choose_export(opening_id: int) -> Any:
    """Show what a file may hold."""
    opening = opening_here(opening_id)
    frame = framed(database_session(), opening, now=g.now)
    return render_template("roll/sheets/export.html", **frame, **export_shown(opening, export_form(opening)))


@blueprint.post("/export")
@needs(Verb.EXPORT, of_opening)
def export(opening_id: int) -> Any:
    """Give the roll as a file, and write down that it was taken."""
    session, opening = database_session(), opening_here(opening_id)
    form = export_form(opening, request.form)
    if not form.validate():
        frame = framed(session, opening, now=g.now)
        return form_again("roll/sheets/export.html", **frame, **export_shown(opening, form))
    asked = {*(form.questions.data or ()), *(form.sensitive.data or ())}
    columns = [row for row in answers.every_question(database_session(), opening) if row.id in asked]
    lines = list(lines_of(opening, form.reach.data, columns))
    write_down(opening, form, columns, len(lines))
    session.commit()
    head = [*HEAD, *(question.label for question in columns)]
    if form.format.data == "csv":
        return download(csv_bytes(head, lines), title=opening.title, ending="csv", media_type="text/csv")
    content = xlsx_bytes("Registrations", head, lines)
    return download(content, title=opening.title, ending="xlsx", media_type=SPREADSHEET)


CALENDAR = ("Calendar’s answer", "Answered")
HEAD = ("Name", "E-mail", "State", "From", "Counts for", "Joined", "Events", "Attendance", *CALENDAR, "Tags", "Note")


def export_form(opening: Opening, typed: Any = None) -> ExportForm:
    """Return the form with the opening's questions: sensitive ones apart, and only with the right."""
    form = ExportForm(typed)
    every = answers.every_question(database_session(), opening)
    plain = [row for row in every if not row.is_sensitive]
    secret = [row for row in every if row.is_sensitive] if sensitive_reach(actor(), opening).is_any else []
    form.questions.choices = [SelectChoice(row.id, row.label) for row in plain]
    form.sensitive.choices = [SelectChoice(row.id, row.label) for row in secret]
    if typed is None:
        form.questions.data = [row.id for row in plain]
    return form


def export_shown(opening: Opening, form: ExportForm) -> dict[str, Any]:
    """Return what the form's page shows: `is_partial` says that some sensitive answers are the lead's alone."""
    return {"form": form, "is_partial": not sensitive_reach(actor(), opening).is_everybody}


def lines_of(opening: Opening, reach: str, columns: Sequence[Question]) -> Iterator[list[str]]:
    """Give the lines of a file, in the order in which people joined."""
    session = database_session()
    meant = (Registration.opening_id == opening.id, Registration.state.in_(REACHES[reach]))
    statement = (
        select(Registration)
        .where(*meant)
        .options(joinedload(Registration.organisation), joinedload(Registration.counts_for))
        .options(selectinload(Registration.seats).options(joinedload(Seat.event), selectinload(Seat.companion_marks)))
        .options(selectinload(Registration.companions))
        .order_by(Registration.joined_at, Registration.id)
    )
    rows = session.scalars(statement).all()
    told, holder = sensitive_reach(actor(), opening), opening.lead_organisation.short_name
    texts = answers.texts_of(session, rows, columns, reach=told)
    brought = answers.texts_of_companions(session, rows, columns, reach=told)
    borne = tags.tags_of(session, [row.id for row in rows])
    replies = answers_since(session, select(Registration.id).where(*meant))
    for row in rows:
        home = row.organisation.name if row.organisation else ""
        state = STATE_WORDS.get(row.state, row.state.value)
        share = row.counts_for.name if row.counts_for else ""
        about = [row.name, row.address, state, home, share, moment_of(row.joined_at), comes_to(row), attended(row)]
        about += [*answered(row, replies), ", ".join(borne.get(row.id, [])), row.note]
        yield [*about, *answers.line_of(row, columns, texts, reach=told, holder=holder)]
        for one in row.companions:
            own = answers.line_for(one.answer_sheet_id, row, columns, brought, reach=told, holder=holder)
            came = attended(row, who=one.id)
            yield [f"{one.name} (with {row.name})", "", *about[2:6], "", came, *("" for _ in CALENDAR), "", "", *own]


def comes_to(row: Registration) -> str:
    """Name the events that somebody comes to, or waits to."""
    return "; ".join(seat.event.title for seat in row.seats if seat.state is not SeatState.SKIPPED)


def attended(row: Registration, who: int = HOST) -> str:
    """Say whether somebody came, or one who comes along, event by event where there are several."""
    told = [
        (seat.event.title, ATTENDANCE_WORDS[one.attendance])
        for seat in row.seats
        if has_chair(seat)
        for one in comers(seat)
        if one.who == who
    ]
    return told[0][1] if len(told) == 1 else "; ".join(f"{title}: {word}" for title, word in told)


def answered(row: Registration, replies: Mapping[int, Answered]) -> tuple[str, str]:
    """Say what somebody's calendar answered, and when, event by event where there are several."""
    known = [(seat.event.title, replies[seat.id]) for seat in row.seats if seat.id in replies]
    told = [(title, one.answer.value.capitalize(), moment_of(one.at)) for title, one in known]
    if len(row.seats) == 1:
        return (told[0][1], told[0][2]) if told else ("", "")
    return "; ".join(f"{title}: {word}" for title, word, _ in told), "; ".join(
        f"{title}: {at}" for title, _, at in told
    )


def write_down(opening: Opening, form: ExportForm, columns: Sequence[Question], number: int) -> None:
    """Write into the trail what was taken."""
    after = {
        "people": number,
        "format": form.format.data,
        "reach": form.reach.data,
        "sensitive": [question.label for question in columns if question.is_sensitive],
    }
    note(database_session(), opening, "exported the roll", actor=actor(), now=g.now, after=after)
