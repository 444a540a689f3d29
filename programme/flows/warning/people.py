"""Who is concerned by two events at once: groups that openings are for, and people with places at both."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, false, func, not_, or_, select
from sqlalchemy.orm import aliased

from programme.engines.calendar.models import Event
from programme.engines.calendar.queries.neighbours import MOST_NEAR, on_near
from programme.engines.calendar.warnings.values import Asked
from programme.engines.registration.models import Opening, OpeningEvent, Registration, Seat
from programme.engines.registration.openings.rights import listed_under
from programme.engines.registration.states import HOLDING, Eligibility, SeatState
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.warnings.values import Scheduled
    from programme.people.permissions import Actor

SITS = (SeatState.HELD, SeatState.LENT)


def run_by(actor: Actor) -> ColumnElement[bool] | None:
    """Whether an actor organises an opening, and so may know whom it is for and how many come; None where none is."""
    theirs = [listed_under(grant) for grant in actor.grants if grant.role is Role.ORGANISER]
    return or_(*theirs) if theirs else None


def asked_to(session: Session, event_ids: Collection[int], *, actor: Actor) -> dict[int, Asked]:
    """Return whom openings of events are for, by event: one query.

    Groups are those of the actor's own openings. That an opening leaves a choice is no secret: it is on its page.
    """
    if not event_ids:
        return {}
    theirs = run_by(actor)
    is_theirs = false() if theirs is None else and_(Opening.eligibility == Eligibility.GROUP, theirs)
    chooses = leaves_a_choice()
    statement = (
        select(OpeningEvent.event_id, Opening.id, case((is_theirs, Opening.eligible_group_id)), chooses)
        .join(Opening, Opening.id == OpeningEvent.opening_id)
        .where(OpeningEvent.event_id.in_(event_ids), or_(chooses, is_theirs))
    )
    plainly: defaultdict[int, set[int]] = defaultdict(set)
    choices: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for event_id, opening_id, group_id, is_choice in session.execute(statement):
        if is_choice:
            choices[event_id].add((opening_id, group_id or 0))
        elif group_id is not None:
            plainly[event_id].add(group_id)
    known = plainly.keys() | choices.keys()
    return {one: Asked(frozenset(plainly[one]), frozenset(choices[one])) for one in known}


def leaves_a_choice() -> ColumnElement[bool]:
    """Whether an opening admits to fewer of its events than it has, as each chooses."""
    own = aliased(OpeningEvent)
    number = select(func.count()).where(own.opening_id == Opening.id).correlate(Opening).scalar_subquery()
    return and_(Opening.chooses.is_not(None), Opening.chooses < number)


def of_groups(
    session: Session, groups: Collection[int], events: list[Scheduled], *, within: timedelta, actor: Actor
) -> list[int]:
    """Return the events nearby that the actor's openings admit these groups to: one query."""
    theirs = run_by(actor)
    if theirs is None or not groups:
        return []
    statement = (
        select(OpeningEvent.event_id)
        .distinct()
        .join(Opening, Opening.id == OpeningEvent.opening_id)
        .join(Event, Event.id == OpeningEvent.event_id)
        .where(Opening.eligible_group_id.in_(groups), Opening.eligibility == Eligibility.GROUP, theirs)
        .where(on_near(events, within))
        .limit(MOST_NEAR)
    )
    return list(session.scalars(statement))


def at_both(session: Session, event: Scheduled, *, within: timedelta, actor: Actor) -> dict[int, int]:
    """Return how many people with a place at an event have one at others nearby, by the other's id: one query.

    Of openings that the actor organises alone, on either side; not of who chose both where one opening lets them.
    """
    theirs = run_by(actor)
    if theirs is None or not event.stay.event_id:
        return {}
    here, there = sitting(), aliased(Registration)
    at_it = here.add_columns(Registration.opening_id, leaves_a_choice().label("is_choice"))
    mine = at_it.where(Seat.event_id == event.stay.event_id, theirs).subquery()
    chair, admits = aliased(Seat), select(Opening.id).where(theirs)
    statement = (
        select(chair.event_id, func.count(func.distinct(there.person_id)))
        .join(there, there.id == chair.registration_id)
        .join(Event, Event.id == chair.event_id)
        .join(mine, mine.c.person_id == there.person_id)
        .where(chair.state.in_(SITS), there.state.in_(HOLDING), there.opening_id.in_(admits))
        .where(chair.event_id != event.stay.event_id, on_near([event], within))
        .where(not_(and_(mine.c.is_choice, mine.c.opening_id == there.opening_id)))
        .group_by(chair.event_id)
        .limit(MOST_NEAR)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def sitting() -> Select[int | None]:
    """Return the statement of people who have a place, by their chairs."""
    return (
        select(Registration.person_id)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(Opening, Opening.id == Registration.opening_id)
        .where(Registration.person_id.is_not(None), Registration.state.in_(HOLDING), Seat.state.in_(SITS))
    )
