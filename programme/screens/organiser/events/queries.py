"""What the organisers' pages of events read: the list, its counts, who is registered, and openings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.lists import one_of
from programme.core.web.words import join_words
from programme.engines.calendar import sight
from programme.engines.calendar.models import Contribution, Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening, OpeningEvent, Registration, Seat
from programme.engines.registration.series.sitting import HAS_CHAIR
from programme.engines.registration.states import HOLDING, RegistrationState
from programme.people.models import Organisation
from programme.people.states import End, Strand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

LONGEST_SEARCH = 100
MOST_WORDS = 8
SORTS = {"date": (Event.starts_at, Event.id), "title": (func.lower(Event.title), Event.id), "state": (Event.state,)}
WHEN = {"ahead": "Coming up", "past": "Past", "all": "Any time"}
WHOSE = {"mine": "Ours", "all": "Everybody’s"}
BOTH_WAYS = {way + name for name in SORTS for way in ("", "-")}
KNOWN: dict[str, Collection[str]] = {
    "state": set(EventState),
    "strand": set(Strand),
    "when": WHEN,
    "whose": WHOSE,
    "sort": BOTH_WAYS,
}
LABELS = {"state": "state", "strand": "strand", "when": "time", "whose": "owner", "sort": "order"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of events is asked for; whatever makes no sense counts as not asked."""

    words: str = ""
    state: EventState | None = None
    strand: Strand | None = None
    when: str = "ahead"
    whose: str = "mine"
    sort: str = "date"
    descending: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether something was asked that could leave nothing."""
        return bool(self.words or self.state or self.strand)


def read(given: Mapping[str, str]) -> Asked:
    """Read what is asked from an address."""
    told = {name: one_of(given.get(name, ""), KNOWN[name], label=LABELS[name]) for name in KNOWN}
    state, strand, when, whose, sort = told.values()
    return Asked(
        words=" ".join(given.get("q", "").split())[:LONGEST_SEARCH],
        state=EventState(state) if state else None,
        strand=Strand(strand) if strand else None,
        when=when or "ahead",
        whose=whose or "mine",
        sort=sort.removeprefix("-") or "date",
        descending=sort.startswith("-") or (when == "past" and not sort),
    )


def listed(actor: Actor, asked: Asked, *, now: datetime) -> Select[Any]:
    """Return the events asked for, in order, with what a row shows."""
    columns = SORTS[asked.sort]
    order = [column.desc() if asked.descending else column.asc() for column in columns]
    statement = select(Event).where(*conditions(actor, asked, now=now))
    if asked.state:
        statement = statement.where(Event.state == asked.state)
    loaded = (joinedload(Event.venue), joinedload(Event.series), joinedload(Event.lead_organisation))
    several = (selectinload(Event.co_owners), selectinload(Event.contributions))
    return statement.options(*loaded, *several).order_by(*order)


def conditions(actor: Actor, asked: Asked, *, now: datetime) -> list[Any]:
    """Return what holds of every event asked for, but for its state."""
    found = [or_(false(), *sight.organised_by(actor)) if asked.whose == "mine" else sight.visible_to(actor)]
    if asked.strand:
        found.append(Event.strand == asked.strand)
    if asked.when != "all":
        found.append(Event.ends_at > now if asked.when == "ahead" else Event.ends_at <= now)
    return [*found, *[has_word(word) for word in asked.words.split()[:MOST_WORDS]]]


def has_word(word: str) -> Any:
    """Whether a word stands in the title, the series' title, or a speaker's name."""
    named = and_(Contribution.event_id == Event.id, Contribution.name.icontains(word, autoescape=True))
    in_series = and_(Series.id == Event.series_id, Series.title.icontains(word, autoescape=True))
    return or_(Event.title.icontains(word, autoescape=True), exists().where(in_series), exists().where(named))


def counts_by_state(session: Session, actor: Actor, asked: Asked, *, now: datetime) -> dict[EventState, int]:
    """Count what is asked for in each state."""
    statement = select(Event.state, func.count()).where(*conditions(actor, asked, now=now)).group_by(Event.state)
    return {row[0]: row[1] for row in session.execute(statement)}


def places_taken(session: Session, events: Iterable[int]) -> dict[int, int]:
    """Count the places held at each event."""
    statement = (
        select(Seat.event_id, func.sum(Registration.heads))
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Seat.event_id.in_(list(events)), HAS_CHAIR)
        .group_by(Seat.event_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class Filling:
    """How full an opening is; `liverpool` and `oxford` are places held from each end, the rest is from elsewhere."""

    opening: Opening
    held: int
    liverpool: int
    oxford: int
    waiting: int

    @property
    def elsewhere(self) -> int:
        """Places held from neither end."""
        return self.held - self.liverpool - self.oxford

    @property
    def from_where(self) -> str:
        """Say where those with a place come from; nothing where there are none."""
        told = ((self.liverpool, "Liverpool"), (self.oxford, "Oxford"), (self.elsewhere, "elsewhere"))
        return join_words([f"{number} from {place}" for number, place in told if number])

    @property
    def left(self) -> int | None:
        """Places left; None without a limit."""
        return None if self.opening.capacity is None else max(0, self.opening.capacity - self.held)

    @property
    def words(self) -> str:
        """Say it: full, 4 waiting; 6 left; 12 registered."""
        left = self.left
        told = f"{self.held} registered" if left is None else f"{left} left" if left else "full"
        return f"{told}, {self.waiting} waiting" if self.waiting else told


def fillings(session: Session, openings: Sequence[Opening]) -> list[Filling]:
    """Return how full each opening is: one query."""
    ids = [opening.id for opening in openings]
    statement = (
        select(Registration.opening_id, Registration.state, Organisation.end, func.count())
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.opening_id.in_(ids))
        .where(Registration.state.in_([*HOLDING, RegistrationState.WAITLISTED]))
        .group_by(Registration.opening_id, Registration.state, Organisation.end)
    )
    rows = session.execute(statement).all() if ids else []
    return [filling_of(opening, [row for row in rows if row[0] == opening.id]) for opening in openings]


def filling_of(opening: Opening, rows: Sequence[Any]) -> Filling:
    """Add up the counts of one opening."""
    held = [row for row in rows if row[1] in HOLDING]
    return Filling(
        opening,
        held=sum(row[3] for row in held),
        liverpool=sum(row[3] for row in held if row[2] is End.LIVERPOOL),
        oxford=sum(row[3] for row in held if row[2] is End.OXFORD),
        waiting=sum(row[3] for row in rows if row[1] is RegistrationState.WAITLISTED),
    )


def openings_of(session: Session, event_id: int) -> Sequence[Opening]:
    """Return every opening that admits to an event, drafts included, with what says whose it is."""
    statement = select(Opening).join(OpeningEvent).where(OpeningEvent.event_id == event_id).order_by(Opening.id)
    loaded = (selectinload(Opening.co_owners), selectinload(Opening.events), joinedload(Opening.lead_organisation))
    return session.scalars(statement.options(*loaded)).all()


def parts_of(session: Session, event_id: int) -> Sequence[Event]:
    """Return the parts of an event, in order of date."""
    statement = select(Event).where(Event.part_of_id == event_id).order_by(Event.starts_at, Event.id)
    return session.scalars(statement.options(joinedload(Event.venue), selectinload(Event.co_owners))).all()
