"""What happens to an event's state and plan: published, moved, cancelled, postponed, reinstated."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.transitions import move as move_state
from programme.engines.calendar.actions.events import apply, check_plan
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.actions.values import Change, Plan, Told, plan_of, told_of
from programme.engines.calendar.actions.withdrawals import held_of, settle
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.states import EVENT_MOVES, EventState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.people.permissions import Actor

MOVABLE = frozenset({EventState.PUBLISHED, EventState.POSTPONED})


def publish(session: Session, event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Show a draft to whom it may concern; calendars that saw it withdrawn before hear of it again."""
    event = lock(session, event_id)
    if event.state is not EventState.DRAFT:
        raise Refusal("Only a draft can be published.")
    move_state(event, EventState.PUBLISHED, moves=EVENT_MOVES)
    event.sequence += 1 if event.published_at else 0
    event.published_at = event.published_at or now
    event.changed_at = now
    settle(session, event, None, now=now)
    note(session, event, "published", actor=actor, now=now)
    renew(session, [event.id])
    return event


def unpublish(session: Session, event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Make a published event a draft again; its feeds say that it is gone."""
    event = lock(session, event_id)
    if event.state is not EventState.PUBLISHED:
        raise Refusal("Only a published event can become a draft again.")
    held = held_of(event)
    move_state(event, EventState.DRAFT, moves=EVENT_MOVES)
    event.changed_at = now
    settle(session, event, held, now=now)
    note(session, event, "withdrawn", actor=actor, now=now)
    renew(session, [event.id])
    return event


def move(
    session: Session,
    event_id: int,
    plan: Plan,
    *,
    version: int | None = None,
    reason: str = "",
    is_quiet: bool = False,
    actor: Actor,
    now: datetime,
) -> Change:
    """Give a public event another time or place, and return what it was and is.

    The SEQUENCE rises by one where the time differs. A postponed event that gets a date stays postponed until it is
    reinstated. Only another way of writing the same place may be `is_quiet`, and told to nobody.
    """
    event = lock(session, event_id, version=version)
    if event.state not in MOVABLE:
        raise Refusal("Only a published event is moved: edit a draft, and reinstate what was cancelled.")
    check_plan(plan)
    before = told_of(event)
    if plan == plan_of(event) and event.date_is_known:
        return Change(event.id, event.news, before, before)
    replanned(event, plan)
    if is_quiet and has_other_time(before, told_of(event)):
        raise Refusal("Another time is told to everybody with a place: take the tick away.", field="is_quiet")
    return done(session, event, "moved", before=before, reason=reason, actor=actor, now=now, is_quiet=is_quiet)


def relink(session: Session, event: Event, before: Told) -> Change | None:
    """Count a joining link that is another one than `before` as news; None where it is not, or nobody knows of it.

    The caller has locked the event and written the trail.
    """
    after = told_of(event)
    if event.state not in MOVABLE or before.link == after.link:
        return None
    event.news += 1
    session.flush()
    return Change(event.id, event.news, before, after)


def cancel(
    session: Session, event_id: int, *, version: int | None = None, reason: str = "", actor: Actor, now: datetime
) -> Change:
    """Call an event off; it stays to be seen as cancelled."""
    event = lock(session, event_id, version=version)
    before = told_of(event)
    move_state(event, EventState.CANCELLED, moves=EVENT_MOVES, sentence="This event is cancelled already.")
    event.cancelled_at = now
    return done(session, event, "cancelled", before=before, reason=reason, actor=actor, now=now)


def announce_cancelled(session: Session, event_id: int, *, actor: Actor, now: datetime) -> Event:
    """Show an event that was cancelled before anybody was told of it, as what it is: cancelled."""
    event = lock(session, event_id)
    if event.state is not EventState.CANCELLED or event.published_at is not None:
        raise Refusal("Only what was cancelled as a draft is shown as cancelled.")
    event.published_at = event.changed_at = now
    note(session, event, "shown as cancelled", actor=actor, now=now)
    renew(session, [event.id])
    return event


def postpone(
    session: Session,
    event_id: int,
    plan: Plan | None,
    *,
    version: int | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Change:
    """Put an event off: to another time, or without one (`plan` None), when it keeps its old date, marked unknown."""
    event = lock(session, event_id, version=version)
    before = told_of(event)
    move_state(event, EventState.POSTPONED, moves=EVENT_MOVES, sentence="Only a published event can be postponed.")
    event.date_is_known = plan is not None
    if plan is not None:
        check_plan(plan)
        replanned(event, plan)
    return done(session, event, "postponed", before=before, reason=reason, actor=actor, now=now)


def reinstate(
    session: Session,
    event_id: int,
    plan: Plan | None = None,
    *,
    version: int | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Change:
    """Let an event take place after all: under its own UID, with a higher SEQUENCE."""
    event = lock(session, event_id, version=version)
    before = told_of(event)
    if event.state is EventState.DRAFT:
        raise Refusal("A draft is published, not reinstated.")
    if plan is None and not event.date_is_known:
        raise Refusal("Say when it takes place: this event was postponed without a date.", field="starts")
    move_state(event, EventState.PUBLISHED, moves=EVENT_MOVES, sentence="This event takes place already.")
    event.cancelled_at = None
    event.published_at = event.published_at or now
    if plan is not None:
        check_plan(plan)
        replanned(event, plan)
    return done(session, event, "reinstated", before=before, reason=reason, actor=actor, now=now)


def replanned(event: Event, plan: Plan) -> None:
    """Write a plan onto a row, with a date that is known."""
    apply(event, asdict(plan))
    event.date_is_known = True


def has_other_time(before: Told, after: Told) -> bool:
    """Whether calendars show another time or state: what the SEQUENCE rises for, by the paper on calendars."""
    return replace(before, place="", link="") != replace(after, place="", link="")


def done(
    session: Session,
    event: Event,
    verb: str,
    *,
    before: Told,
    reason: str,
    actor: Actor,
    now: datetime,
    is_quiet: bool = False,
) -> Change:
    """Count the news unless it is quiet, raise the SEQUENCE where it is due, write the trail, return the change."""
    event.news += 0 if is_quiet else 1
    event.sequence += 1 if has_other_time(before, told_of(event)) else 0
    event.changed_at = now
    event.change_note = event.change_note if is_quiet else reason
    settle(session, event, None, now=now)
    session.flush()
    session.expire(event, ["venue"])
    after = told_of(event)
    note(session, event, verb, actor=actor, now=now, before=before.as_json(), after={**after.as_json(), "note": reason})
    renew(session, [event.id])
    return Change(event.id, event.news, before, after, is_quiet)


def change_to(event: Event, plan: Plan, *, place: str) -> Change:
    """Return what moving would change, without doing it; `place` is the new place in words."""
    before = told_of(event)
    after = replace(
        before,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        all_day=plan.all_day,
        date_is_known=True,
        place=place,
    )
    return Change(event.id, event.news, before, after)
