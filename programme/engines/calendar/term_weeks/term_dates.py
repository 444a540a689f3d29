"""The terms that organisers entered, and what week a day is at each university."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, select

from programme.engines.calendar.models import AcademicPeriod
from programme.engines.calendar.states import PeriodKind
from programme.engines.calendar.term_weeks.weeks import DateStatus, Numbering, Term, WeekLabel, label_for
from programme.people.models import End, Organisation, OrganisationKind

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.states import PeriodStatus


@dataclass(frozen=True, slots=True)
class University:
    """One university and its terms."""

    slug: str
    name: str
    end: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class TermDates:
    """Every university's terms, in the order in which universities are named; itself the key of what is reckoned."""

    universities: tuple[University, ...]


@dataclass(frozen=True, slots=True)
class UniversityWeek:
    """The week of a day at one university; `end` is its end of the corridor."""

    slug: str
    name: str
    end: str
    label: WeekLabel


class PeriodRow(NamedTuple):
    """A university beside one of its teaching periods, or beside nothing (`label` None)."""

    slug: str
    name: str
    end: End | None
    label: str | None
    code: str
    numbering: str
    first_day: date
    first_number: int
    weeks: int
    weeks_before: int
    weeks_after: int
    status: PeriodStatus


def terms(session: Session) -> TermDates:
    """Return the terms of all universities: one query; unchanged rows give the same object."""
    return term_dates(tuple(PeriodRow(*row) for row in session.execute(every_period())))


@cache
def every_period() -> Select[Any]:
    """Return the statement behind `terms`: built once, as building it costs more than running it."""
    period = AcademicPeriod
    is_term = and_(period.organisation_id == Organisation.id, period.kind == PeriodKind.TEACHING)
    return (
        select(Organisation.slug, Organisation.short_name, Organisation.end)
        .add_columns(period.label, period.code, period.numbering, period.first_day, period.first_number)
        .add_columns(period.weeks, period.weeks_before, period.weeks_after, period.status)
        .join(period, is_term, isouter=True)
        .where(Organisation.kind == OrganisationKind.UNIVERSITY)
        .order_by(Organisation.position, Organisation.id, period.first_day, period.id)
    )


@lru_cache(maxsize=4096)
def week_labels(dates: TermDates, day: date) -> tuple[UniversityWeek, ...]:
    """Say the week of a London day at every university, in order; "dates not confirmed" where none were entered."""
    return tuple(
        UniversityWeek(place.slug, place.name, place.end, label_for(day, place.terms)) for place in dates.universities
    )


@lru_cache(maxsize=8)
def term_dates(rows: tuple[PeriodRow, ...]) -> TermDates:
    """Gather rows, which come university by university, into terms."""
    places = [(key, list(found)) for key, found in groupby(rows, key=lambda row: (row.slug, row.name, row.end))]
    return TermDates(
        tuple(
            University(slug, name, end.value if end else "", tuple(term_of(row) for row in found if row.label))
            for (slug, name, end), found in places
        )
    )


def term_of(row: PeriodRow) -> Term:
    """Return one teaching period as a term."""
    return Term(
        organisation=row.slug,
        label=row.label or "",
        short=row.code,
        numbering=Numbering(row.numbering),
        first_week=row.first_day,
        weeks=row.weeks,
        status=DateStatus(row.status.value),
        first_number=row.first_number,
        weeks_before=row.weeks_before,
        weeks_after=row.weeks_after,
    )
