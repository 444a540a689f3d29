"""The planning page of a cohort: an academic year, both universities' weeks, and what there is to think about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.web.lists import one_of
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.term_weeks.weeks import academic_year
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.flows.warning.reading import days_known
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.planning import queries
from programme.strands.cohorts.planning.finding import concerns
from programme.strands.cohorts.planning.residential.making import leader
from programme.strands.cohorts.planning.residential.template import monday_of
from programme.strands.cohorts.planning.year import fill, mondays_of, months_of, span_of, weeks_of
from programme.strands.cohorts.progress.lacking import lack_of
from programme.strands.cohorts.rights import award_scope
from programme.strands.cohorts.rulebooks.queries import books

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from programme.strands.cohorts.planning.finding import Concern
    from programme.strands.cohorts.planning.year import PlannedEvent, PlannedMonth, PlannedWeek
    from programme.strands.cohorts.progress.lacking import Lack

blueprint = Blueprint("cohort_planning", __name__, url_prefix="/organise/cohorts/<id:cohort_id>")
MOST_YEARS = 8
MOST_FIRST = 10


@blueprint.get("/planning")
@needs(Verb.SEE_PEOPLE, of_cohort)
def planning(cohort_id: int) -> Any:
    """Show an academic year of a cohort."""
    session, today = database_session(), london_day(g.now)
    cohort = session.get_one(Cohort, cohort_id)
    years = years_of(cohort, today)
    year = int(
        one_of(request.args.get("year", ""), [str(one) for one in years], label="year") or this_year(years, today)
    )
    mondays = mondays_of(year)
    months, is_cut = months_shown(cohort, mondays)
    loud = loudest(months)
    return render_template(
        "cohorts/planning/year.html",
        cohort=cohort,
        year=year,
        years=years,
        months=months,
        is_cut=is_cut,
        loud=loud[:MOST_FIRST],
        more_loud=len(loud[MOST_FIRST:]),
        universities=universities_of(cohort),
        ends={it.name: it.end for it in months[0].terms},
        most=queries.MOST_EVENTS,
        current=monday_of(today),
        lacks=lacks_of(cohort_id),
        may_make=leader(cohort.award, actor()) is not None,
        residentials=queries.residentials(session, cohort.id),
        is_provisional=any(
            label.label.is_provisional for month in months for week in month.weeks for label in week.labels
        ),
    )


def years_of(cohort: Cohort, today: date) -> list[int]:
    """Return the academic years that one may choose: from the entry on, and as long as the present one is not over."""
    last = max(cohort.entry_year + MOST_YEARS, academic_year(today) + 1)
    return list(range(cohort.entry_year, last))


def this_year(years: Sequence[int], today: date) -> int:
    """Return the present year, or the first that there is."""
    return max(years[0], academic_year(today))


def months_shown(cohort: Cohort, mondays: Sequence[date]) -> tuple[list[PlannedMonth], bool]:
    """Return the months of a year with all that is in them, and whether there is more than a page holds."""
    session, who = database_session(), actor()
    universities = universities_of(cohort)
    first, last = span_of(mondays)
    scope = award_scope(cohort.award)
    found = queries.events_of_year(session, cohort, scope, actor=who, first=first, last=last)
    events = found[: queries.MOST_EVENTS]
    due = queries.due_counts(session, cohort.id, first=mondays[0], last=london_day(last))
    due = [one for one in due if one.day < london_day(last)]
    dates = terms(session)
    weeks = weeks_of(mondays, dates, days_known(session), universities=universities)
    told = concerns(session, events, due, universities=universities, actor=who, now=g.now)
    fill(weeks, events, due, told, actor=who)
    return months_of(weeks.values(), dates, universities=universities), len(found) > len(events)


def universities_of(cohort: Cohort) -> list[str]:
    """Return the names of the universities that run a cohort, in their order."""
    award = cohort.award
    rows = sorted({award.lead_organisation, *award.co_owners}, key=lambda row: row.position)
    return [row.short_name for row in rows]


def lacks_of(cohort_id: int) -> list[Lack]:
    """Return of which terms no dates are known in which milestones of the cohort fall."""
    session = database_session()
    undated = queries.undated(session, cohort_id)
    known = books(session) if undated else {}
    found = [lack_of(known.get(home), units, actor=actor()) for home, units in sorted(undated.items())]
    return [one for one in found if one]


def loudest(months: Sequence[PlannedMonth]) -> list[tuple[PlannedWeek, PlannedEvent, list[Concern]]]:
    """Return the events of which something is told loudly, each once with all of it, in the order of time."""
    weeks = [week for month in months for week in month.weeks]
    found = [(week, event, [one for one in event.concerns if one.kind]) for week in weeks for event in week.events]
    return [(week, event, several) for week, event, several in found if several]
