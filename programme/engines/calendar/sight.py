"""Who may see which event and which series: the rule for one thing, and the same as a condition for queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select, true

from programme.engines.calendar.models import Event, EventCoOwner, Series, SeriesCoOwner
from programme.engines.calendar.states import EventState, Visibility
from programme.people.permissions import TABLE, Actor, Grant, Scope, Standing, Verb, may
from programme.people.states import Role, Strand

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

EVENT = "event"
SERIES = "series"
ANNOUNCED = (EventState.PUBLISHED, EventState.POSTPONED)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the rule needs to know of an event; `published_at` tells a cancelled one that was never announced."""

    scope: Scope
    state: EventState
    visibility: Visibility
    published_at: datetime | None


def event_scope(event: Event) -> Scope:
    """Return the event as the permission table reads it; a helper of the whole helps at its parts."""
    return Scope(
        lead=event.lead_organisation_id,
        co_owners=frozenset(owner.id for owner in event.co_owners),
        strand=event.strand,
        subject=(EVENT, event.id),
        parents=tuple(parents_of(event)),
    )


def parents_of(event: Event) -> list[tuple[str, int]]:
    """Return what the event belongs to: the whole it is part of, and its series."""
    found = [(EVENT, event.part_of_id)] if event.part_of_id is not None else []
    return [*found, (SERIES, event.series_id)] if event.series_id is not None else found


def series_scope(series: Series) -> Scope:
    """Return the series as the permission table reads it."""
    return Scope(
        lead=series.lead_organisation_id,
        co_owners=frozenset(owner.id for owner in series.co_owners),
        strand=series.strand,
        subject=(SERIES, series.id),
    )


def sight_of(event: Event) -> Sight:
    """Return what the rule needs to know of `event`."""
    return Sight(event_scope(event), event.state, event.visibility, event.published_at)


def may_see(sight: Sight, actor: Actor, *, is_registered: bool = False) -> bool:
    """Whether `actor` may open the event's page.

    Organisers of the lead and of co-owners see everything of theirs; nobody else sees a draft. Somebody registered
    sees what was announced, hidden or not.
    """
    if may(actor, Verb.SEE_DRAFT, sight.scope):
        return True
    return is_announced(sight) and (is_registered or is_open_to(sight, actor))


def is_listed(sight: Sight, actor: Actor) -> bool:
    """Whether lists, counts and feeds show the event to `actor`: no drafts, and hidden ones to nobody."""
    return is_announced(sight) and sight.visibility is not Visibility.HIDDEN and may_see(sight, actor)


def is_announced(sight: Sight) -> bool:
    """Whether people were told of the event: a draft that was cancelled was never announced."""
    return sight.state in ANNOUNCED or (sight.state is EventState.CANCELLED and sight.published_at is not None)


def is_open_to(sight: Sight, actor: Actor) -> bool:
    """Whether the event's visibility lets `actor` in: members have a proved tie to the lead or a co-owner."""
    return lets_in(sight.visibility, sight.scope, actor)


def lets_in(visibility: Visibility, scope: Scope, actor: Actor) -> bool:
    """Whether a visibility lets `actor` in: what each of its words means, of whatever has one."""
    if visibility is Visibility.MEMBERS:
        return bool(actor.member_of & ({scope.lead} | scope.co_owners))
    return visibility is Visibility.PUBLIC


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return `may_see` for queries of events, for somebody of whose registrations nothing is known."""
    theirs = organised_by(actor)
    seen = and_(announced(), open_to(actor))
    return or_(seen, *theirs) if theirs else seen


def listed_to(actor: Actor) -> ColumnElement[bool]:
    """Return `is_listed` for queries of events; a plain condition for most people, so that an index serves it."""
    theirs = organised_by(actor)
    if not theirs:
        return and_(open_to(actor), announced())
    return and_(or_(open_to(actor), and_(Event.visibility != Visibility.HIDDEN, or_(*theirs))), announced())


def announced() -> ColumnElement[bool]:
    """Return `is_announced` for queries."""
    once_told = or_(Event.state != EventState.CANCELLED, Event.published_at.is_not(None))
    return and_(Event.state.in_((*ANNOUNCED, EventState.CANCELLED)), once_told)


def open_to(actor: Actor) -> ColumnElement[bool]:
    """Return `is_open_to` for queries."""
    is_public = Event.visibility == Visibility.PUBLIC
    if not actor.member_of:
        return is_public
    return or_(is_public, and_(Event.visibility == Visibility.MEMBERS, run_by(actor.member_of)))


def run_by(organisations: Collection[int]) -> ColumnElement[bool]:
    """Whether one of `organisations` leads the event or shares it."""
    shares = select(EventCoOwner.event_id).where(EventCoOwner.organisation_id.in_(organisations))
    return or_(Event.lead_organisation_id.in_(organisations), Event.id.in_(shares))


def organised_by(actor: Actor) -> list[ColumnElement[bool]]:
    """Return what the actor's grants open, drafts included, by the one permission table; none for most people."""
    found = [organised_under(grant) for grant in actor.grants]
    return [condition for condition in found if condition is not None]


def organised_under(grant: Grant) -> ColumnElement[bool] | None:
    """Return what one grant opens, if anything."""
    if grant.role is Role.ADMINISTRATOR and Verb.SEE_DRAFT in TABLE[Standing.ADMINISTRATOR]:
        return true()
    if grant.role is not Role.ORGANISER or grant.organisation is None:
        return None
    return and_(run_by({grant.organisation}), in_strand(grant.strand))


def in_strand(strand: Strand | None) -> ColumnElement[bool]:
    """Whether the event is in `strand`; none means any."""
    return true() if strand is None else Event.strand == strand


def may_see_series(series: Series, actor: Actor) -> bool:
    """Whether the series' own visibility lets `actor` in; its page also needs an event that they may see."""
    scope = series_scope(series)
    return may(actor, Verb.SEE_DRAFT, scope) or lets_in(series.visibility, scope, actor)


def series_named_to(actor: Actor) -> ColumnElement[bool]:
    """Return whether a joined series may be named to `actor`, for lists and searches."""
    is_public = Series.visibility == Visibility.PUBLIC
    theirs = actor.member_of | actor.organises_for
    if not theirs:
        return is_public
    shares = exists().where(SeriesCoOwner.series_id == Series.id, SeriesCoOwner.organisation_id.in_(theirs))
    tied = or_(Series.lead_organisation_id.in_(theirs), shares)
    return or_(is_public, and_(Series.visibility == Visibility.MEMBERS, tied))
