"""Who may do what to an opening: its scope for the permission table, and the same as a condition for lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import EVENT, SERIES, parents_of
from programme.engines.registration.models import Opening, OpeningCoOwner, OpeningEvent
from programme.people.permissions import TABLE, Actor, Grant, Scope, Standing, Verb, may
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose sensitive answers somebody may read: everybody's, or those of the members of some organisations."""

    is_everybody: bool = False
    homes: frozenset[int] = frozenset()

    def covers(self, organisation_id: int | None) -> bool:
        """Whether it reaches somebody from an organisation."""
        return self.is_everybody or organisation_id in self.homes

    @property
    def is_any(self) -> bool:
        """Whether it reaches anybody."""
        return self.is_everybody or bool(self.homes)


def opening_scope(opening: Opening) -> Scope:
    """Return an opening as the permission table reads it; a helper of one of its events helps at it."""
    return scope_with(opening, opening.events)


def event_scope(opening: Opening, event_id: int) -> Scope | None:
    """Return the scope of an opening's roll at one event; None where it does not admit to it.

    A helper of another event of the same opening has no business with this one's names.
    """
    events = [event for event in opening.events if event.id == event_id]
    return scope_with(opening, events) if events else None


def sensitive_reach(actor: Actor, opening: Opening) -> Reach:
    """Return whose sensitive answers an actor may read: all with the right, a co-owner those of its own members."""
    if may(actor, Verb.SEE_ANSWERS, opening_scope(opening)):
        return Reach(is_everybody=True)
    shares = (row.id for row in opening.co_owners)
    own = (one for one in shares if may(actor, Verb.SEE_ANSWERS, Scope(lead=one, strand=opening.strand)))
    return Reach(homes=frozenset(own))


def scope_with(opening: Opening, events: Iterable[Event]) -> Scope:
    """Return an opening's scope below `events`."""
    return Scope(
        lead=opening.lead_organisation_id,
        co_owners=frozenset(owner.id for owner in opening.co_owners),
        strand=opening.strand,
        subject=(OPENING, opening.id),
        parents=tuple(parent for event in events for parent in ((EVENT, event.id), *parents_of(event))),
    )


def opening_with_owners(session: Session, opening_id: int) -> Opening | None:
    """Return an opening with what its scope and its head show."""
    return session.scalar(by_number(), {"opening_id": opening_id})


@cache
def by_number() -> Select[Opening]:
    """Return the statement behind `opening_with_owners`: built once, as each request to an opening asks it."""
    return (
        select(Opening)
        .where(Opening.id == bindparam("opening_id"))
        .options(
            joinedload(Opening.lead_organisation),
            joinedload(Opening.questionnaire),
            selectinload(Opening.co_owners),
            selectinload(Opening.members_of),
            selectinload(Opening.events).options(joinedload(Event.venue), joinedload(Event.series)),
        )
    )


def listed_to(actor: Actor) -> ColumnElement[bool]:
    """Whether an opening is on the actor's list: what they organise or look after, and where they help."""
    return or_(false(), *(listed_under(grant) for grant in actor.grants))


def summed_to(actor: Actor) -> ColumnElement[bool]:
    """Whether an actor may know how many there are, as a partner or as an organiser, by the one permission table."""
    return or_(false(), *(summed_under(grant) for grant in actor.grants))


def summed_under(grant: Grant) -> ColumnElement[bool]:
    """Return of what one grant tells the sums."""
    if grant.role is Role.PARTNER and grant.organisation is not None and Verb.SEE_SUMS in TABLE[Standing.PARTNER]:
        return run_by(grant.organisation)
    return listed_under(grant) if grant.role is Role.ORGANISER else false()


def listed_under(grant: Grant) -> ColumnElement[bool]:
    """Return what one grant puts on the list, by the one permission table."""
    if grant.role is Role.ADMINISTRATOR:
        return true() if Verb.SEE_DRAFT in TABLE[Standing.ADMINISTRATOR] else false()
    if grant.organisation is None:
        return false()
    theirs = and_(run_by(grant.organisation), true() if grant.strand is None else Opening.strand == grant.strand)
    if grant.role is Role.HELPER and grant.subject is not None:
        return and_(theirs, helped_at(*grant.subject))
    return theirs if grant.role is Role.ORGANISER else false()


def helped_at(kind: str, number: int) -> ColumnElement[bool]:
    """Whether an opening admits to what somebody helps with."""
    if kind == OPENING:
        return Opening.id == number
    parents = {EVENT: or_(Event.id == number, Event.part_of_id == number), SERIES: Event.series_id == number}
    if kind not in parents:
        return false()
    admits = select(OpeningEvent.opening_id).join(Event, Event.id == OpeningEvent.event_id).where(parents[kind])
    return Opening.id.in_(admits)


def run_by(organisation_id: int) -> ColumnElement[bool]:
    """Whether an organisation leads an opening or shares it."""
    shares = select(OpeningCoOwner.opening_id).where(OpeningCoOwner.organisation_id == organisation_id)
    return or_(Opening.lead_organisation_id == organisation_id, Opening.id.in_(shares))
