"""What a verb would do to each of several events: whether it may, what it was and would be, and whom it reaches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.refusal import Refusal
from programme.engines.calendar import sight
from programme.engines.calendar.actions.values import Change, Plan, plan_of, told_of
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import days_before
from programme.flows.notices.foreseen import attenders_of, hearing
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.flows.notices.foreseen import Attender
    from programme.people.permissions import Actor

MOST = 200
S = EventState


class Deed(StrEnum):
    """What is done to several events at once."""

    PUBLICATION = "publication"
    MOVE = "move"
    CANCELLATION = "cancellation"


STATES = {
    Deed.PUBLICATION: frozenset({S.DRAFT}),
    Deed.MOVE: frozenset({S.DRAFT, S.PUBLISHED, S.POSTPONED}),
    Deed.CANCELLATION: frozenset({S.DRAFT, S.PUBLISHED, S.POSTPONED}),
}
NOT_YOURS = "it is not yours to publish, move or cancel"
NO_DATE = "it has no date yet"
WRONG_STATE = {
    Deed.PUBLICATION: "it is not a draft",
    Deed.MOVE: "it is cancelled",
    Deed.CANCELLATION: "it is cancelled already",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """One event: `reason` says why it is left out, if it is; `plan` is when it would be; `people` are told of it."""

    event: Event
    reason: str
    plan: Plan | None
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Several events in order of date; `more` are beyond what is done at once."""

    rows: Sequence[Weighed]
    more: int = 0

    @property
    def meant(self) -> list[Weighed]:
        """Return those to whom it is done."""
        return [row for row in self.rows if not row.reason]

    @property
    def left_out(self) -> list[Weighed]:
        """Return those that are left out."""
        return [row for row in self.rows if row.reason]

    @property
    def people(self) -> int:
        """How many people are told of at least one."""
        return len(frozenset().union(*(row.people for row in self.meant)))

    @property
    def letters(self) -> int:
        """How many letters that makes: one for each event and person."""
        return sum(len(row.people) for row in self.meant)


def in_series(session: Session, series_id: int, deed: Deed, *, now: datetime) -> tuple[list[Event], int]:
    """Return the events of a series that a verb is for, at most as many as go at once, and how many there are beyond.

    All drafts are published; what is moved or cancelled still lies ahead, or waits for a date.
    """
    wanted = [Event.series_id == series_id, Event.state.in_(STATES[deed])]
    wanted += [] if deed is Deed.PUBLICATION else [is_ahead(now)]
    return at_once(session, wanted)


def is_ahead(now: datetime) -> ColumnElement[bool]:
    """Whether an event lies ahead, or waits for a date."""
    return or_(Event.ends_at > now, and_(Event.state == S.POSTPONED, Event.date_is_known.is_(False)))


def at_once(session: Session, wanted: Iterable[ColumnElement[bool]]) -> tuple[list[Event], int]:
    """Return the events that are wanted, at most as many as go at once, and how many there are beyond."""
    ids = list(session.scalars(select(Event.id).where(*wanted).order_by(Event.starts_at, Event.id)))
    return loaded(session, ids[:MOST]), max(0, len(ids) - MOST)


def loaded(session: Session, ids: Collection[int]) -> list[Event]:
    """Return events by their ids in order of date, with what a line of them shows."""
    one = (joinedload(Event.venue), joinedload(Event.lead_organisation))
    shown = (*one, selectinload(Event.co_owners), selectinload(Event.contributions))
    statement = select(Event).where(Event.id.in_(ids)).options(*shown).order_by(Event.starts_at, Event.id)
    return list(session.scalars(statement).unique())


def weigh(
    session: Session, events: Sequence[Event], deed: Deed, *, days: int = 0, more: int = 0, actor: Actor, now: datetime
) -> Weighing:
    """Say of each event whether the verb may be done to it, and what would come of it; nothing is written.

    Of what the actor may not even see, nothing is said: another organisation's draft has no title for them.
    """
    events = [event for event in events if sight.may_see(sight.sight_of(event), actor)]
    reached = {} if deed is Deed.PUBLICATION else attenders_of(session, [event.id for event in events])
    return Weighing([weighed(event, deed, days, reached, actor=actor, now=now) for event in events], more)


def weighed(
    event: Event, deed: Deed, days: int, reached: Mapping[int, Sequence[Attender]], *, actor: Actor, now: datetime
) -> Weighed:
    """Weigh one event."""
    reason = reason_against(event, deed, actor=actor)
    plan = shifted(event, days) if deed is Deed.MOVE and not reason else None
    is_quiet = bool(reason) or event.is_archive or (deed is Deed.MOVE and event.state is S.DRAFT)
    told = frozenset[int]() if is_quiet else hearing(reached.get(event.id, ()), change_of(event, plan), now=now)
    return Weighed(event, reason, plan, told)


def reason_against(event: Event, deed: Deed, *, actor: Actor) -> str:
    """Say why not, or nothing."""
    if not may(actor, Verb.PUBLISH, sight.event_scope(event)):
        return NOT_YOURS
    if event.state not in STATES[deed]:
        return WRONG_STATE[deed]
    return NO_DATE if deed is Deed.MOVE and not event.date_is_known else ""


def shifted(event: Event, days: int) -> Plan:
    """Return an event's plan some days later at the same London wall time; a minus is earlier."""
    plan = plan_of(event)
    try:
        starts_at, ends_at = days_before(plan.starts_at, -days), days_before(plan.ends_at, -days)
    except OverflowError as error:
        raise Refusal("That is too far.", field="by") from error
    if ends_at <= starts_at:
        ends_at = starts_at + (plan.ends_at - plan.starts_at)
    return replace(plan, starts_at=starts_at, ends_at=ends_at)


def change_of(event: Event, plan: Plan | None) -> Change:
    """Return what people would be told of: another time, or without a plan, that it is called off."""
    before = told_of(event)
    gone = replace(before, state=S.CANCELLED)
    after = replace(before, starts_at=plan.starts_at, ends_at=plan.ends_at) if plan else gone
    return Change(event.id, event.news, before, after)
