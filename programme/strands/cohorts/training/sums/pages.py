"""The training of a cohort: one line a researcher, against the target of a year; the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core import audit
from programme.core.web.downloads import csv_bytes, download
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.models import Person
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Candidature, Cohort
from programme.strands.cohorts.queries import COHORT
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.states import UNDER_WAY
from programme.strands.cohorts.training import summing
from programme.strands.cohorts.training.record.drafting import drafts
from programme.strands.cohorts.training.record.queries import entries, lines, target_of
from programme.strands.cohorts.training.record.shown import WIDTH, Bar, bar_of
from programme.strands.cohorts.training.words import ITEMS, UNITS, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.training.summing import Line, Sums, Target, Year

blueprint = Blueprint("cohort_training", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/training")
PEOPLE_A_PAGE, MOST_IN_FILE, YEARS_SHOWN = 50, 1_000, 6


@dataclass(frozen=True, slots=True)
class Whose:
    """One researcher's training in a year, and what they lack of what everybody needs."""

    row: Candidature
    sums: Sums
    bar: Bar
    missing: Sequence[str]

    @property
    def name(self) -> str:
        """Whose it is."""
        person = self.row.person
        return (person.name or person.address) if person else ""


def people(cohort_id: int) -> Select[Candidature]:
    """Select the researchers of a cohort who are under way, by name."""
    own = select(Candidature).join(Candidature.person).where(Candidature.cohort_id == cohort_id)
    living = own.where(Candidature.state.in_(UNDER_WAY)).order_by(Person.name, Candidature.id)
    return living.options(joinedload(Candidature.person), joinedload(Candidature.home))


def sums(session: Session, rows: Sequence[Candidature], year: Year, target: Target) -> list[Whose]:
    """Return what the year comes to for some researchers, in a number of statements that does not grow."""
    ids = [row.id for row in rows]
    kept: dict[int, list[Any]] = {one: [] for one in ids}
    for entry in entries(session, ids):
        kept[entry.candidature_id].append(entry)
    came = drafts(session, ids)
    return [whose(row, lines(kept[row.id], came[row.id]), year, target) for row in rows]


def whose(row: Candidature, found: list[Line], year: Year, target: Target) -> Whose:
    """Return one researcher's line."""
    total = summing.summed(found, year, target)
    return Whose(row, total, bar_of(total, target), [ITEMS[item] for item in summing.missing(found)])


def years(cohort: Cohort, *, today: date) -> list[Year]:
    """Return the years of a cohort until now, the latest first."""
    first, now = summing.year_of(cohort.entry_on).first.year, summing.year_of(today).first.year
    return [summing.year_from(begins) for begins in range(max(first, now), max(first, now - YEARS_SHOWN) - 1, -1)]


def year_asked(cohort: Cohort) -> tuple[Year, list[Year]]:
    """Return the year of the address, or the latest, and those there are."""
    known = years(cohort, today=london_day(g.now))
    wanted = one_of(request.args.get("year", ""), [str(one.first.year) for one in known], label="year")
    return next((one for one in known if str(one.first.year) == wanted), known[0]), known


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_cohort)
def page(cohort_id: int) -> Any:
    """Show everybody against the target; that somebody looked is noted."""
    session = database_session()
    cohort = session.get_one(Cohort, cohort_id)
    (year, known), target = year_asked(cohort), target_of(cohort.award)
    found = page_of(session, people(cohort_id), number=page_number(request.args.get("page")), size=PEOPLE_A_PAGE)
    note_researchers(found, actor(), verb="looked at the training of a cohort", now=g.now)
    return render_template(
        "cohorts/training/sums.html",
        cohort=cohort,
        page=found,
        sums=sums(session, found.rows, year, target),
        year=year,
        years=known,
        target=target,
        unit=UNITS[target.unit],
        number=number,
        width=WIDTH,
    )


@blueprint.post("/file")
@needs(Verb.EXPORT, of_cohort)
def as_file(cohort_id: int) -> Any:
    """Give the same as a file; that it was taken out is noted."""
    session = database_session()
    cohort = session.get_one(Cohort, cohort_id)
    (year, _), target = year_asked(cohort), target_of(cohort.award)
    rows = session.scalars(people(cohort_id).limit(MOST_IN_FILE)).all()
    told = [
        (
            one.name,
            one.row.home.short_name,
            number(one.sums.agreed),
            number(one.sums.waiting),
            str(target.amount),
            "; ".join(one.missing),
        )
        for one in sums(session, rows, year, target)
    ]
    audit.record(
        session,
        person_id=actor().person_id,
        verb="downloaded the training of a cohort",
        subject=(COHORT, cohort.id),
        now=g.now,
        organisation_id=cohort.award.lead_organisation_id,
        after={"year": year.name},
    )
    session.commit()
    many = f"{UNITS[target.unit]}s"
    head = ("Researcher", "Home", f"Assented to, {many}", f"Waiting, {many}", f"Target, {many}", "Missing")
    title = f"{cohort.title} training {year.first.year}-{year.last.year}"
    return download(csv_bytes(head, told), title=title, ending="csv", media_type="text/csv")
