"""Changing many events of a series: all of them or none, each person told once of all that is another for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar import sight
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.plans import changes
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import plan_of, told_of
from programme.engines.calendar.feeds.renewing import in_one_go
from programme.engines.calendar.states import EventState
from programme.flows import scheduling
from programme.flows.notices.series.changed import tell_together
from programme.flows.together.changing.weighing import weigh
from programme.flows.together.weighing import MOST, loaded
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Change
    from programme.engines.calendar.models import Event, Series
    from programme.flows.together.changing.weighing import Row
    from programme.flows.together.changing.wish import Wish
    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Done:
    """How many events are another, and to how many letters go."""

    events: int
    letters: int


def change_together(
    session: Session, series: Series, seen: Mapping[int, int | None], wish: Wish, *, actor: Actor, now: datetime
) -> Done:
    """Change the events of these ids, each as it was looked at, in the version that is told.

    Raises Refusal where nothing is meant, where one has changed since or may not be changed: then none is changed.
    """
    if not seen:
        raise Refusal("Tick at least one event.")
    if len(seen) > MOST:
        raise Refusal(f"At most {MOST} events at once.")
    scheduling.lock_openings(session, *seen)
    theirs = [one for one in loaded(session, seen) if one.series_id == series.id and is_theirs(one, actor)]
    rows = weigh(session, theirs, wish, actor=actor, now=now)
    check(rows, seen)
    with in_one_go(session):
        told = [
            one for row in sorted(rows, key=lambda row: row.event.id) for one in changed(session, row, wish, actor, now)
        ]
    letters = tell_together(
        session, series, told, scheduling.reached_by_event(session, [one.event_id for one in told]), now=now
    )
    after: dict[str, object] = {"events": len(rows), "letters": letters}
    after |= {"note": wish.reason} if wish.reason else {}
    audit.note(session, series, "changed its events", actor=actor, now=now, after=after)
    return Done(len(rows), letters)


def is_theirs(event: Event, actor: Actor) -> bool:
    """Whether an event is the actor's to edit; of any other not even its title is told."""
    return may(actor, Verb.EDIT, sight.event_scope(event))


def check(rows: list[Row], seen: Mapping[int, int | None]) -> None:
    """Refuse what is not as it was looked at."""
    if len(rows) != len(seen):
        raise Refusal("Some of these events are not in the series any more: look at it again.")
    stale = [row.event.title for row in rows if row.event.version != seen[row.event.id] or not row.is_meant]
    if stale:
        what = f"“{stale[0]}”" + (f" and {len(stale) - 1} more" if len(stale) > 1 else "")
        raise Refusal(f"{what} changed meanwhile. Nothing is changed yet: look at it again below, then confirm.")


def changed(session: Session, row: Row, wish: Wish, actor: Actor, now: datetime) -> list[Change]:
    """Change one event by the verbs that single events are changed by; return what people are told of it."""
    event, version = row.event, row.event.version
    if wish.cancels:
        return [changes.cancel(session, event.id, version=version, reason=wish.reason, actor=actor, now=now)]
    if event.state is EventState.DRAFT:
        events.edit(session, event.id, row.details, plan=row.plan, version=version, actor=actor, now=now)
        return []
    found = []
    if row.plan != plan_of(event):
        found = [changes.move(session, event.id, row.plan, version=version, reason=wish.reason, actor=actor, now=now)]
    if row.details != details_of(event):
        seen = None if found else version  # what moved is locked, and of another version by now
        before = told_of(event)
        events.edit(session, event.id, row.details, version=seen, actor=actor, now=now)
        linked = changes.relink(session, event, before)
        if linked is not None:
            found = [replace(linked, before=found[0].before if found else before)]
    return found
