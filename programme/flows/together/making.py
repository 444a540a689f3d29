"""Making many events of a series in one go, and taking back those drafts that nobody has touched since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.core import audit
from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar import sight
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions import series as series_actions
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import OpeningEvent, Seat
from programme.engines.reminders.models import ReminderRule
from programme.flows import scheduling
from programme.flows.together.weighing import MOST, loaded
from programme.people.models import RoleGrant
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Details, Plan
    from programme.engines.calendar.models import Series
    from programme.people.permissions import Actor

NOT_YOURS = "This series is not yours to add to any more: it was handed over meanwhile. Nothing is made."
CHANGED = "This series belongs to another strand by now. Nothing is made yet: look at it again, then confirm."


@dataclass(frozen=True, slots=True)
class Wanted:
    """One event that is to be made: its words, and when and where it is."""

    details: Details
    plan: Plan


def make(
    session: Session,
    series: Series,
    wanted: Sequence[Wanted],
    *,
    shares: bool,
    publishes: bool,
    actor: Actor,
    now: datetime,
) -> list[Event]:
    """Make events of a series, led by its lead: all of them, or none where one is refused.

    They are drafts unless it `publishes`; it `shares` each with those who share the series. Raises Refusal where none
    is wanted, or too many, or where the series is not the actor's any more, or of another strand than was looked at.
    """
    if not wanted:
        raise Refusal("Tick at least one date.")
    if len(wanted) > MOST:
        raise Refusal(f"At most {MOST} events at once.")
    series = locked(session, series.id, wanted, actor=actor)
    made = [
        events.create(session, one.details, plan=one.plan, lead_id=series.lead_organisation_id, actor=actor, now=now)
        for one in wanted
    ]
    for event in made:
        if shares:
            event.co_owners = list(series.co_owners)
        if publishes:
            scheduling.publish(session, event.id, actor=actor, now=now)
    after = {"events": len(made), "published": publishes}
    audit.note(session, series, "added dates", actor=actor, now=now, after=after)
    session.flush()
    return made


def locked(session: Session, series_id: int, wanted: Sequence[Wanted], *, actor: Actor) -> Series:
    """Lock the series and ask once more whose it is, and who shares it: that may have changed since the page asked."""
    series = series_actions.lock(session, series_id)
    if not may(actor, Verb.CREATE, sight.series_scope(series)):
        raise Refusal(NOT_YOURS)
    if any(one.details.strand is not series.strand for one in wanted):
        raise Refusal(CHANGED)
    return series


def unmake(
    session: Session, series: Series, seen: Mapping[int, int | None], *, actor: Actor, now: datetime
) -> tuple[int, list[tuple[str, str]]]:
    """Delete drafts of a series that are as they were made; return how many, and (title, why) of those that stay.

    Only what nobody has touched goes: never shown to anybody, with nothing that hangs on it.
    """
    rows = [row for row in loaded(session, seen) if row.series_id == series.id and is_theirs(row, actor)]
    gone, kept = 0, []
    for event in sorted(rows, key=lambda row: row.id):
        reason = reason_to_stay(session, event, seen[event.id])
        if reason:
            kept.append((event.title, reason))
            continue
        event.co_owners = []
        session.delete(event)
        gone += 1
    if gone:
        audit.note(session, series, "took dates back", actor=actor, now=now, after={"events": gone})
    session.flush()
    return gone, kept


def is_theirs(event: Event, actor: Actor) -> bool:
    """Whether an event is the actor's to call off; of any other not even its title is told."""
    return may(actor, Verb.PUBLISH, sight.event_scope(event))


def reason_to_stay(session: Session, event: Event, version: int | None) -> str:
    """Say why a draft is not simply deleted, or nothing; it is locked before that is decided."""
    lock(session, event.id)
    if event.state is not EventState.DRAFT or event.published_at is not None:
        return "it is no draft that nobody has seen"
    if event.version != (version or 0) + 1:
        return "it has changed since it was made"
    return "something hangs on it" if is_used(session, event.id) else ""


def is_used(session: Session, event_id: int) -> bool:
    """Whether anything belongs to an event besides its having been made.

    That is registration, parts, reminders, helpers, or an act in the trail.
    """
    of_it = {"subject_kind": sight.EVENT, "subject_id": event_id}
    acts = session.scalar(select(func.count()).select_from(AuditEntry).filter_by(**of_it)) or 0
    return acts > 1 or is_hung_on(session, event_id)


def is_hung_on(session: Session, event_id: int) -> bool:
    """Whether registration, parts, reminders or helpers belong to an event."""
    of_it = {"subject_kind": sight.EVENT, "subject_id": event_id}
    hangs = (
        select(OpeningEvent.event_id).where(OpeningEvent.event_id == event_id),
        select(Seat.id).where(Seat.event_id == event_id),
        select(Event.id).where(Event.part_of_id == event_id),
        select(ReminderRule.id).filter_by(**of_it),
        select(RoleGrant.id).filter_by(**of_it),
    )
    return any(session.scalar(one.limit(1)) is not None for one in hangs)
