"""Named reads of openings and registrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import days_before
from programme.engines.registration.models import Opening, OpeningEvent, Quota, Registration, Seat
from programme.engines.registration.openings.locking import COUNTED
from programme.engines.registration.places import Guarantee, Size, Tally, in_force, tally_from
from programme.engines.registration.series.chairs import chairs_for
from programme.engines.registration.states import (
    LIVE,
    Eligibility,
    OpeningState,
    RegistrationState,
)
from programme.engines.registration.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.places import Heads

MINE, OTHER = aliased(OpeningEvent), aliased(OpeningEvent)

# The statements of every sign-up are built once: building one costs more than running it.
ROOM_MATES = (
    select(OTHER.opening_id)
    .join(MINE, MINE.event_id == OTHER.event_id)
    .join(Event, Event.id == MINE.event_id)
    .where(MINE.opening_id.in_(bindparam("opening_ids", expanding=True)), Event.room_capacity.is_not(None))
)
HEADS = (
    select(Registration.state, Registration.counts_for_id, func.sum(Registration.heads))
    .where(
        Registration.opening_id == bindparam("opening_id"),
        Registration.state.in_(bindparam("states", expanding=True)),
        Registration.leaves_at.is_(None),
    )
    .group_by(Registration.state, Registration.counts_for_id)
)
GROUPS = (
    select(Registration.counts_for_id, Registration.heads)
    .where(
        Registration.opening_id == bindparam("opening_id"),
        Registration.state == RegistrationState.WAITLISTED,
    )
    .group_by(Registration.counts_for_id, Registration.heads)
)


def openings_of(session: Session, event_id: int) -> Sequence[Opening]:
    """Return the openings that admit to an event and are not drafts, in the order they were made."""
    statement = (
        select(Opening)
        .join(OpeningEvent, OpeningEvent.opening_id == Opening.id)
        .where(OpeningEvent.event_id == event_id, Opening.state != OpeningState.DRAFT)
        .options(joinedload(Opening.lead_organisation), selectinload(Opening.events).joinedload(Event.venue))
        .options(selectinload(Opening.quotas).joinedload(Quota.organisation))
        .order_by(Opening.id)
    )
    return session.scalars(statement).all()


def room_mates(session: Session, opening_ids: Collection[int]) -> list[int]:
    """Return the ids of openings that share a room of limited size with one of `opening_ids`, themselves included."""
    return sorted({*opening_ids, *session.scalars(ROOM_MATES, {"opening_ids": list(opening_ids)})})


def terms_of(opening: Opening) -> Terms:
    """Return what the rule about registering needs to know of an opening and its events."""
    by_members = opening.eligibility is Eligibility.MEMBERS
    states = {event.state for event in opening.events}
    return Terms(
        state=OpeningState.DRAFT if states == {EventState.DRAFT} else opening.state,
        opens_at=opening.opens_at,
        closes_at=opening.closes_at,
        has_events=bool(opening.events),
        starts=tuple(event.starts_at for event in opening.events if event.state in ANNOUNCED and event.date_is_known),
        is_postponed=EventState.POSTPONED in states,
        eligibility=opening.eligibility,
        members_of=frozenset(row.id for row in opening.members_of) if by_members else frozenset(),
        names=" or ".join(f"the {row.name}" for row in opening.members_of) if by_members else "",
    )


def guarantees_of(opening: Opening) -> tuple[Guarantee, ...]:
    """Return the quotas of an opening as the rule reads them; what was released is guaranteed to nobody."""
    first = first_start(opening)
    return tuple(
        Guarantee(organisation_id=row.organisation_id, places=row.places, until=release_of(row, first))
        for row in opening.quotas
        if row.released_at is None
    )


def first_start(opening: Opening) -> datetime | None:
    """Return when the first of an opening's events begins; None while no date is known."""
    return min((event.starts_at for event in opening.events if event.date_is_known), default=None)


class Release(Protocol):
    """When a quota is released, in either way of saying it."""

    @property
    def release_at(self) -> datetime | None:
        """The instant."""

    @property
    def release_days(self) -> int | None:
        """How many days before the first event begins."""


def release_of(quota: Release, first: datetime | None) -> datetime | None:
    """Return when a quota is released, for a first event that begins at `first`; None where that is not known yet."""
    if quota.release_days is None:
        return quota.release_at
    return None if first is None else days_before(first, quota.release_days)


def tally_of(session: Session, opening: Opening, *, now: datetime, counts: Heads | None = None) -> Tally:
    """Count what is taken of an opening: one query over an index, and one more where a room has a limit."""
    return tally_from(
        heads(session, opening, COUNTED) if counts is None else counts,
        capacity=opening.capacity,
        chairs=chairs_for(session, opening, now=now),
        guarantees=in_force(guarantees_of(opening), now=now),
        sizes=sizes_waiting(session, opening),
    )


def sizes_waiting(session: Session, opening: Opening) -> list[Size]:
    """Return the sizes in which people wait, by whom they count for; none where everybody registers alone."""
    if opening.most_together == 1:
        return []
    rows = session.execute(GROUPS, {"opening_id": opening.id})
    return [Size(home=home, heads=number) for home, number in rows]


def heads(session: Session, opening: Opening, states: Collection[RegistrationState]) -> Heads:
    """Count the registrations in `states`, by state and by the organisation they count for."""
    rows = session.execute(HEADS, {"opening_id": opening.id, "states": states})
    return [(state, home, int(number)) for state, home, number in rows]


def waiting(opening_id: int) -> Select[Registration]:
    """Return the waiting list, the next one first."""
    return in_state(opening_id, RegistrationState.WAITLISTED)


def in_state(opening_id: int, state: RegistrationState) -> Select[Registration]:
    """Return the registrations of an opening in a state, in the order in which they joined."""
    return (
        select(Registration)
        .where(Registration.opening_id == opening_id, Registration.state == state)
        .order_by(Registration.joined_at, Registration.id)
    )


def position(session: Session, registration: Registration) -> int:
    """Return where a waiting registration stands on its list, from 1."""
    before = (Registration.joined_at < registration.joined_at) | (
        (Registration.joined_at == registration.joined_at) & (Registration.id < registration.id)
    )
    statement = select(func.count()).where(
        Registration.opening_id == registration.opening_id,
        Registration.state == RegistrationState.WAITLISTED,
        before,
    )
    return (session.scalar(statement) or 0) + 1


def registration_with_events(session: Session, registration_id: int) -> Registration | None:
    """Return a registration with what its page and its letters show, in two queries."""
    statement = (
        select(Registration)
        .where(Registration.id == registration_id)
        .options(
            joinedload(Registration.opening).joinedload(Opening.lead_organisation),
            joinedload(Registration.person),
            selectinload(Registration.companions),
            selectinload(Registration.seats).joinedload(Seat.event).joinedload(Event.venue),
        )
    )
    return session.scalar(statement)


def unproved(now: datetime, *, limit: int) -> Select[int]:
    """Return the ids of openings with places whose time to prove the address has run out, the oldest first."""
    return (
        select(Registration.opening_id)
        .where(Registration.prove_by <= now, Registration.state.in_(LIVE))
        .order_by(Registration.prove_by)
        .limit(limit)
    )


def positions(session: Session, registration_ids: Collection[int]) -> dict[int, int]:
    """Return where several waiting registrations stand on their lists, from 1, in one query."""
    mine, other = aliased(Registration), aliased(Registration)
    before = (other.joined_at < mine.joined_at) | ((other.joined_at == mine.joined_at) & (other.id < mine.id))
    ahead = (
        select(func.count())
        .where(other.opening_id == mine.opening_id, other.state == RegistrationState.WAITLISTED, before)
        .correlate(mine)
        .scalar_subquery()
    )
    statement = select(mine.id, ahead).where(mine.id.in_(registration_ids))
    return {row_id: number + 1 for row_id, number in session.execute(statement)} if registration_ids else {}


def come_back(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Return of which ended registrations, among some, the person has registered anew since."""
    ended, live = aliased(Registration), aliased(Registration)
    same = (live.opening_id == ended.opening_id, live.person_id == ended.person_id, live.id != ended.id)
    anew = select(live.id).where(*same, live.state.in_(LIVE)).exists()
    return frozenset(session.scalars(select(ended.id).where(ended.id.in_(ids), anew))) if ids else frozenset()
