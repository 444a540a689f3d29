"""My programme: what I have, wait for, was offered and must do, each with its next step; and what is past."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, render_template, request, url_for

from programme.core.web.lists import Page, page_number, page_of
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.registration.agenda.queries import past as past_chairs
from programme.engines.registration.states import Attendance
from programme.extensions import database_session
from programme.flows.clashing.words import Warnings
from programme.flows.steps.step import Kind, dated, needs_answer, undated
from programme.people.guards import actor, signed_in
from programme.people.states import Strand
from programme.screens.calendar.shown.lines import monday_of
from programme.screens.calendar.shown.parts import MOST_MARKS, key_lines, short_end
from programme.screens.clashing import MOST_BESIDE, clashes_beside
from programme.screens.registrations.signing_up import links
from programme.screens.registrations.summary import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from programme.engines.calendar.term_weeks.term_dates import TermDates
    from programme.engines.registration.models import Seat
    from programme.flows.clashing.finding import Going
    from programme.flows.steps.step import Step

blueprint = Blueprint("mine", __name__, url_prefix="/me")
SIZE, LAST_FEW, WEEKS = 30, 5, 8


@blueprint.get("")
@signed_in
def programme() -> Any:
    """Show what the person signed in has, waits for, was offered and must do."""
    session, today = database_session(), london_day(g.now)
    dates, steps = terms(session), my_steps()
    page = page_in(dated(steps), number=page_number(request.args.get("page")))
    former = page_of(session, past_chairs(me(), now=g.now), number=1, size=LAST_FEW)
    asking = needs_answer(steps, g.now)
    offers = [step for step in asking if step.kind is Kind.OFFERED and step.due]
    beside = clashes_beside(goings(page.rows, offers, steps))
    return render_template(
        "mine/programme.html",
        weeks=week_labels(dates, today),
        offers=offers,
        todos=[step for step in asking if step.kind is not Kind.OFFERED or not step.due],
        ruler=ruler(dated(steps), dates, today=today),
        key=list(key_lines([week_labels(dates, today)])),
        page=page,
        stops=[stop_of(step, dates) for step in anchored(page.rows)],
        beside=beside,
        before_taking={step.about: together(of(step, steps), beside) for step in offers},
        undated=unasked(undated(steps), asking),
        ended=[step for step in steps if step.kind is Kind.OVER],
        past=[past_line(seat, dates) for seat in former],
        past_total=former.total,
    )


@blueprint.get("/past")
@signed_in
def past() -> Any:
    """Show everything that is over, the latest first."""
    session = database_session()
    page = page_of(session, past_chairs(me(), now=g.now), number=page_number(request.args.get("page")))
    dates = terms(session)
    return render_template("mine/past.html", page=page, past=[past_line(seat, dates) for seat in page])


def me() -> int:
    """Return who is signed in."""
    return actor().person_id or 0


def my_steps() -> list[Step]:
    """Return the steps of whoever is signed in, from every source."""
    session, sources = database_session(), current_app.extensions["step_sources"]
    return [step for source in sources for step in source.steps(session, me(), links=links(), now=g.now)]


def goings(page: Iterable[Step], offers: Iterable[Step], steps: Sequence[Step]) -> list[Going]:
    """Return where whoever is signed in is to be by what the page tells: of an offer, every date that it is for."""
    told = (*page, *(one for offer in offers for one in of(offer, steps)))
    return [step.going for step in told if step.going]


def of(step: Step, steps: Iterable[Step]) -> list[Step]:
    """Return every step of what one step is about."""
    return [one for one in steps if one.about == step.about]


def together(steps: Iterable[Step], beside: Mapping[int, Warnings]) -> Warnings:
    """Return what clashes with any of some steps."""
    found = [beside[step.going.event_id] for step in steps if step.going and step.going.event_id in beside]
    told = [one for some in found for one in some.told]
    return Warnings(tuple(told[:MOST_BESIDE]), len(told[MOST_BESIDE:]) + sum(some.more for some in found))


def unasked(steps: Iterable[Step], asking: Iterable[Step]) -> list[Step]:
    """Return what is not over, without what is only to be done and asked for already."""
    asked = {step.about for step in asking}
    return [
        step for step in steps if step.kind is not Kind.OVER and (step.kind is not Kind.DO or step.about not in asked)
    ]


def page_in(steps: Sequence[Step], *, number: int) -> Page[Step]:
    """Return one page of what has a date; past the end is the last page."""
    number = min(number, max(1, -(-len(steps) // SIZE)))
    return Page(steps[(number - 1) * SIZE : number * SIZE], number, SIZE, len(steps))


def ruler(steps: Sequence[Step], dates: TermDates, *, today: date) -> list[Mapping[str, Any]]:
    """Return eight weeks from this one as the term ruler shows them: a mark for every strand of one's own in it."""
    first = monday_of(today)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    places: dict[date, int] = {}
    strands: dict[date, set[str]] = {monday: set() for monday in mondays}
    for number, step in enumerate(steps):
        monday = monday_of_step(step, first)
        places.setdefault(monday, number)
        if monday in strands:
            strands[monday].add(step.strand)
    return [
        {
            "href": week_address(monday, places.get(monday)),
            "monday": monday,
            "current": monday == first,
            "strands": [strand.value for strand in Strand if strand.value in strands[monday]][:MOST_MARKS],
            "ends": [short_end(week) for week in week_labels(dates, monday)],
        }
        for monday in mondays
    ]


def monday_of_step(step: Step, first: date) -> date:
    """Return the Monday of the week a step is in; what has begun already is in this one."""
    return max(first, monday_of(london_day(step.starts_at))) if step.starts_at else first


def week_address(monday: date, place: int | None) -> str:
    """Return where a week is told: among one's own dates, or, where one has nothing, in What's on."""
    if place is None:
        return f"/?from={monday.isoformat()}"
    number = place // SIZE + 1
    here = url_for("mine.programme", page=number) if number > 1 else url_for("mine.programme")
    return f"{here}#w-{monday.isoformat()}"


def anchored(steps: Iterable[Step]) -> list[tuple[Step, str]]:
    """Return steps, the first of each week with the name by which the ruler leads there."""
    first, seen, found = monday_of(london_day(g.now)), set(), []
    for step in steps:
        name = f"w-{monday_of_step(step, first).isoformat()}"
        found.append((step, "" if name in seen else name))
        seen.add(name)
    return found


def stop_of(anchored_step: tuple[Step, str], dates: TermDates) -> dict[str, Any]:
    """Return one step as an entry of the agenda."""
    step, name = anchored_step
    labels = week_labels(dates, london_day(step.starts_at)) if step.starts_at else ()
    return {
        "id": name,
        "step": step,
        "start": step.starts_at,
        "end": step.ends_at,
        "when": "All day" if step.all_day else "",
        "weeks": ", ".join(week.label.short for week in labels if week.label.in_term),
        "title": step.title,
        "url": step.url,
        "strand": step.strand,
        "place": step.place,
        "place_end": step.place_end,
        "open": not step.is_settled,
    }


def past_line(seat: Seat, dates: TermDates) -> Mapping[str, Any]:
    """Return one thing that is over."""
    day = day_of(seat.event, dates)
    came = seat.attendance.value if seat.attendance is not Attendance.UNKNOWN else ""
    return {**day, "strand": seat.event.strand.value, "came": came, "manage": links().path(seat.registration)}
