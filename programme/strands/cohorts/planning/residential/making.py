"""Making a joint residential: a series of drafts, led by whoever plans it and shared with the rest of the award."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.engines.calendar.actions import series as series_verbs
from programme.engines.calendar.actions.series import SeriesDetails
from programme.engines.calendar.actions.values import Details, Plan
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import Audience, EventState, Visibility
from programme.engines.calendar.times import start_of_day, to_instant
from programme.flows.together.making import Wanted, make
from programme.people.permissions import may_create_for
from programme.people.states import Strand
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.locking import lock_cohort
from programme.strands.cohorts.models import Residential
from programme.strands.cohorts.planning.residential.patterns.places import way_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Cohort, FundingAward
    from programme.strands.cohorts.planning.residential.forms import WantedDay

NOT_YOURS = "You do not organise cohorts for a university of this award. Nothing is made."


@dataclass(frozen=True, slots=True)
class Wish:
    """A joint residential as it is to be: the Monday of its week, its title, its days."""

    monday: date
    title: str
    days: Sequence[WantedDay]


def plan_residential(
    session: Session, cohort_id: int, wanted: Wish, *, actor: Actor, now: datetime
) -> tuple[Series, list[Event]]:
    """Make the days as drafts of a series of their own, all or none; `withdrawing` undoes it.

    Raises Refusal where a series of that title is in that week already: a form that is sent twice makes one.
    """
    cohort = lock_cohort(session, cohort_id)
    lead_id = leader(cohort.award, actor)
    if lead_id is None:
        raise Refusal(NOT_YOURS)
    owners = [row.id for row in universities_of(cohort.award)]
    refuse_twice(session, wanted, owners=owners)
    told = SeriesDetails(title=wanted.title, strand=Strand.COHORTS, visibility=Visibility.MEMBERS)
    series = series_verbs.create(session, told, lead_id=lead_id, actor=actor, now=now)
    session.add(Residential(series_id=series.id, cohort_id=cohort.id, made_at=now))
    sharing = [one for one in owners if one != lead_id]
    if sharing:
        series_verbs.share(session, series.id, sharing, actor=actor, now=now)
    events = [wanted_event(cohort, one, title=wanted.title, series_id=series.id) for one in wanted.days]
    return series, make(session, series, events, shares=True, publishes=False, actor=actor, now=now)


def leader(award: FundingAward, actor: Actor) -> int | None:
    """Return the university for which somebody plans: the award's lead first, then those that share it; None for none.

    Whoever plans for a university that shares the award publishes and cancels what they made, and the lead shares it.
    """
    return next((row.id for row in universities_of(award) if may_create_for(actor, row.id, Strand.COHORTS)), None)


def refuse_twice(session: Session, wanted: Wish, *, owners: Sequence[int]) -> None:
    """Refuse a second series of one title in one week, whoever of the award made the first."""
    first = start_of_day(wanted.monday)
    there = (
        select(Event.id)
        .join(Series, Series.id == Event.series_id)
        .where(Series.title == wanted.title, Series.lead_organisation_id.in_(owners))
        .where(Event.starts_at >= first, Event.starts_at < first + timedelta(weeks=1))
        .where(Event.state != EventState.CANCELLED)
    )
    if session.scalar(there.limit(1)) is not None:
        sentence = "A series of that title is in this week already. Look at it under Series, or choose another title."
        raise Refusal(sentence, field="title")


def wanted_event(cohort: Cohort, one: WantedDay, *, title: str, series_id: int | None = None) -> Wanted:
    """Return a day as an event: for members of both universities to see, for the cohort to come to."""
    pattern = one.day.pattern
    details = Details(
        title=f"{title}: {one.what}",
        strand=Strand.COHORTS,
        visibility=Visibility.MEMBERS,
        audience=Audience.INVITED,
        audience_note=cohort.title,
        series_id=series_id,
    )
    plan = Plan(
        starts_at=to_instant(one.day.begins),
        ends_at=to_instant(one.day.ends),
        venue_id=one.venue_id,
        room=way_words(pattern.from_site, pattern.site) if pattern.is_travel else "",
        is_online=pattern.is_online,
    )
    return Wanted(details, plan)
