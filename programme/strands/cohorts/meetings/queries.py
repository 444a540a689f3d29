"""Named reads of supervision meetings: those of a record, and how years of meetings stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.term_weeks.term_dates import terms
from programme.strands.cohorts.meetings.counting import MeetingRule, Met, Studied, year_of
from programme.strands.cohorts.meetings.periods import Periods
from programme.strands.cohorts.milestones.units import Counting, Named, Units, units_of_terms
from programme.strands.cohorts.models import Candidature, SupervisionMeeting
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.states import STUDYING, CandidatureState, MeetingState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.meetings.counting import Year
    from programme.strands.cohorts.models import Rulebook
    from programme.strands.cohorts.rulebooks.queries import Book


def meetings(candidature_id: int) -> Select[SupervisionMeeting]:
    """Return the meetings of a record, the latest first."""
    own = select(SupervisionMeeting).where(SupervisionMeeting.candidature_id == candidature_id)
    return own.order_by(SupervisionMeeting.met_on.desc(), SupervisionMeeting.id)


def researchers(cohort_id: int) -> Select[Candidature]:
    """Return the records of a cohort with what their meetings are counted by, the home universities in order."""
    loaded = (
        joinedload(Candidature.person),
        joinedload(Candidature.home),
        selectinload(Candidature.rates),
        selectinload(Candidature.suspensions),
        selectinload(Candidature.extensions),
    )
    own = select(Candidature).where(Candidature.cohort_id == cohort_id, Candidature.state.in_(STUDYING))
    return own.options(*loaded).order_by(Candidature.home_organisation_id, Candidature.id)


def years(session: Session, rows: Sequence[Candidature], *, today: date) -> Mapping[int, Year]:
    """Return the present year of meetings of each record whose university has a rulebook.

    In a number of statements that does not grow, where `rows` have their rates, suspensions and extensions loaded.
    """
    known, met = books(session), met_by(session, [row.id for row in rows])
    counted = {number: (rule_of(book.row), periods_of(session, book)) for number, book in known.items()}
    found = {}
    for row in rows:
        book = known.get(row.home_organisation_id)
        if book is not None:
            rule, periods = counted[row.home_organisation_id]
            found[row.id] = year_of(rule, periods, studied(row, book), met[row.id], today=today)
    return found


def met_by(session: Session, ids: Collection[int]) -> dict[int, list[Met]]:
    """Return the meetings that records have, but for those that were refused, in one statement."""
    found: dict[int, list[Met]] = {one: [] for one in ids}
    columns = select(SupervisionMeeting.candidature_id, SupervisionMeeting.met_on, SupervisionMeeting.state)
    wanted = columns.where(
        SupervisionMeeting.candidature_id.in_(found), SupervisionMeeting.state != MeetingState.REFUSED
    )
    for number, day, state in session.execute(wanted) if found else ():
        found[number].append(Met(day, is_agreed=state is MeetingState.AGREED))
    return found


def rule_of(row: Rulebook) -> MeetingRule:
    """Return what a rulebook asks of meetings."""
    return MeetingRule(row.meetings_every_full, row.meetings_every_part, row.meetings_year_month)


def periods_of(session: Session, book: Book) -> Periods:
    """Return the months or terms in which a rulebook counts meetings."""
    if book.row.meetings_counting is book.units.counting:
        return Periods(book.units)
    if book.row.meetings_counting is Counting.MONTHS or not book.row.terms:
        return Periods(Units(Counting.MONTHS))
    named = tuple(Named(term.name, term.code, term.years_later) for term in book.row.terms)
    slug = book.row.organisation.slug
    dates = [one for university in terms(session).universities if university.slug == slug for one in university.terms]
    return Periods(units_of_terms(named, dates))


def studied(row: Candidature, book: Book) -> Studied:
    """Return a course as counting reads it; it is over where somebody submitted, completed or withdrew."""
    goes_on = row.state in STUDYING or row.state is CandidatureState.ADMITTED
    return Studied(course_of(row), Periods(book.units), row.registered_on, None if goes_on else row.state_since)
