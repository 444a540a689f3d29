"""What the pages of subscribed addresses show: the list, what is to be decided, and what changed lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from programme.core.web.lists import Page, page_of
from programme.core.web.words import moment, plural
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import Upstream
from programme.engines.registration.models import OpeningEvent, Registration
from programme.flows import scheduling
from programme.flows.following.values import from_json
from programme.flows.importing.taking import LABELS
from programme.people.models import Person, Role
from programme.screens.organiser.imports.differences import BEFORE, brief, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

TO_DECIDE = 20
WHAT = {
    "new": "New",
    "changed": "Changed",
    "conflict": "Changed here and there",
    "asked": "Gone there",
    "called_off": "Gone there, called off here",
    "back": "Back",
    "back_but_off": "Back there; called off here until you put it on again",
}


@dataclass(frozen=True, slots=True)
class ToDecide:
    """An event that waits for its organisers: fields as (name, label, here, there); none where it vanished there."""

    entry: FollowedEvent
    fields: list[tuple[str, str, str, str]]
    people: int
    """How many have a place at what vanished, or wait for one."""


def listed(session: Session, actor: Actor, *, number: int) -> dict[str, Any]:
    """Return a page of the addresses that `actor` may see, with how much of each is to be decided."""
    loaded = joinedload(SubscribedAddress.organisation)
    mine_first = select(SubscribedAddress).where(mine(actor)).options(loaded).order_by(SubscribedAddress.id.desc())
    found = page_of(session, mine_first, number=number)
    ids = [row.id for row in found.rows]
    counted = select(FollowedEvent.address_id, func.count()).where(FollowedEvent.address_id.in_(ids), waits())
    people = select(Person.id, Person.name).where(Person.id.in_({row.person_id for row in found.rows}))
    return {
        "page": found,
        "to_decide": {row[0]: row[1] for row in session.execute(counted.group_by(FollowedEvent.address_id))},
        "people": {row.id: row.name for row in session.execute(people)},
    }


def mine(actor: Actor) -> ColumnElement[bool]:
    """Whether an address is followed for an organisation and strand that `actor` organises."""
    grants = [grant for grant in actor.grants if grant.role is Role.ORGANISER and grant.subject is None]
    ours = [
        and_(
            SubscribedAddress.organisation_id == grant.organisation,
            true() if grant.strand is None else SubscribedAddress.strand == grant.strand,
        )
        for grant in grants
    ]
    return or_(false(), *ours)


def waits() -> ColumnElement[bool]:
    """Whether something about a followed event is to be decided: not of what others run by now, who see to it."""
    theirs = (SubscribedAddress.organisation_id == Event.lead_organisation_id, SubscribedAddress.strand == Event.strand)
    its = (Event.id == FollowedEvent.event_id, SubscribedAddress.id == FollowedEvent.address_id)
    is_ours = exists().where(*its, *theirs).correlate(FollowedEvent)
    return and_(is_ours, or_(FollowedEvent.upstream == Upstream.ASKED, FollowedEvent.conflicting != ""))


def waiting(address_id: int) -> Select[FollowedEvent]:
    """Return the followed events of an address about which something is to be decided."""
    event = joinedload(FollowedEvent.event)
    loaded = (event.joinedload(Event.venue), event.joinedload(Event.lead_organisation))
    some = select(FollowedEvent).where(FollowedEvent.address_id == address_id, waits())
    return some.options(event.selectinload(Event.contributions), *loaded).order_by(FollowedEvent.id)


def decisions(session: Session, address_id: int, *, number: int) -> Page[ToDecide]:
    """Return a page of what is to be decided."""
    found = page_of(session, waiting(address_id), number=number, size=TO_DECIDE)
    reach = reaches(session, [row.event_id for row in found.rows])
    return Page([to_decide(row, reach.get(row.event_id, 0)) for row in found], found.number, found.size, found.total)


def reaches(session: Session, event_ids: Sequence[int]) -> dict[int, int]:
    """Return how many people have a place at each of some events, or wait for one."""
    people = scheduling.reached_at(event_ids).order_by(None)
    wanted = (OpeningEvent.event_id, func.count(Registration.person_id.distinct()))
    counted = people.with_only_columns(*wanted).group_by(OpeningEvent.event_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def to_decide(entry: FollowedEvent, people: int) -> ToDecide:
    """Put one event into words."""
    row, event = from_json(entry.said), entry.event
    lead = event.lead_organisation.short_name
    fields = [
        (name, LABELS[name], brief(BEFORE[name](event)), brief(said(name, row, lead))) for name in entry.conflicts
    ]
    return ToDecide(entry, fields, people)


def how_many(session: Session, address_id: int) -> int:
    """Return how many events follow an address."""
    return session.scalar(select(func.count()).where(FollowedEvent.address_id == address_id)) or 0


def drafts(session: Session, address_id: int, *, now: datetime) -> int:
    """Return how many of the events that follow an address are drafts that lie ahead."""
    ahead = (FollowedEvent.address_id == address_id, Event.state == EventState.DRAFT, Event.ends_at > now)
    return session.scalar(select(func.count()).join_from(FollowedEvent, Event).where(*ahead)) or 0


def source_of(session: Session, event_id: int, actor: Actor) -> FollowedEvent | None:
    """Return how an event follows a calendar, for those who see to that calendar."""
    loaded = select(FollowedEvent).join(SubscribedAddress).options(contains_eager(FollowedEvent.address))
    return session.scalar(loaded.where(FollowedEvent.event_id == event_id, mine(actor)))


def lately(address: SubscribedAddress) -> list[dict[str, Any]]:
    """Return what the last refresh with news did to single events, in words."""
    return [
        {
            **one,
            "what": WHAT[one["what"]],
            "starts": datetime.fromisoformat(one["starts"]),
            "fields": [LABELS[name] for name in one["fields"]],
        }
        for one in address.last.get("lately", [])
    ]


def counted(address: SubscribedAddress) -> str:
    """Sum the last refresh with news up."""
    told = address.last
    if not told:
        return ""
    parts = [
        plural(told["new"], "new event") if told["new"] else "",
        f"{told['changed']:,} changed" if told["changed"] else "",
        f"{told['called_off']:,} called off" if told["called_off"] else "",
        f"{told['back']:,} back" if told["back"] else "",
        f"{told['same']:,} the same" if told["same"] else "",
        f"{told['outside']:,} long over or too far ahead, left out" if told["outside"] else "",
        f"{told['left']:,} to come at the next turn" if told["left"] else "",
    ]
    return f"{moment(datetime.fromisoformat(told['at']))}: {', '.join(filter(None, parts)) or 'nothing new'}."
