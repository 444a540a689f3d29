"""What is known of an opening: read whole, let go from its session, and kept while nothing about it changes.

A sign-up spends most of its time on reading what the last one read. So what a form and the rules need of an opening is
read once in a worker and known by a version; the version is compared before a page is shown, and again under the
opening's lock before anything is decided.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState, Visibility
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.models import Questionnaire
from programme.engines.registration.models import Opening, OpeningCoOwner, Quota
from programme.engines.registration.openings.locking import COLUMNS, StaleError, parts_of, raise_revision
from programme.engines.registration.openings.parts import with_parts
from programme.engines.registration.queries import room_mates
from programme.engines.registration.states import OpeningState
from programme.people.models import Organisation, OrganisationKind

if TYPE_CHECKING:
    from programme.engines.questionnaire.kinds import Asked
    from programme.engines.registration.openings.locking import Parts

    Version = tuple[tuple[object, ...], Parts]

MOST_KNOWN = 200
SHARES = and_(OpeningCoOwner.organisation_id == Organisation.id, OpeningCoOwner.opening_id == bindparam("opening_id"))
PARTIES = (
    select(Organisation, OpeningCoOwner.opening_id)
    .join(OpeningCoOwner, SHARES, isouter=True)
    .order_by(Organisation.position, Organisation.id)
)
WHOLE = (
    select(Opening)
    .where(Opening.id == bindparam("opening_id"))
    .options(
        joinedload(Opening.lead_organisation),
        joinedload(Opening.questionnaire).selectinload(Questionnaire.questions),
        selectinload(Opening.members_of),
        selectinload(Opening.quotas).joinedload(Quota.organisation),
        selectinload(Opening.events).options(joinedload(Event.venue), selectinload(Event.co_owners)),
    )
)
ROW = select(*COLUMNS).where(Opening.id == bindparam("opening_id"))


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is behind an opening, the universities one may belong to, and the names of all organisations."""

    universities: tuple[Organisation, ...]
    controllers: tuple[Organisation, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownOpening:
    """An opening with its events, their venues, its questions and parties: to read, in any thread; never to change.

    The rows belong to no session: to change one would change nothing, and to follow what was not read raises an error.
    """

    row: tuple[object, ...]
    parts: Parts
    opening: Opening
    people: Parties
    asked: tuple[Asked, ...]

    @property
    def version(self) -> Version:
        """What is another one after any change."""
        return (self.row, self.parts)

    @property
    def has_limited_room(self) -> bool:
        """Whether openings that share a room may take its chairs."""
        return any(event.room_capacity is not None for event in self.opening.events)

    @property
    def is_public(self) -> bool:
        """Whether anybody may see it: not a draft, and one of its events is announced to all, or the call it is."""
        if self.opening.state is OpeningState.DRAFT:
            return False
        if not self.opening.events:
            return self.opening.visibility is Visibility.PUBLIC
        return any(map(is_announced_to_all, self.opening.events))


def is_announced_to_all(event: Event) -> bool:
    """Whether everybody may see an event."""
    is_told = event.published_at is not None and event.state is not EventState.DRAFT
    return is_told and event.visibility is Visibility.PUBLIC


class KnownOpenings:
    """The openings that were asked for last; one an application, shared by its threads, disposable."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self.most = most
        self.known: OrderedDict[int, KnownOpening] = OrderedDict()
        self.lock = Lock()

    def get(self, session: Session, opening_id: int) -> KnownOpening | None:
        """Return what is known of an opening and still so; None where there is no such opening."""
        version = version_of(session, opening_id)
        if version is None:
            return None
        found = self.known.get(opening_id)
        if found is None or found.version != version:
            found = read_apart(session, opening_id, version)
            self.keep(found)
        return found

    def recall(self, session: Session, opening_id: int) -> KnownOpening | None:
        """Return what was known last, which may have changed since: `lock_known` will say so."""
        return self.known.get(opening_id) or self.get(session, opening_id)

    def forget(self, opening_id: int) -> None:
        """Know it afresh the next time."""
        with self.lock:
            self.known.pop(opening_id, None)

    def keep(self, found: KnownOpening) -> None:
        """Keep what was read, and let the longest known go for it."""
        with self.lock:
            self.known[found.opening.id] = found
            self.known.move_to_end(found.opening.id)
            while len(self.known) > self.most:
                self.known.popitem(last=False)


def version_of(session: Session, opening_id: int) -> Version | None:
    """Return a value that is another one after any change to an opening but in who registered."""
    row = session.execute(ROW, {"opening_id": opening_id}).one_or_none()
    return None if row is None else (tuple(row), parts_of(session, opening_id))


def read_apart(session: Session, opening_id: int, version: Version) -> KnownOpening:
    """Read an opening whole by the session's connection, into rows that belong to no session.

    `version` was read before: what has changed since then is read here, and found stale the next time.
    """
    with Session(session.connection(), expire_on_commit=False) as apart:
        opening = apart.scalars(WHOLE, {"opening_id": opening_id}).one()
        people = parties(apart, opening)
        shares = [row for row in people.controllers if row.id != opening.lead_organisation_id]
        set_committed_value(opening, "co_owners", shares)
        asked = with_parts(apart, opening_id, asked_by(opening.questionnaire))
        apart.expunge_all()
    return KnownOpening(*version, opening, people, asked)


def parties(session: Session, opening: Opening) -> Parties:
    """Return the organisations that a form names, in one query."""
    rows = [(row, shared is not None) for row, shared in session.execute(PARTIES, {"opening_id": opening.id})]
    return Parties(
        tuple(row for row, _ in rows if row.kind is OrganisationKind.UNIVERSITY),
        tuple(row for row, shared in rows if shared or row.id == opening.lead_organisation_id),
        tuple(row.name for row, _ in rows),
    )


def lock_known(session: Session, known: KnownOpening) -> Opening:
    """Lock an opening as `actions.lock` does, and return what is known of it; StaleError where its row has changed.

    Its parts are compared by `actions.enter`, which looks at them beside everything else.
    """
    opening_id = known.opening.id
    mates = room_mates(session, [opening_id]) if known.has_limited_room else [opening_id]
    rows = {one: raise_revision(session, one) for one in mates}
    if tuple(rows[opening_id])[:-1] != known.row:
        raise StaleError
    return known.opening
