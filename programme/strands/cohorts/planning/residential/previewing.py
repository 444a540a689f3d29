"""A joint residential before it is made: each day with both universities' weeks, and what there is to think about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import clock_time
from programme.engines.calendar.models import Venue
from programme.engines.calendar.naming import SITES
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day, nearest_instant
from programme.engines.calendar.travel.queries import ways
from programme.flows.warning.finding import warnings
from programme.flows.warning.reading import planned, scheduled
from programme.strands.cohorts.planning import queries
from programme.strands.cohorts.planning.finding import (
    Concern,
    concern_of,
    concerns_cohort,
    due_concern,
    key_days,
    of_event,
    of_week,
)
from programme.strands.cohorts.planning.residential.making import wanted_event
from programme.strands.cohorts.planning.residential.patterns.places import place_words
from programme.strands.cohorts.planning.residential.travelling import long_day, short_leg
from programme.strands.cohorts.planning.thinking import between_events, on_due_days
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.clashes.ways import Ways
    from programme.engines.calendar.term_weeks.term_dates import UniversityWeek
    from programme.engines.calendar.warnings.values import Scheduled
    from programme.flows.together.making import Wanted
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Cohort
    from programme.strands.cohorts.planning.residential.forms import WantedDay
    from programme.strands.cohorts.planning.residential.travelling import LongDay

HOME_SITES = {"liverpool": "LIV", "oxford": "OXF"}
"""The site of a university, by its end of the corridor; one that is at neither is reckoned from nowhere."""
NO_PLACE = Concern(
    kind="wait",
    head="No venue yet",
    sentence="Nobody can be warned of the way to it, or of the room.",
    step="Choose a venue, or add it to the draft later.",
)
LONG_DAY_STEP = "Let people join online, begin later, or add a night."
SHORT_LEG, SHORT_LEG_STEP = "Too little time for the way", "Leave earlier, or arrive later."
NEXT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """One day as it would be made; what is told once of the week stands with its first."""

    wanted: Wanted
    weeks: tuple[UniversityWeek, ...]
    place: str
    stays_overnight: bool
    concerns: list[Concern]


def preview_of(
    session: Session, cohort: Cohort, title: str, days: Sequence[WantedDay], *, actor: Actor
) -> list[PreviewDay]:
    """Return what would be made, in order, in a number of statements that does not grow."""
    events = [wanted_event(cohort, one, title=title) for one in days]
    places = venues(session, days)
    asked = [planned(session, one.plan, one.details, event_id=-number) for number, one in enumerate(events, start=1)]
    told, dates = concerns_of(session, cohort, days, asked, actor=actor), terms(session)
    names = names_of(cohort)
    once = of_week(told.values())
    return [
        PreviewDay(
            event,
            tuple(week for week in week_labels(dates, one.day.begins.date()) if week.name in names),
            place_words(one.day.pattern, places[one.venue_id].name if one.venue_id else None),
            one.day.pattern.stays_overnight,
            of_event(told[-number]) + (once if number == 1 else []),
        )
        for number, (one, event) in enumerate(zip(days, events, strict=True), start=1)
    ]


def venues(session: Session, days: Sequence[WantedDay]) -> dict[int, Venue]:
    """Return the venues of the days: one statement."""
    wanted = {one.venue_id for one in days if one.venue_id}
    return {row.id: row for row in session.scalars(select(Venue).where(Venue.id.in_(wanted)))} if wanted else {}


def names_of(cohort: Cohort) -> set[str]:
    """Return the names of the universities that run a cohort."""
    award = cohort.award
    return {award.lead_organisation.short_name, *(row.short_name for row in award.co_owners)}


def concerns_of(
    session: Session, cohort: Cohort, days: Sequence[WantedDay], asked: list[Scheduled], *, actor: Actor
) -> dict[int, list[Concern]]:
    """Return what to think about, by the ids of the days, which are below zero."""
    known, found = ways(session), {one.stay.event_id: list[Concern]() for one in asked}
    first, last = asked[0].stay.starts_at - NEXT, asked[-1].stay.ends_at + NEXT
    near = queries.events_of_year(session, cohort, award_scope(cohort.award), actor=actor, first=first, last=last)
    for warned in between_events([*asked, *(scheduled(one) for one in near)], known):
        for mine in (warned.event, warned.other):
            if mine is not None and mine.stay.event_id in found:
                found[mine.stay.event_id].append(concern_of(warned))
                break
    ids = {one.id for one in near} | found.keys()
    for number, several in warnings(session, asked, actor=actor).items():
        found[number] += [concern_of(one) for one in several if concerns_cohort(one, ids, names_of(cohort))]
    due = queries.due_counts(session, cohort.id, first=london_day(first), last=london_day(last))
    for day in on_due_days(asked, key_days(due)):
        found[day.event_id].append(due_concern(day))
    for number, concern in of_ways(cohort, days, asked, known):
        found[number].append(concern)
    return found


def of_ways(
    cohort: Cohort, days: Sequence[WantedDay], asked: Sequence[Scheduled], known: Ways
) -> Iterator[tuple[int, Concern]]:
    """Give each day that is too long for those who come from the other city, and each without a place."""
    award = cohort.award
    ends = [row.end.value for row in (award.lead_organisation, *award.co_owners) if row.end]
    homes = [HOME_SITES[end] for end in ends if end in HOME_SITES]
    nights = {one.day.begins.date() + NEXT for one in days if one.day.pattern.stays_overnight}
    for one, event in zip(days, asked, strict=True):
        part = one.day.pattern
        short = short_leg(part, known)
        if short:
            yield event.stay.event_id, Concern("wait", SHORT_LEG, short, SHORT_LEG_STEP)
        if part.is_online or part.is_travel:
            continue
        if one.venue_id is None:
            yield event.stay.event_id, NO_PLACE
        sleeps = one.day.begins.date() in nights
        for site in homes:
            found = long_day(
                one.day, at=event.stay.site or part.site, comes_from=site, ways=known, sleeps_before=sleeps
            )
            if found:
                yield event.stay.event_id, way_concern(found)


def way_concern(found: LongDay) -> Concern:
    """Say that one leaves too early, or is back too late."""
    where = SITES[found.site]
    parts = [
        f"leaves at {clock_of(found.leaves)}" if found.leaves else "",
        f"is back at {clock_of(found.back)}" if found.back else "",
    ]
    sentence = f"Whoever comes from {where} {' and '.join(filter(None, parts))}."
    return Concern(kind="wait", head=f"A long day from {where}", sentence=sentence, step=LONG_DAY_STEP)


def clock_of(wall: datetime) -> str:
    """Say a London wall time."""
    return clock_time(nearest_instant(wall))
