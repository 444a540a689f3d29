"""What a cohort has in a year: events that its organisers may see, and how many milestones are due on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.conditions import within
from programme.engines.calendar.sight import run_by, visible_to
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening, OpeningEvent
from programme.engines.registration.states import Eligibility
from programme.flows.warning.people import run_by as opened_by
from programme.people.groups.models import Group
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, Milestone, MilestoneRule, Residential
from programme.strands.cohorts.queries import COHORT
from programme.strands.cohorts.states import UNDER_WAY, UNREACHED, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor, Scope
    from programme.strands.cohorts.models import Cohort

MOST_EVENTS = 400
LOADED = (
    joinedload(Event.venue),
    joinedload(Event.series),
    selectinload(Event.contributions),
    selectinload(Event.co_owners),
    defer(Event.description),
)


class DueCount(NamedTuple):
    """So many researchers of a cohort have a milestone due on a day, and so many of them have reached it."""

    day: date
    title: str
    is_key: bool
    people: int
    done: int


def events_of_year(
    session: Session, cohort: Cohort, scope: Scope, *, actor: Actor, first: datetime, last: datetime
) -> Sequence[Event]:
    """Return the events of a cohort between two instants, one more than `MOST_EVENTS` where there are more.

    That is what its award's organisers run in the strand and is not for another cohort alone, and whatever is open to
    the cohort as a group; of both, only what `actor` may see. What is cancelled, or has no date, is left out.
    """
    own = admitting(actor, Group.owner_id == cohort.id)
    others = admitting(actor, Group.owner_id != cohort.id)
    running = and_(Event.strand == Strand.COHORTS, run_by({scope.lead} | scope.co_owners))
    statement = (
        select(Event)
        .where(within(first, last), Event.state != EventState.CANCELLED, Event.date_is_known, visible_to(actor))
        .where(or_(own, and_(running, ~others)))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_EVENTS + 1)
    )
    return session.scalars(statement.options(*LOADED)).all()


def admitting(actor: Actor, whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an opening that the actor organises admits a cohort to an event, or to the whole that it is part of."""
    theirs = opened_by(actor)
    if theirs is None:
        return false()
    groups = select(Group.id).where(Group.owner_kind == COHORT, whose)
    return exists(
        select(OpeningEvent.event_id)
        .join(Opening, Opening.id == OpeningEvent.opening_id)
        .where(or_(OpeningEvent.event_id == Event.id, OpeningEvent.event_id == Event.part_of_id))
        .where(Opening.eligibility == Eligibility.GROUP, Opening.eligible_group_id.in_(groups), theirs)
        .correlate(Event)
    )


def residentials(session: Session, cohort_id: int) -> set[int]:
    """Return the ids of the series that are joint residentials of a cohort."""
    return set(session.scalars(select(Residential.series_id).where(Residential.cohort_id == cohort_id)))


def due_counts(session: Session, cohort_id: int, *, first: date, last: date) -> list[DueCount]:
    """Return how many milestones of a cohort are due on each day, without whose they are: one statement."""
    rows = session.execute(counted(cohort_id, first=first, last=last))
    return [DueCount(row.due_on, row.title, bool(row.is_key), row.people, row.done) for row in rows]


def undated(session: Session, cohort_id: int) -> dict[int, set[int]]:
    """Return the terms without dates in which milestones of a cohort fall, by home university: one statement."""
    found: dict[int, set[int]] = {}
    rows = (
        select(Candidature.home_organisation_id, Milestone.unit)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .where(Candidature.cohort_id == cohort_id, Candidature.state.in_(UNDER_WAY))
        .where(Milestone.due_on.is_(None), Milestone.state.in_(UNREACHED))
        .distinct()
    )
    for home_id, unit in session.execute(rows):
        found.setdefault(home_id, set()).add(unit)
    return found


def counted(cohort_id: int, *, first: date, last: date) -> Select[date | None, str, bool, int, int]:
    """Count milestones by day and rule; what does not apply is no milestone."""
    rule, row = MilestoneRule, Milestone
    done = func.count().filter(row.state == MilestoneState.DONE).label("done")
    return (
        select(row.due_on, rule.title, rule.is_key, func.count().label("people"), done)
        .join(rule, rule.id == row.rule_id)
        .join(Candidature, Candidature.id == row.candidature_id)
        .where(Candidature.cohort_id == cohort_id, Candidature.state.in_(UNDER_WAY))
        .where(row.due_on >= first, row.due_on <= last, row.state != MilestoneState.EXEMPT)
        .group_by(row.due_on, rule.title, rule.is_key, rule.position)
        .order_by(row.due_on, rule.position, rule.title)
    )
