"""Scheduling: what happens to an event, and that everybody with a place hears of it once."""

from __future__ import annotations

from collections import defaultdict
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.actions.plans import changes
from programme.engines.calendar.actions.plans.changes import relink
from programme.engines.calendar.actions.values import Change, told_of
from programme.engines.calendar.models import Event
from programme.engines.registration.actions import lock_all
from programme.engines.registration.models import Opening, OpeningEvent, Registration, Seat
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState, SeatState
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows.admitting import fill_free_places
from programme.flows.notices.events import lies_ahead, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Details, Plan, Told
    from programme.people.permissions import Actor

TOLD = LIVE - {RegistrationState.DRAFT}
P = ParamSpec("P")
Changed = tuple[Change, int]
"""What happened to an event, and how many people are told of it."""


def publish(session: Session, event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Publish a draft; what lies ahead gets the usual reminders of its strand."""
    event = changes.publish(session, event_id, actor=actor, now=now)
    if event.ends_at > now and not event.is_archive:
        ensure_default_rule(session, event.id, now=now, strand=event.strand)
    return event


def unpublish(session: Session, event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Make an event a draft again; refused while people have places, who would otherwise never hear of it."""
    lock_openings(session, event_id)
    event = changes.unpublish(session, event_id, actor=actor, now=now)
    people = reach(session, event_id)
    if people:
        have = "has" if people == 1 else "have"
        raise Refusal(
            f"{plural(people, 'person', 'people')} {have} a place or wait for one: cancel or postpone instead."
        )
    return event


def telling(
    change: Callable[Concatenate[Session, int, P], Change], *, reminds: bool = False
) -> Callable[Concatenate[Session, int, P], Changed]:
    """Return a verb of the calendar as a flow with the same arguments.

    The flow locks what admits to the event first, and returns the change and how many people are told of it. Where it
    `reminds`, an event that lies ahead gets the usual reminder again.
    """

    @wraps(change)
    def changed_and_told(session: Session, event_id: int, /, *given: P.args, **known: P.kwargs) -> Changed:
        lock_openings(session, event_id)
        found, now = change(session, event_id, *given, **known), cast("datetime", known["now"])
        if reminds and found.after.ends_at > now:
            ensure_default_rule(session, event_id, now=now, strand=session.get_one(Event, event_id).strand)
        return found, tell_all(session, found, now=now)

    return changed_and_told


move = telling(changes.move)
cancel = telling(changes.cancel)
postpone = telling(changes.postpone)
reinstate = telling(changes.reinstate, reminds=True)


def edit(
    session: Session,
    event_id: int,
    details: Details,
    *,
    plan: Plan | None = None,
    version: int | None = None,
    is_quiet: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[Event, int]:
    """Change an event's words (a draft's plan too), under the lock of its openings, as its room may change.

    In a larger room whoever waits moves up, and is told. Returns the event and how many people are told of another
    joining link: those who have a place, unless the change is quiet.
    """
    openings = lock_openings(session, event_id)
    event = lock(session, event_id, version=version)
    room, before = event.room_capacity, told_of(event)
    events.write(session, event, details, plan=plan, actor=actor, now=now)
    if event.room_capacity != room:
        for opening_id in openings:
            fill_free_places(session, opening_id, now=now)
    change = None if is_quiet else relink(session, event, before)
    return event, tell_all(session, change, now=now) if change else 0


def lock_openings(session: Session, *event_ids: int) -> list[int]:
    """Lock whatever admits to the events, before the events themselves: whoever registers meanwhile is told, or sees.

    Openings come before events, always: who changes several events locks the openings of all of them first.
    """
    admitting = select(OpeningEvent.opening_id).where(OpeningEvent.event_id.in_(event_ids)).distinct()
    return sorted(lock_all(session, list(session.scalars(admitting))))


def tell_all(session: Session, change: Change, *, now: datetime) -> int:
    """Queue a letter to everybody who has a place, or waits for one, and return to how many."""
    if change.is_quiet or not change.is_one:
        return 0
    event = session.get_one(Event, change.event_id, options=[joinedload(Event.lead_organisation)])
    return tell(session, event, change, one_each(session.scalars(reached(event.id)).all()), now=now)


def reach(session: Session, event_id: int) -> int:
    """Return how many people have a place at an event, or wait for one."""
    people = reached(event_id).with_only_columns(Registration.person_id).distinct().order_by(None)
    return session.scalar(select(func.count()).select_from(people.subquery())) or 0


def lies_still_ahead(event: Event, *, after: Told | None = None, now: datetime) -> bool:
    """Whether a change of an event would be told to anybody: not of what is past, nor of archives."""
    before = told_of(event)
    return not event.is_archive and lies_ahead(Change(event.id, event.news, before, after or before), now)


def reached(event_id: int) -> Select[Registration]:
    """Return the live registrations with a chair at an event that is not skipped, those that hold places first.

    Those whose person is not known any more reach nobody.
    """
    return reached_at([event_id])


def reached_at(event_ids: Collection[int]) -> Select[Registration]:
    """Return the same of several events."""
    holds = Registration.state.in_(HOLDING)
    return (
        select(Registration)
        .join(Opening, Opening.id == Registration.opening_id)
        .join(OpeningEvent, OpeningEvent.opening_id == Opening.id)
        .outerjoin(Seat, and_(Seat.registration_id == Registration.id, Seat.event_id == OpeningEvent.event_id))
        .where(OpeningEvent.event_id.in_(event_ids), Registration.state.in_(TOLD))
        .where(Registration.person_id.is_not(None))
        .where(or_(and_(Seat.id.is_(None), Opening.chooses.is_(None)), Seat.state != SeatState.SKIPPED))
        .order_by(holds.desc(), Registration.id)
    )


def reached_by_event(session: Session, event_ids: Collection[int]) -> dict[int, list[Registration]]:
    """Return who is told of a change of each event, each person once: one query."""
    found: defaultdict[int, list[Registration]] = defaultdict(list)
    rows = reached_at(event_ids).add_columns(OpeningEvent.event_id)
    for registration, event_id in session.execute(rows):
        found[event_id].append(registration)
    return {event_id: one_each(several) for event_id, several in found.items()}


def one_each(registrations: Iterable[Registration]) -> list[Registration]:
    """Return the first registration of each person: whoever is registered twice is told once."""
    first: dict[int | None, Registration] = {}
    for row in registrations:
        first.setdefault(row.person_id, row)
    return list(first.values())
