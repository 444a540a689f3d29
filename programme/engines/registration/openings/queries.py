"""Named reads of openings for their organisers: the list, how full each is, what one may open registration for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import event_scope, organised_by
from programme.engines.registration.models import Opening, OpeningEvent, Registration
from programme.engines.registration.openings.rights import listed_to
from programme.engines.registration.states import HOLDING, OpeningState, RegistrationState
from programme.people.models import Organisation
from programme.people.permissions import Verb, may
from programme.people.queries import escaped
from programme.people.states import End, Strand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

SORTS = ("starts", "title", "closes", "state")
MOST_EVENTS = 60
MOST_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which openings are sought, in which order."""

    words: str = ""
    state: OpeningState | None = None
    strand: Strand | None = None
    past: bool = False
    sort: str = "starts"
    descending: bool = False


@dataclass(slots=True)
class Taken:
    """How many are in each state, and how many hold a place from each end."""

    states: dict[RegistrationState, int] = field(default_factory=lambda: defaultdict(int))
    ends: dict[End | None, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def holding(self) -> int:
        """How many hold a place."""
        return sum(self.states[state] for state in HOLDING)

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return self.states[RegistrationState.WAITLISTED]

    @property
    def pending(self) -> int:
        """How many wait for a decision or a draw."""
        return self.states[RegistrationState.PENDING]

    @property
    def liverpool(self) -> int:
        """How many places are held from Liverpool's end."""
        return self.ends[End.LIVERPOOL]

    @property
    def elsewhere(self) -> int:
        """How many places are held from Oxford's end and anywhere else: what a line shows from its other side."""
        return self.holding - self.liverpool


def openings(actor: Actor, sought: Sought, *, now: datetime) -> Select[Opening]:
    """Return the openings an actor organises, or helps at."""
    found = select(Opening).where(listed_to(actor), *conditions(sought, now))
    options = (
        joinedload(Opening.lead_organisation),
        selectinload(Opening.co_owners),
        selectinload(Opening.members_of),
        selectinload(Opening.events).joinedload(Event.venue),
    )
    return found.options(*options).order_by(*ordering(sought))


def conditions(sought: Sought, now: datetime) -> list[ColumnElement[bool]]:
    """Return what the filters leave; without `past`, what has an end to come or none."""
    found = [last_end() <= now] if sought.past else [or_(last_end().is_(None), last_end() > now)]
    if sought.words:
        found.append(func.lower(Opening.title).like(f"%{escaped(sought.words.lower())}%", escape="\\"))
    if sought.state:
        found.append(Opening.state == sought.state)
    if sought.strand:
        found.append(Opening.strand == sought.strand)
    return found


def ordering(sought: Sought) -> Sequence[ColumnElement[Any]]:
    """Return the order; what has no date comes last."""
    keys: dict[str, ColumnElement[Any]] = {
        "starts": first_start(),
        "closes": Opening.closes_at.expression,
        "title": func.lower(Opening.title),
        "state": Opening.state.expression,
    }
    key = keys.get(sought.sort, keys["starts"])
    return [(key.desc() if sought.descending else key.asc()).nulls_last(), Opening.id.expression]


def first_start() -> ColumnElement[datetime]:
    """Return when the first event of an opening starts."""
    return of_events(func.min(Event.starts_at))


def last_end() -> ColumnElement[datetime]:
    """Return when the last event of an opening ends."""
    return of_events(func.max(Event.ends_at))


def of_events(value: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """Return one value over the events of an opening."""
    statement = select(value).join(OpeningEvent, OpeningEvent.event_id == Event.id)
    return statement.where(OpeningEvent.opening_id == Opening.id).correlate(Opening).scalar_subquery()


def taken(session: Session, opening_ids: Iterable[int]) -> dict[int, Taken]:
    """Count the people of every opening's registrations in one query."""
    counts: dict[int, Taken] = {one: Taken() for one in opening_ids}
    statement = (
        select(Registration.opening_id, Registration.state, Organisation.end, func.sum(Registration.heads))
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.opening_id.in_(counts))
        .group_by(Registration.opening_id, Registration.state, Organisation.end)
    )
    for opening_id, state, end, number in session.execute(statement):
        counts[opening_id].states[state] += int(number)
        if state in HOLDING:
            counts[opening_id].ends[end] += int(number)
    return counts


def events_to_admit(
    session: Session, actor: Actor, *, chosen: Sequence[int], now: datetime, words: str = ""
) -> list[Event]:
    """Return the events one may open registration for: those chosen, and what lies ahead with `words` in its title."""
    mine = or_(false(), *organised_by(actor))
    wanted = [Event.title.icontains(word, autoescape=True) for word in words.split()[:MOST_WORDS]]
    ahead = and_(mine, Event.ends_at > now, Event.is_archive.is_(False), *wanted)
    order = (Event.id.in_(chosen).desc(), Event.starts_at, Event.id) if chosen else (Event.starts_at, Event.id)
    statement = (
        select(Event)
        .where(or_(ahead, and_(Event.id.in_(chosen), mine)) if chosen else ahead)
        .options(joinedload(Event.venue), selectinload(Event.co_owners))
        .order_by(*order)
        .limit(MOST_EVENTS)
    )
    return [event for event in session.scalars(statement) if may(actor, Verb.EDIT, event_scope(event))]


def forms_to_copy(session: Session, actor: Actor, *, apart_from: int) -> Sequence[Opening]:
    """Return the openings whose form may be copied, the newest first."""
    statement = (
        select(Opening)
        .where(listed_to(actor), Opening.questionnaire_id.is_not(None), Opening.id != apart_from)
        .options(selectinload(Opening.co_owners))
        .order_by(Opening.id.desc())
        .limit(MOST_EVENTS)
    )
    return session.scalars(statement).all()
