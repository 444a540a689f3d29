"""Doing a verb to several events: each by its own flow, one refusal never stopping the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.actions.plans import changes
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.states import EventState
from programme.flows import scheduling
from programme.flows.notices.series.changed import tell_together
from programme.flows.together.weighing import MOST, Deed, loaded, weigh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Change
    from programme.engines.calendar.models import Series
    from programme.flows.together.weighing import Weighed
    from programme.people.permissions import Actor

CHANGED_SINCE = "it has changed since you looked"
DONE = {Deed.PUBLICATION: "published", Deed.MOVE: "moved", Deed.CANCELLATION: "cancelled"}


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, by whom and when; `days` is how far to move, `reason` what people read."""

    deed: Deed
    actor: Actor
    now: datetime
    days: int = 0
    reason: str = ""


@dataclass(slots=True)
class Carried:
    """What came of it: titles of what was done, how many letters are queued, and (title, why) of what was left out.

    `changes` are what people are told of; those of a series are told of all of them in one letter.
    """

    done: list[str] = field(default_factory=list)
    told: int = 0
    is_of_series: bool = False
    changes: list[Change] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def carry_out(session: Session, seen: Mapping[int, int | None], task: Task, *, series: Series | None = None) -> Carried:
    """Do the task to the events of these ids; each id has the version that was looked at, or None.

    Whoever has a place hears of each event once, of those of a `series` in one letter. Raises Refusal where there are
    none, or too many.
    """
    if not seen:
        raise Refusal("Tick at least one event first.")
    if len(seen) > MOST:
        raise Refusal(f"At most {MOST} events at once.")
    if task.deed is not Deed.PUBLICATION:
        scheduling.lock_openings(session, *seen)
    found = weigh(session, loaded(session, seen), task.deed, days=task.days, actor=task.actor, now=task.now)
    carried = Carried(
        is_of_series=series is not None, left_out=[(row.event.title, row.reason) for row in found.left_out]
    )
    for row in sorted(found.meant, key=lambda row: row.event.id):
        attempt(session, row, seen[row.event.id], task, carried)
    carried.told = tell(session, carried.changes, series, now=task.now)
    return carried


def tell(session: Session, told: Sequence[Change], series: Series | None, *, now: datetime) -> int:
    """Queue the letters about what was done, and return how many."""
    if series is None:
        return sum(scheduling.tell_all(session, change, now=now) for change in told)
    people = scheduling.reached_by_event(session, [change.event_id for change in told])
    return tell_together(session, series, told, people, now=now)


def attempt(session: Session, row: Weighed, version: int | None, task: Task, carried: Carried) -> None:
    """Do it to one event, or note why not and leave that one as it was."""
    title = row.event.title
    if version is not None and row.event.version != version:
        carried.left_out.append((title, CHANGED_SINCE))
        return
    try:
        with session.begin_nested():
            found = one(session, row, version, task)
    except Refusal as refusal:
        carried.left_out.append((title, refusal.sentence))
        return
    carried.done.append(title)
    carried.changes += found


def one(session: Session, row: Weighed, version: int | None, task: Task) -> list[Change]:
    """Do it to one event and return what people are told of it."""
    event_id, actor, now = row.event.id, task.actor, task.now
    if task.deed is Deed.PUBLICATION:
        scheduling.publish(session, event_id, actor=actor, now=now)
        return []
    if row.plan is None:
        return [changes.cancel(session, event_id, version=version, reason=task.reason, actor=actor, now=now)]
    if row.event.state is EventState.DRAFT:
        details = details_of(row.event)
        scheduling.edit(session, event_id, details, plan=row.plan, version=version, actor=actor, now=now)
        return []
    return [changes.move(session, event_id, row.plan, version=version, reason=task.reason, actor=actor, now=now)]


def carry_out_in_series(session: Session, series: Series, seen: Mapping[int, int | None], task: Task) -> Carried:
    """Do the task to these events as far as they are in the series, and write it into the series' trail."""
    theirs = {event.id: seen[event.id] for event in loaded(session, seen) if event.series_id == series.id}
    if not theirs:
        raise Refusal("None of these events is in the series any more.")
    carried = carry_out(session, theirs, task, series=series)
    if carried.done:
        note(session, series, task, carried)
    return carried


def note(session: Session, series: Series, task: Task, carried: Carried) -> None:
    """Write what was done to the series as a whole."""
    after: dict[str, object] = {"events": len(carried.done), "letters": carried.told}
    after |= {"days": task.days} if task.deed is Deed.MOVE else {}
    after |= {"note": task.reason} if task.reason else {}
    audit.note(session, series, f"{DONE[task.deed]} its events", actor=task.actor, now=task.now, after=after)


def sentence(carried: Carried, deed: Deed, *, shown: int = 10) -> str:
    """Say what was done, who hears of it, and what was left out and why; raises Refusal where nothing was done."""
    told = " ".join(filter(None, [letters(carried, deed), left_out(carried.left_out, shown=shown)]))
    if not carried.done:
        raise Refusal(f"Nothing is {DONE[deed]}. {told}".strip())
    what = f"“{carried.done[0]}” is" if len(carried.done) == 1 else f"{len(carried.done)} events are"
    return f"{what} {DONE[deed]}. {told}".strip()


def letters(carried: Carried, deed: Deed) -> str:
    """Say how many letters go out."""
    if deed is Deed.PUBLICATION or not carried.done:
        return ""
    if not carried.told:
        return "Nobody had to be told."
    whom = "person" if carried.is_of_series else "event and person"
    return f"{carried.told:,} letter{'s go' if carried.told != 1 else ' goes'} out, one for each {whom}."


def left_out(found: Sequence[tuple[str, str]], *, shown: int) -> str:
    """List what was left out, and why."""
    named = "; ".join(f"“{title}”, as {reason.rstrip('.')}" for title, reason in found[:shown])
    more = f"; and {len(found) - shown} more" if len(found) > shown else ""
    return f"Left out: {named}{more}." if named else ""
