"""What moves dates: suspensions, extensions, days set by hand, exemptions; each granted, and some taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import (
    HAMZA,
    JUNIPER,
    LINNEA,
    NELL,
    ROWAN,
    TAMSIN,
    WREN,
    L,
    O,
    ago,
    at,
    calendar,
    milestone,
    record,
    there,
)
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.milestones.standing import Standing, Station, present_unit, standing
from programme.strands.cohorts.models import Extension, Milestone, Suspension
from programme.strands.cohorts.progress.moving import days, exempting, extending, suspending
from programme.strands.cohorts.progress.moving.suspending import Wanted
from programme.strands.cohorts.states import MilestoneState

if TYPE_CHECKING:
    from datetime import date, datetime

    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

M = MilestoneState
TERM_OF_REST, MONTHS_MORE = 4, 11
SOON, LATE = timedelta(weeks=3), timedelta(days=12)
FURTHER = timedelta(days=400)


def rest(stage: Stage) -> None:
    """One rested for two terms, one rests now, and one asks for a month by mistake."""
    linnea, hamza, juniper = (record(stage, who) for who in (LINNEA, HAMZA, JUNIPER))
    today = london_day(stage.now)
    first, present = linnea.entry_unit + TERM_OF_REST, present_unit(ground.book(stage, O).units, today)
    month = ground.book(stage, L).units.of_day(today) + 1
    asked = (
        (linnea.id, Wanted(first, 2, "Illness.", "GSO.17"), rested(stage), O),
        (hamza.id, Wanted(present, 2, "Parental leave.", "GSO.17"), ago(stage, weeks=3), O),
        (juniper.id, Wanted(month, 1, "Placement."), ago(stage, weeks=7), L),
    )
    for number, wanted, now, university in asked:
        suspending.suspend(stage.session, number, wanted, actor=ground.organiser(stage, university), now=now)


def rested(stage: Stage) -> datetime:
    """When the first of them fell ill."""
    return at(calendar(stage).years_ago(0, 1, 10))


def resting(stage: Stage, who: Somebody) -> Suspension:
    """Return somebody’s only suspension."""
    own, words = Suspension.candidature_id == record(stage, who).id, f"{who.name} is not suspended."
    return ground.only(stage, Suspension, own, words=words)


def come_back(stage: Stage) -> None:
    """The first was well after one term."""
    row = resting(stage, LINNEA)
    wanted = Wanted(row.first_unit, 1, row.reason, row.form)
    now = rested(stage) + timedelta(weeks=8)
    suspending.change(stage.session, row.candidature_id, row.id, wanted, actor=ground.organiser(stage, O), now=now)


def need_no_rest(stage: Stage) -> None:
    """A placement is no suspension."""
    row, now = resting(stage, JUNIPER), ago(stage, weeks=6.5)
    suspending.take_back(stage.session, row.candidature_id, row.id, actor=ground.organiser(stage), now=now)


def extend(stage: Stage) -> None:
    """One gets more time to submit; another one is granted a term and does not need it."""
    more = (
        (NELL, MONTHS_MORE, "The instrument was away for most of a year.", L, at(calendar(stage).years_ago(0, 11))),
        (HAMZA, 1, "Asked for before the leave.", O, ago(stage, weeks=5)),
    )
    for who, units, reason, university, now in more:
        told = {"actor": ground.organiser(stage, university), "now": now}
        number = milestone(stage, who, "submission").id
        extending.extend(stage.session, record(stage, who).id, number, units=units, reason=reason, **told)  # type: ignore[arg-type]


def need_no_more(stage: Stage) -> None:
    """The leave moves the day anyway."""
    row = record(stage, HAMZA)
    found = next(iter(row.extensions), None)
    if found is None:
        raise MissingError("Nobody has more time that is not needed.")
    told = {"actor": ground.organiser(stage, O), "now": ago(stage, weeks=3)}
    extending.take_back(stage.session, row.id, found.id, **told)  # type: ignore[arg-type]


def next_of(stage: Stage, who: Somebody, code: str) -> Milestone:
    """Return the next of what comes every year."""
    return milestone(stage, who, code, Milestone.state == M.OPEN)


def set_days(stage: Stage) -> None:
    """Departments set days: one is near, one was some days ago, and one was a slip."""
    today, year = london_day(stage.now), "The department asks for the reports of this year by then."
    wanted: tuple[tuple[Somebody, str, date, str], ...] = (
        (ROWAN, "panel", today + timedelta(days=8), "The panel meets again on that day."),
        (ROWAN, "report", today + SOON, year),
        (JUNIPER, "report", today - LATE, "Wanted before half of the placement is over."),
        (TAMSIN, "report", today + FURTHER, "A slip of the pen."),
    )
    for who, code, day, reason in wanted:
        told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=4)}
        number = next_of(stage, who, code).id
        days.set_day(stage.session, record(stage, who).id, number, day, reason=reason, **told)  # type: ignore[arg-type]


def reckon_again(stage: Stage) -> None:
    """What was a slip is reckoned again."""
    row = next_of(stage, TAMSIN, "report")
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=4)}
    days.reckon_again(stage.session, row.candidature_id, row.id, **told)  # type: ignore[arg-type]


def exempt(stage: Stage) -> None:
    """One took the course before; another one is exempted by mistake."""
    for who, code, reason, university in (
        (WREN, "integrity", "Took the same course as a master’s student (demo).", O),
        (TAMSIN, "portfolio", "Studies part time.", L),
    ):
        told = {"actor": ground.organiser(stage, university), "now": ago(stage, weeks=4)}
        number = next_of(stage, who, code).id
        exempting.exempt(stage.session, record(stage, who).id, number, reason=reason, **told)  # type: ignore[arg-type]


def ask_again(stage: Stage) -> None:
    """Whoever studies part time keeps a portfolio, too."""
    row = milestone(stage, TAMSIN, "portfolio", Milestone.state == M.EXEMPT)
    told = {"actor": ground.organiser(stage), "now": ago(stage, weeks=3)}
    exempting.ask_again(stage.session, row.candidature_id, row.id, **told)  # type: ignore[arg-type]


def stands(stage: Stage, who: Somebody, code: str) -> Standing:
    """Return how the next of what comes every year stands today."""
    row = next_of(stage, who, code)
    return standing(Station(row.state, row.unit, row.due_on), today=london_day(stage.now))


def is_moved(stage: Stage) -> bool:
    """Whether one term of rest moved confirmation by one term."""
    row = record(stage, LINNEA)
    return milestone(stage, LINNEA, "confirmation").unit == row.entry_unit + 9


RESTS = Chapter(
    "Some rest, and some get more time",
    (
        Step("Courses are suspended", rest),
        Step("A suspension is shortened", come_back),
        Step("A suspension is taken back", need_no_rest),
        Step("Milestones are extended", extend),
        Step("An extension is taken back", need_no_more),
    ),
    (
        Promise("one term of rest does not move confirmation by one term.", is_moved),
        Promise("nobody is suspended.", lambda stage: resting(stage, HAMZA)),
        Promise(
            "a placement is a suspension.",
            lambda stage: not there(stage, Suspension.candidature_id == record(stage, JUNIPER).id),
        ),
        Promise("nobody has more time.", lambda stage: record(stage, NELL).extensions),
        Promise(
            "an extension stands that nobody needs.",
            lambda stage: not there(stage, Extension.candidature_id == record(stage, HAMZA).id),
        ),
    ),
)
"""Told first, as whoever rests hands nothing in, and what gets more time is not over."""
CHAPTER = Chapter(
    "Dates are moved",
    (
        Step("Days are set by hand", set_days),
        Step("A day is reckoned again", reckon_again),
        Step("Two are exempted", exempt),
        Step("An exemption is taken back", ask_again),
    ),
    (
        Promise("nothing is late.", lambda stage: stands(stage, JUNIPER, "report") is Standing.OVERDUE),
        Promise("nothing is due soon.", lambda stage: stands(stage, ROWAN, "report") is Standing.DUE),
        Promise(
            "a slip of the pen stands.",
            lambda stage: (
                not there(stage, Milestone.candidature_id == record(stage, TAMSIN).id, Milestone.set_on.is_not(None))
            ),
        ),
        Promise(
            "nobody is exempt from a milestone.",
            lambda stage: milestone(stage, WREN, "integrity").state is M.EXEMPT,
        ),
        Promise(
            "somebody is exempt who should not be.",
            lambda stage: (
                not there(stage, Milestone.candidature_id == record(stage, TAMSIN).id, Milestone.state == M.EXEMPT)
            ),
        ),
        Promise(
            "the date of every milestone is known.",
            lambda stage: milestone(stage, WREN, "submission").due_on is None,
        ),
    ),
)
