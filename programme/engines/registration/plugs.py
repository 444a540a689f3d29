"""What registration answers to the rooms below: the events a person has, for their calendar."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from programme.engines.calendar.models import Event
from programme.engines.calendar.ports import CalendarItem, Hold
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening, OpeningEvent, Registration, Seat
from programme.engines.registration.states import HOLDING, Eligibility, OpeningState, RegistrationState, SeatState
from programme.people.groups.models import GroupMember

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.ports import Window


class Chair(NamedTuple):
    """One seat of a person, with what decides whether it is theirs."""

    event_id: int
    event_state: EventState
    ends_at: datetime
    seat_state: SeatState
    revision: int
    changed_at: datetime
    registration_state: RegistrationState
    confirmed_at: datetime | None
    ended_at: datetime | None
    lent_at: datetime | None

    @property
    def is_held(self) -> bool:
        """Whether the person has this chair now."""
        is_placed = self.registration_state in HOLDING and self.seat_state is SeatState.HELD
        return is_placed or self.seat_state is SeatState.LENT

    @property
    def was_told(self) -> bool:
        """Whether the person ever had this chair, so that a calendar may hold it."""
        is_placed = self.confirmed_at is not None or self.registration_state in HOLDING
        return self.lent_at is not None or (is_placed and not self.was_never_theirs)

    @property
    def was_never_theirs(self) -> bool:
        """Whether the place came without this chair, and nobody has taken it since."""
        return self.seat_state is SeatState.SKIPPED and self.revision == 0


@dataclass(frozen=True, slots=True)
class SeatsInCalendar:
    """The events of a person's registrations."""

    def items(self, session: Session, person_id: int, window: Window) -> Iterator[CalendarItem]:
        """Return what is held, and what was held and given back, one item an event."""
        for told in chairs_told(session, person_id, Event.ends_at > window.held_until):
            if stays(hold_of(told), told[-1].ends_at, window):
                yield item_of(told)


def ever_held(session: Session, person_id: int | None, events: Collection[int]) -> dict[int, CalendarItem]:
    """Return what a person's calendars may know of some events, whatever registration it came by; one query."""
    if person_id is None:
        return {}
    items = map(item_of, chairs_told(session, person_id, Seat.event_id.in_(events)))
    return {item.event_id: item for item in items}


def chairs_told(session: Session, person_id: int, within: ColumnElement[bool]) -> Iterator[list[Chair]]:
    """Return, for each event within bounds, the chairs of a person that a calendar may hold."""
    statement = (
        select(Seat.event_id, Event.state, Event.ends_at, Seat.state, Seat.revision, Seat.changed_at)
        .add_columns(Registration.state, Registration.confirmed_at, Registration.ended_at, Seat.lent_at)
        .join(Registration, Registration.id == Seat.registration_id)
        .join(Event, Event.id == Seat.event_id)
        .where(Registration.person_id == person_id, within)
        .order_by(Seat.event_id, Seat.id)
    )
    chairs = [Chair(*row) for row in session.execute(statement)]
    for _, found in groupby(chairs, key=lambda chair: chair.event_id):
        told = [chair for chair in found if chair.was_told]
        if told:
            yield told


def item_of(chairs: Sequence[Chair]) -> CalendarItem:
    """Return one item for every chair a person ever had at an event; a new one never falls behind an old one."""
    changes = [moment for chair in chairs for moment in (chair.changed_at, chair.ended_at) if moment]
    revision = sum(chair.revision for chair in chairs) + len(chairs) - 1
    return CalendarItem(chairs[0].event_id, hold_of(chairs), revision, max(changes))


def hold_of(chairs: Sequence[Chair]) -> Hold:
    """Say how firmly the person has a place; an event that is not announced any more is nobody's."""
    held = [chair for chair in chairs if chair.is_held]
    if not held or held[0].event_state is EventState.DRAFT:
        return Hold.WITHDRAWN
    is_firm = any(chair.registration_state is not RegistrationState.OFFERED for chair in held)
    return Hold.FIRM if is_firm else Hold.OFFERED


def stays(hold: Hold, ends_at: datetime, window: Window) -> bool:
    """Whether an item is still shown."""
    return hold is not Hold.WITHDRAWN or ends_at > window.withdrawn_until


@dataclass(frozen=True, slots=True)
class OpenToGroups:
    """The events of openings for a group that a person is in, whether or not they registered."""

    def items(self, session: Session, person_id: int, window: Window) -> Iterator[CalendarItem]:
        """Return what such openings admit to, since the person came into the group; no place is theirs by this."""
        statement = (
            select(OpeningEvent.event_id, func.min(GroupMember.added_at))
            .join(Opening, Opening.id == OpeningEvent.opening_id)
            .join(GroupMember, GroupMember.group_id == Opening.eligible_group_id)
            .join(Event, Event.id == OpeningEvent.event_id)
            .where(GroupMember.person_id == person_id, Opening.state != OpeningState.DRAFT)
            .where(Opening.eligibility == Eligibility.GROUP, Event.ends_at > window.held_until)
            .group_by(OpeningEvent.event_id)
        )
        for event_id, since in session.execute(statement):
            yield CalendarItem(event_id, Hold.OPEN, 0, since)


CALENDAR_SOURCE = SeatsInCalendar()
GROUP_SOURCE = OpenToGroups()
