"""Weighing a change of many events: before and after of each, whom it reaches, and why it is left out, if it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from programme.core.web.words import join_words
from programme.engines.calendar import sight
from programme.engines.calendar.actions.values import Change, Told, link_mark, told_of, when_words
from programme.engines.calendar.models import Event, Venue
from programme.engines.calendar.naming import place_words
from programme.engines.calendar.states import EventState
from programme.flows.notices.foreseen import attenders_of, hearing
from programme.flows.together.changing.wish import Wish, common_of, details_after, differences, plan_after
from programme.flows.together.weighing import NO_DATE, at_once, is_ahead
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Details, Plan
    from programme.flows.notices.foreseen import Attender
    from programme.people.permissions import Actor

LONGEST = 200
NOT_YOURS = "it is not yours to change"
ALL_DAY = "it is all day, and so has no times"
BACKWARDS = "it would end before it starts"
TERMS = (("When", "when"), ("Where", "where"), ("State", "state"))


@dataclass(frozen=True, slots=True)
class Row:
    """One event: what it would be; `changes` are (term, before, after); `people` are told of it."""

    event: Event
    plan: Plan
    details: Details
    changes: list[tuple[str, str, str]]
    after: Told
    people: frozenset[int] = frozenset()
    reason: str = ""
    differs: list[str] = field(default_factory=list)

    @property
    def is_meant(self) -> bool:
        """Whether it may be changed, and would be another."""
        return not self.reason and bool(self.changes)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which events of a series are meant: one, those from one on, or all that lie ahead (`event` None)."""

    event: Event | None = None
    alone: bool = False


def events_in(
    session: Session, series_id: int, scope: Scope, *, actor: Actor, now: datetime
) -> tuple[list[Event], int]:
    """Return the events that are meant, as far as `actor` may see them, and how many are beyond what goes at once.

    They lie ahead, or wait for a date, and are not cancelled.
    """
    seen = sight.visible_to(actor)
    wanted = [Event.series_id == series_id, Event.state != EventState.CANCELLED, is_ahead(now), seen]
    if scope.event is not None:
        wanted.append(Event.id == scope.event.id if scope.alone else Event.starts_at >= scope.event.starts_at)
    return at_once(session, wanted)


def weigh(session: Session, events: Sequence[Event], wish: Wish, *, actor: Actor, now: datetime) -> list[Row]:
    """Say of each event what it would be; nothing is written, and the number of statements does not grow."""
    reached = attenders_of(session, [event.id for event in events])
    venue_id = wish.place.get("venue_id")
    venue = session.get(Venue, venue_id) if venue_id else None
    found = [row_of(event, wish, venue, actor=actor) for event in events]
    common = common_of([row.event for row in found if not row.reason], wish)
    return [with_people(row, wish, common, reached.get(row.event.id, ()), now=now) for row in found]


def row_of(event: Event, wish: Wish, venue: Venue | None, *, actor: Actor) -> Row:
    """Weigh one event."""
    plan, details = plan_after(event, wish), details_after(event, wish)
    after = after_of(event, plan, details, venue if "venue_id" in wish.place else event.venue, wish)
    row = Row(event, plan, details, changes_of(event, details, after), after)
    return replace(row, reason=reason_against(row, wish, actor=actor))


def with_people(row: Row, wish: Wish, common: dict[str, object], people: Sequence[Attender], *, now: datetime) -> Row:
    """Add who gets a letter about it, and how it differs from the rest."""
    if row.reason:
        return row
    told = hearing(people, Change(row.event.id, row.event.news, told_of(row.event), row.after), now=now)
    return replace(
        row, people=told if is_told(row, wish) else frozenset(), differs=differences(row.event, common, wish)
    )


def after_of(event: Event, plan: Plan, details: Details, venue: Venue | None, wish: Wish) -> Told:
    """Return what people would be told of an event."""
    return Told(
        plan.starts_at,
        plan.ends_at,
        plan.all_day,
        event.date_is_known,
        place_words(plan.room, venue.name if venue else None, is_online=plan.is_online),
        EventState.CANCELLED if wish.cancels else event.state,
        link_mark(details.online_link),
    )


def changes_of(event: Event, details: Details, after: Told) -> list[tuple[str, str, str]]:
    """Return what would be another, in words."""
    before = told_of(event)
    people = [join_words(row.name for row in rows) or "None" for rows in (event.contributions, details.contributions)]
    pairs = [
        ("When", when_words(before), when_words(after)),
        ("Where", before.place or "Not known yet", after.place or "Not known yet"),
        ("State", str(before.state.value).capitalize(), str(after.state.value).capitalize()),
        ("Link", event.online_link or "None", details.online_link or "None"),
        ("People", people[0], people[1]),
        ("Description", shortened(event.description) or "None", shortened(details.description) or "None"),
    ]
    return [(term, old, new) for term, old, new in pairs if old != new]


def shortened(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def reason_against(row: Row, wish: Wish, *, actor: Actor) -> str:
    """Say why an event is left out, or nothing.

    Its organisers' words may be changed by whoever edits it; what people are told of only by those who publish.
    """
    event, plan = row.event, row.plan
    is_moved = (plan.starts_at, plan.ends_at) != (event.starts_at, event.ends_at)
    is_replanned = is_moved or any(getattr(event, name) != value for name, value in wish.place.items())
    tells = wish.cancels or (is_replanned and event.state is not EventState.DRAFT)
    if not may(actor, Verb.PUBLISH if tells else Verb.EDIT, sight.event_scope(event)):
        return NOT_YOURS
    if wish.cancels:
        return ""
    if is_replanned and not event.date_is_known:
        return NO_DATE
    if event.all_day and (wish.shift.begins or wish.shift.ends):
        return ALL_DAY
    return BACKWARDS if plan.ends_at <= plan.starts_at else ""


def is_told(row: Row, wish: Wish) -> bool:
    """Whether people hear of such an event at all: not of a draft, unless it is called off, nor of archives."""
    return not row.event.is_archive and (row.event.state is not EventState.DRAFT or wish.cancels)
