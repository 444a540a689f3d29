"""Who came in: five from a spreadsheet, six by hand, in three years; where each of them stands since then."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import (
    COSMO,
    HAMZA,
    ISAURA,
    JUNIPER,
    LINNEA,
    NELL,
    PIRAN,
    ROWAN,
    SORREL,
    TAMSIN,
    WREN,
    L,
    O,
    at,
    calendar,
    record,
    there,
)
from programme.demo.doctoral.steps import Chapter, MissingError, Promise, Step
from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.candidatures import actions, moving
from programme.strands.cohorts.candidatures.details import Details, details_of
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.incoming.columns import TEMPLATE
from programme.strands.cohorts.incoming.plan import plan
from programme.strands.cohorts.models import Candidature, CohortSheet, StudyRate
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage

C = CandidatureState
SHEET, WRONG_SHEET = "Corridor researchers.csv", "Corridor researchers (old).csv"
PROJECT = "Batteries that age in the open (demo)"
HALF = 50
FOUR_YEARS, YEARS = 4, 3


class Entered(NamedTuple):
    """How somebody entered: so many years before the latest, at which home, on what."""

    who: Somebody
    years: int
    home: str
    department: str
    project: str
    month: int = 10
    college: str = ""
    rate: int = 100
    has_visa: bool = False

    @property
    def partner(self) -> str:
        """The other university."""
        return O if self.home == L else L


FROM_A_SHEET = (
    Entered(NELL, 3, L, "Chemistry", "Catalysts from river mud (demo)", month=2),
    Entered(ISAURA, 4, L, "Physics", "Beams through old glass (demo)"),
    Entered(PIRAN, 4, L, "Materials", "Ropes that remember (demo)"),
    Entered(COSMO, 4, O, "Materials", "Heat in thin magnets (demo)", college="Demo College"),
    Entered(SORREL, 4, O, "Chemistry", "Dyes that mend themselves (demo)", college="Demo College"),
)
BY_HAND = (
    Entered(ROWAN, 2, L, "Chemistry", "Moss on Mersey stone (demo)"),
    Entered(JUNIPER, 2, L, "Physics", "Noise in single-photon detectors (demo)"),
    Entered(LINNEA, 2, O, "Materials", "Membranes for tidal water (demo)", college="Example Hall", has_visa=True),
    Entered(HAMZA, 2, O, "Chemistry", "Glass that weeps (demo)", college="Demo College"),
    Entered(TAMSIN, 0, L, "Chemistry", "Pigments seen by neutrons (demo)"),
    Entered(WREN, 0, O, "Physics", "Batteries (demo)", college="Example Hall", rate=HALF),
)
STOOD: tuple[tuple[Somebody, tuple[tuple[CandidatureState, int, int, int], ...]], ...] = (
    (ISAURA, ((C.WRITING_UP, 1, 10, 1), (C.SUBMITTED, 0, 1, 12), (C.COMPLETED, 0, 3, 30))),
    (SORREL, ((C.WRITING_UP, 1, 10, 1), (C.SUBMITTED, 0, 1, 20), (C.COMPLETED, 0, 4, 20))),
    (COSMO, ((C.WRITING_UP, 0, 1, 10), (C.SUBMITTED, 0, 6, 10))),
    (PIRAN, ((C.WITHDRAWN, 1, 3, 1),)),
)
"""Where people stood, each with the years before the latest entry, the month and the day since which they did."""
LATELY: tuple[tuple[Somebody, CandidatureState, int], ...] = (
    (COSMO, C.WRITING_UP, 16),
    (NELL, C.WRITING_UP, 8),
    (JUNIPER, C.PLACEMENT, 6),
    (COSMO, C.SUBMITTED, 5),
    (HAMZA, C.LEAVE, 2),
)
"""Where people stand since so many weeks: corrections after a viva lead back to writing up."""
WHY = {PIRAN: "Took up a post in industry (demo).", HAMZA: "Parental leave."}


def registered(stage: Stage, one: Entered) -> date:
    """Return the day on which somebody registered."""
    return calendar(stage).years_ago(one.years, one.month)


def sheet(stage: Stage) -> bytes:
    """Return the spreadsheet that a department keeps."""
    table = io.StringIO()
    lines = csv.writer(table)
    lines.writerow(TEMPLATE)
    for one in FROM_A_SHEET:
        begins = registered(stage, one)
        home, partner = (stage.organisations[slug].name for slug in (one.home, one.partner))
        plain = (one.who.name, one.who.address, home, partner, one.department, one.college, one.project)
        until = begins.replace(year=begins.year + FOUR_YEARS)
        lines.writerow((*plain, "Full time", "", begins.isoformat(), "", until.isoformat(), "", "no", "active"))
    return table.getvalue().encode("utf-8")


def keep_sheet(stage: Stage) -> None:
    """Liverpool uploads the spreadsheet, and an old one first."""
    for name in (WRONG_SHEET, SHEET):
        carrying_out.keep(
            stage.session,
            ground.cohort(stage).id,
            filename=name,
            data=sheet(stage),
            actor=ground.organiser(stage),
            now=at(calendar(stage).years_ago(2, 9)),
        )


def waiting(stage: Stage, name: str) -> CohortSheet:
    """Return a spreadsheet that waits to be looked at."""
    found = stage.session.scalars(select(CohortSheet).where(CohortSheet.filename == name)).first()
    if found is None:
        raise MissingError(f"“{name}” was not uploaded.")
    return found


def throw_away(stage: Stage) -> None:
    """The old one is thrown away."""
    carrying_out.throw_away(stage.session, ground.cohort(stage).id, waiting(stage, WRONG_SHEET).id)


def bring_in(stage: Stage) -> None:
    """What the preview shows is confirmed."""
    row, cohort = waiting(stage, SHEET), ground.cohort(stage)
    when = at(calendar(stage).years_ago(2, 9, 2))
    seen = plan(stage.session, cohort, row.rows, today=london_day(when)).mark
    carrying_out.bring_in(stage.session, cohort.id, row.id, seen=seen, actor=ground.organiser(stage), now=when)


def add(stage: Stage) -> None:
    """Researchers of two more years are added by hand, before they begin."""
    for one in BY_HAND:
        begins = registered(stage, one)
        wanted = Details(
            home_id=stage.organisations[one.home].id,
            partner_id=stage.organisations[one.partner].id,
            registered_on=begins,
            department=one.department,
            college=one.college,
            project=one.project,
            rate=one.rate,
            funded_until=begins.replace(year=begins.year + FOUR_YEARS),
            has_sponsored_visa=one.has_visa,
        )
        actions.add(
            stage.session,
            ground.cohort(stage).id,
            wanted,
            address=one.who.address,
            name=one.who.name,
            actor=ground.organiser(stage),
            now=at(begins - timedelta(days=20)),
        )


def edit(stage: Stage) -> None:
    """A project gets its title."""
    row = record(stage, WREN)
    wanted = replace(details_of(row, ground.book(stage, people.OXFORD)), project=PROJECT)
    actions.edit(stage.session, row.id, wanted, actor=ground.organiser(stage), now=at(row.registered_on))


def move_on(stage: Stage) -> None:
    """They begin; some go on placement, on leave, write up, submit, complete, and one withdraws."""
    moves = [(one.who, C.ACTIVE, registered(stage, one)) for one in BY_HAND]
    moves += [(who, to, calendar(stage).years_ago(*when)) for who, stood in STOOD for to, *when in stood]
    moves += [(who, to, london_day(ground.ago(stage, weeks=weeks))) for who, to, weeks in LATELY]
    for who, target, day in moves:
        row = record(stage, who)
        if row.state is target:
            continue
        reason = WHY.get(who, "")
        now = min(at(day), stage.now)
        moving.move_on(
            stage.session, row.id, target, on=day, reason=reason, actor=ground.organiser(stage, home(who)), now=now
        )


def home(who: Somebody) -> str:
    """Return the slug of somebody’s home university."""
    return next(one.home for one in (*FROM_A_SHEET, *BY_HAND) if one.who is who)


def change_mode(stage: Stage) -> None:
    """One researcher studies part time from her third month on."""
    row = record(stage, TAMSIN)
    from_unit = ground.book(stage, L).units.name(row.entry_unit + 2)
    why = "Looks after a parent."
    told = {"actor": ground.organiser(stage), "now": at(row.registered_on + timedelta(weeks=6))}
    moving.change_mode(stage.session, row.id, from_unit=from_unit, per_cent=HALF, reason=why, **told)  # type: ignore[arg-type]


def years_of_study(stage: Stage) -> int:
    """Return in how many academic years those entered who have begun."""
    begun = select(Candidature.registered_on).where(Candidature.state != C.ADMITTED)
    return len({academic_year(day) for day in stage.session.scalars(begun)})


CHAPTER = Chapter(
    "Researchers come into the cohort",
    (
        Step("Spreadsheets are uploaded", keep_sheet),
        Step("The old one is thrown away", throw_away),
        Step("The other one is brought in", bring_in),
        Step("Researchers are added by hand", add),
        Step("A project gets its title", edit),
        Step("They go on: begun, on placement, on leave, writing up, submitted, completed, withdrawn", move_on),
        Step("One of them studies part time from then on", change_mode),
    ),
    (
        Promise("a spreadsheet still waits.", lambda stage: not there(stage, CohortSheet.id > 0)),
        Promise("nobody’s project was corrected.", lambda stage: there(stage, Candidature.project == PROJECT)),
        Promise(
            "nobody stands somewhere.",
            lambda stage: {*stage.session.scalars(select(Candidature.state))} >= {*C} - {C.ADMITTED},
        ),
        Promise(
            "nobody changed to part time.",
            lambda stage: there(
                stage, StudyRate.candidature_id == record(stage, TAMSIN).id, StudyRate.per_cent == HALF
            ),
        ),
        Promise("they are not in three years of study.", lambda stage: years_of_study(stage) == YEARS),
        Promise("nobody’s visa is sponsored.", lambda stage: there(stage, Candidature.has_sponsored_visa.is_(True))),
        Promise("nobody is a member of a college.", lambda stage: there(stage, Candidature.college != "")),
    ),
)
