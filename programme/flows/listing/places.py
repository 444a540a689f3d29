"""What lists and event pages say of places at an event: its openings, and what is left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, text

from programme.engines.calendar.models import Event
from programme.engines.registration import terms
from programme.engines.registration.models import Opening, OpeningEvent, Quota, Registration, Seat
from programme.engines.registration.places import Guarantee, Size, Tally, in_force, tally_from
from programme.engines.registration.queries import release_of
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import (
    HOLDING,
    Eligibility,
    OpeningState,
    PlacesBy,
    RegistrationState,
)
from programme.engines.registration.terms import Terms, Window
from programme.people.models import Organisation
from programme.people.states import End

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.flows.sharing.words import Home

COUNTED = (*HOLDING, RegistrationState.WAITLISTED)


@dataclass(frozen=True, slots=True)
class Happening:
    """What places depend on of an event that takes place."""

    id: int
    starts_at: datetime
    room_capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a whole that an opening admits to, and those of them with a place for a newcomer; of others none."""

    all: frozenset[int] = frozenset()
    free: frozenset[int] = frozenset()


NO_PARTS = Parts()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPlaces:
    """One opening as a page shows it: `liverpool` and `oxford` are places held from either end.

    `least` is how many of its events one chooses at the least; None is where a place is one at all of them. `parts` is
    told where it is shown at the whole of its events.
    """

    opening_id: int
    title: str
    note: str
    window: Window
    places_by: PlacesBy
    has_waiting_list: bool
    eligibility: Eligibility
    opens_at: datetime | None
    closes_at: datetime | None
    ballot_at: datetime | None
    tally: Tally
    liverpool: int
    oxford: int
    least: int | None = None
    parts: Parts = NO_PARTS
    homes: Mapping[int, Home] = field(default_factory=dict)

    @property
    def free(self) -> int | None:
        """How many places are left; None is without limit."""
        return self.tally.free

    @property
    def is_full(self) -> bool:
        """Whether any newcomer would have to wait: no place is left, or somebody waits for it."""
        return self.places_by is PlacesBy.FIRST_COME and (self.tally.free == 0 or self.tally.is_awaited)


class OpeningRow(NamedTuple):
    """The columns of an opening that a page shows, beside the event it admits to."""

    event_id: int
    id: int
    title: str
    note: str
    state: OpeningState
    places_by: PlacesBy
    has_waiting_list: bool
    eligibility: Eligibility
    opens_at: datetime | None
    closes_at: datetime | None
    ballot_at: datetime | None
    capacity: int | None
    chooses: int | None
    may_choose_fewer: bool


class KeptFor(NamedTuple):
    """A quota that is not released, and whose it is; `first` is when the first event of the opening begins."""

    opening_id: int
    organisation_id: int
    places: int
    release_at: datetime | None
    release_days: int | None
    short_name: str
    end: End | None
    position: int
    first: datetime | None


class Taken(NamedTuple):
    """How many people of an opening are in a state, by the end they come from, whom they count for, and together."""

    opening_id: int
    state: RegistrationState
    end: End | None
    counts_for_id: int | None
    heads: int
    number: int


VERSIONS = text(
    "SELECT count(*), sum(version), max(id), (SELECT max(id) FROM audit_entry), (SELECT max(id) FROM series),"
    " (SELECT count(*) FROM opening), (SELECT sum(revision) FROM opening) FROM event"
)


def version_of_everything(session: Session) -> tuple[object, ...]:
    """Return a value that is another one after any change that a public page could show: one cheap query.

    Events and openings are counted by their versions, which every change raises under its lock; whatever else is
    edited (places, series, terms) leaves an entry in the trail.
    """
    return tuple(session.execute(VERSIONS).one())


def places_at(session: Session, events: Collection[Happening], *, now: datetime) -> dict[int, tuple[OpenPlaces, ...]]:
    """Return the openings of each event that are not drafts, in four queries at most, whatever their number."""
    rows = opening_rows(session, [event.id for event in events])
    if not rows:
        return {}
    taken, kept = taken_of(session, {row.id for row in rows}), kept_by(session, {row.id for row in rows})
    chairs = chairs_left(session, events, wanted={row.event_id for row in rows})
    happening = {event.id: event for event in events}
    found: dict[int, list[OpenPlaces]] = defaultdict(list)
    for row in rows:
        event = happening[row.event_id]
        found[row.event_id].append(
            open_places(
                row,
                taken.get(row.id, ()),
                kept.get(row.id, ()),
                chairs=chairs.get(row.event_id),
                starts_at=event.starts_at,
                now=now,
            )
        )
    return {event_id: tuple(places) for event_id, places in found.items()}


def opening_rows(session: Session, event_ids: Collection[int]) -> list[OpeningRow]:
    """Return what is open, was open or will be, in the order in which it was made."""
    opening = Opening
    statement = (
        select(OpeningEvent.event_id, opening.id, opening.title, opening.note, opening.state, opening.places_by)
        .add_columns(opening.has_waiting_list, opening.eligibility, opening.opens_at, opening.closes_at)
        .add_columns(opening.ballot_at, opening.capacity, opening.chooses, opening.may_choose_fewer)
        .join(Opening, Opening.id == OpeningEvent.opening_id)
        .where(OpeningEvent.event_id.in_(event_ids), Opening.state != OpeningState.DRAFT)
        .order_by(Opening.id)
    )
    return [OpeningRow(*row) for row in session.execute(statement)]


def taken_of(session: Session, opening_ids: Collection[int]) -> Mapping[int, list[Taken]]:
    """Count who holds a place and who waits, by opening and by the end they come from."""
    statement = (
        select(Registration.opening_id, Registration.state, Organisation.end, Registration.counts_for_id)
        .add_columns(Registration.heads, func.sum(Registration.heads))
        .join(Organisation, Organisation.id == Registration.organisation_id, isouter=True)
        .where(Registration.opening_id.in_(opening_ids), Registration.state.in_(COUNTED))
        .where(Registration.leaves_at.is_(None))
        .group_by(Registration.opening_id, Registration.state, Organisation.end, Registration.counts_for_id)
        .group_by(Registration.heads)
    )
    found: dict[int, list[Taken]] = defaultdict(list)
    for opening_id, state, end, home, heads, number in session.execute(statement):
        found[opening_id].append(Taken(opening_id, state, end, home, heads, int(number)))
    return found


def kept_by(session: Session, opening_ids: Collection[int]) -> Mapping[int, list[KeptFor]]:
    """Return the quotas of openings that are not released."""
    first = (
        select(func.min(Event.starts_at))
        .join(OpeningEvent, OpeningEvent.event_id == Event.id)
        .where(OpeningEvent.opening_id == Quota.opening_id, Event.date_is_known)
        .scalar_subquery()
    )
    statement = (
        select(Quota.opening_id, Quota.organisation_id, Quota.places, Quota.release_at, Quota.release_days)
        .add_columns(Organisation.short_name, Organisation.end, Organisation.position, first)
        .join(Organisation, Organisation.id == Quota.organisation_id)
        .where(Quota.opening_id.in_(opening_ids), Quota.released_at.is_(None))
        .order_by(Quota.opening_id, Quota.organisation_id)
    )
    found: dict[int, list[KeptFor]] = defaultdict(list)
    for row in session.execute(statement):
        found[row[0]].append(KeptFor(*row))
    return found


def chairs_left(session: Session, events: Iterable[Happening], *, wanted: set[int]) -> dict[int, int]:
    """Return how many chairs are left in the rooms that have a limit, whatever opening admits to them."""
    rooms = {
        event.id: event.room_capacity for event in events if event.room_capacity is not None and event.id in wanted
    }
    if not rooms:
        return {}
    statement = (
        select(Seat.event_id, func.sum(Registration.heads))
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Seat.event_id.in_(rooms), HAS_CHAIR)
        .group_by(Seat.event_id)
    )
    sat = dict(session.execute(statement).all())
    return {event_id: capacity - int(sat.get(event_id, 0)) for event_id, capacity in rooms.items()}


def open_places(
    row: OpeningRow,
    taken: Iterable[Taken],
    kept: Iterable[KeptFor],
    *,
    chairs: int | None,
    starts_at: datetime,
    now: datetime,
) -> OpenPlaces:
    """Put one opening together for one event that takes place at `starts_at`."""
    facts = Terms(state=row.state, opens_at=row.opens_at, closes_at=row.closes_at, has_events=True, starts=(starts_at,))
    counted, quotas = list(taken), list(kept)
    held = [part for part in counted if part.state in HOLDING]
    return OpenPlaces(
        opening_id=row.id,
        title=row.title,
        note=row.note,
        window=terms.window(facts, now),
        places_by=row.places_by,
        has_waiting_list=row.has_waiting_list,
        eligibility=row.eligibility,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        ballot_at=row.ballot_at,
        tally=tally_from(
            [(part.state, part.counts_for_id, part.number) for part in counted],
            capacity=row.capacity,
            chairs=chairs,
            guarantees=in_force(map(guarantee, quotas), now=now),
            sizes={Size(home=part.counts_for_id, heads=part.heads) for part in counted if part.state not in HOLDING},
        ),
        liverpool=sum(part.number for part in held if part.end is End.LIVERPOOL),
        oxford=sum(part.number for part in held if part.end is End.OXFORD),
        least=1 if row.chooses and row.may_choose_fewer else row.chooses,
        homes={quota.organisation_id: quota for quota in quotas},
    )


def guarantee(kept: KeptFor) -> Guarantee:
    """Return a quota as the rule reads it."""
    return Guarantee(organisation_id=kept.organisation_id, places=kept.places, until=release_of(kept, kept.first))
