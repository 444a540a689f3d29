"""Verbs of an opening: made, changed, opened, closed, shared; each change takes its lock first, none tells anybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.audit import differing, note
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.core.transitions import move
from programme.engines.calendar.models import Event
from programme.engines.registration.actions import lock, lock_all
from programme.engines.registration.deciding.keys import forget_keys, is_waited_for
from programme.engines.registration.deciding.queries import key_holders, keyed_terms
from programme.engines.registration.models import Opening, OpeningEvent, Registration, Seat
from programme.engines.registration.offers.deadline import (
    time_of,
)
from programme.engines.registration.openings import quotas
from programme.engines.registration.openings.editing.details import APART, Details, check
from programme.engines.registration.states import (
    LIVE,
    OPENING_MOVES,
    Eligibility,
    OpeningState,
    PlacesBy,
    SeatState,
)
from programme.engines.registration.waiting.filling import fill
from programme.people.models import Organisation
from programme.people.organisations import sharers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.people.states import Strand


@dataclass(frozen=True, slots=True)
class Edited:
    """An opening after a change, who moved up by it, and whether keys decided there that do no more."""

    opening: Opening
    promoted: tuple[Registration, ...] = ()
    has_lifted_keys: bool = False


def create(session: Session, details: Details, *, lead_id: int, strand: Strand, actor: Actor, now: datetime) -> Opening:
    """Make a draft for some events, or for none; it is shared by those who share its events."""
    check(details)
    opening = Opening(lead_organisation_id=lead_id, strand=strand, created_at=now, **plain(details))
    opening.events = list(events_of(session, details.event_ids))
    opening.members_of = list(organisations_of(session, details.members_of))
    opening.co_owners = owners_of(opening)
    quotas.keep(opening, details.quotas)
    session.add(opening)
    session.flush()
    note(session, opening, "created", actor=actor, now=now, after={"title": opening.title})
    return opening


def edit(session: Session, opening_id: int, details: Details, *, actor: Actor, now: datetime, seen: str = "") -> Edited:
    """Change an opening. More places move people up; fewer take nothing from anybody.

    Refused where it is not any more what the form was made from, of which `seen` is the mark (see `seen_of`).
    """
    check(details)
    opening = lock_all(session, {opening_id, *admitting_to(session, details.event_ids)})[opening_id]
    session.expire(opening, ["members_of", "events"])
    refuse_if_changed(seen, seen_of(opening))
    lifted = check_manner(session, opening, details)
    check_choice(session, opening, details)
    check_together(session, opening, details)
    before = facts_of(opening)
    for name, value in plain(details).items():
        if name != "ballot_at" or not opening.ballot_seed:
            setattr(opening, name, value)
    opening.members_of = list(organisations_of(session, details.members_of))
    change_events(session, opening, details.event_ids, now=now)
    quotas.keep(opening, details.quotas)
    session.flush()
    note_changes(session, opening, before, actor=actor, now=now)
    if lifted:
        note(session, opening, "lifted its keys", actor=actor, now=now)
    return Edited(opening, fill(session, opening, now=now), has_lifted_keys=lifted)


def admitting_to(session: Session, event_ids: Collection[int]) -> Sequence[int]:
    """Return the openings that admit to events already: in a shared room they fill the same chairs."""
    return session.scalars(select(OpeningEvent.opening_id).where(OpeningEvent.event_id.in_(event_ids))).all()


def publish(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> Opening:
    """Let people register, within the window; a closed opening is opened again."""
    return turn(session, opening_id, OpeningState.OPEN, actor=actor, now=now)


def close(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> Opening:
    """Stop taking registrations; those there are stay, and the waiting list goes on."""
    return turn(session, opening_id, OpeningState.CLOSED, actor=actor, now=now)


def turn(session: Session, opening_id: int, state: OpeningState, *, actor: Actor, now: datetime) -> Opening:
    """Move an opening's state; where it is so already nothing happens."""
    opening = lock(session, opening_id)
    if opening.state is state:
        return opening
    before = move(opening, state, moves=OPENING_MOVES, sentence="Open registration first: it is still a draft.")
    verb = {OpeningState.OPEN: "opened", OpeningState.CLOSED: "closed"}[state]
    note(session, opening, verb, actor=actor, now=now, before={"state": before}, after={"state": state})
    session.flush()
    return opening


def share(
    session: Session, opening_id: int, organisation_ids: Collection[int], *, actor: Actor, now: datetime, seen: str = ""
) -> Opening:
    """Say which organisations share an opening with its lead.

    Refused where others share it meanwhile than those that the form was made from, of whom `seen` is the mark.
    """
    opening = lock(session, opening_id)
    session.expire(opening, ["co_owners"])
    refuse_if_changed(seen, sharers.seen_of(opening.co_owners))
    before = [row.short_name for row in opening.co_owners]
    refuse_without_keys(session, opening, organisation_ids)
    wanted = organisations_of(session, [one for one in organisation_ids if one != opening.lead_organisation_id])
    opening.co_owners = list(wanted)
    after = [row.short_name for row in opening.co_owners]
    if before != after:
        note(session, opening, "shared", actor=actor, now=now, before={"shared": before}, after={"shared": after})
    session.flush()
    return opening


def refuse_without_keys(session: Session, opening: Opening, organisation_ids: Collection[int]) -> None:
    """Refuse to share with others as long as keys decide: the keys that were asked for are the present owners'."""
    holders = {row.id for row in key_holders(opening)}
    if holders - {opening.lead_organisation_id, *organisation_ids} and keyed_terms(session, opening) is not None:
        raise Refusal("Each of them holds a key here: let any organiser decide first.", field="co_owners")


def check_manner(session: Session, opening: Opening, details: Details) -> bool:
    """Refuse another way of giving places while people wait for the one they were told of.

    Keys are not kept for it; return whether there were any.
    """
    if details.places_by is opening.places_by:
        return False
    if opening.ballot_seed:
        raise Refusal("The ballot is drawn, so the way of giving places stays.", field="places_by")
    if is_waited_for(session, opening.id):
        raise Refusal("Some people wait for a decision: decide about them first.", field="places_by")
    return forget_keys(session, opening.id)


def check_choice(session: Session, opening: Opening, details: Details) -> None:
    """Refuse to ask for another choice while people are registered by the one they were asked for."""
    asked = (opening.chooses, opening.may_choose_fewer and opening.chooses is not None)
    if (details.chooses, details.may_choose_fewer and details.chooses is not None) != asked and people_on(
        session, opening
    ):
        raise Refusal("People have registered, so how many events one chooses stays.", field="chooses")


def check_together(session: Session, opening: Opening, details: Details) -> None:
    """Refuse to let everybody register alone while some are registered together: a group is counted as one."""
    if details.most_together == 1 < opening.most_together and any(row.heads > 1 for row in people_on(session, opening)):
        raise Refusal("Some are registered together, so leave it at 2 or more.", field="most_together")


def change_events(session: Session, opening: Opening, event_ids: Sequence[int], *, now: datetime) -> None:
    """Admit to these events from now on: whoever is registered gets a chair at what is new."""
    present = {event.id for event in opening.events}
    if present == set(event_ids):
        return
    rows = people_on(session, opening)
    if present - set(event_ids) and rows:
        raise Refusal("People have registered, so no event can be taken out. Cancel the event instead.", field="events")
    opening.events = list(events_of(session, event_ids))
    for row in rows if opening.chooses is None else ():
        row.seats += [
            Seat(event_id=event.id, event=event, state=chair_of(row, event), changed_at=now)
            for event in opening.events
            if event.id not in present
        ]


def chair_of(row: Registration, event: Event) -> SeatState:
    """Return how somebody's chair at a new event stands: whoever has left from an earlier date on has none."""
    return SeatState.SKIPPED if row.leaves_at is not None and event.starts_at >= row.leaves_at else SeatState.HELD


def people_on(session: Session, opening: Opening) -> Sequence[Registration]:
    """Return the live registrations of an opening."""
    statement = select(Registration).where(Registration.opening_id == opening.id, Registration.state.in_(LIVE))
    return session.scalars(statement.order_by(Registration.id)).all()


def events_of(session: Session, event_ids: Sequence[int]) -> Sequence[Event]:
    """Return events in the order of their dates; Refusal where one is not there."""
    statement = select(Event).where(Event.id.in_(event_ids)).order_by(Event.starts_at, Event.id)
    found = session.scalars(statement).all()
    if len(found) != len(set(event_ids)):
        raise Refusal("One of these events is not there any more.", field="events")
    return found


def organisations_of(session: Session, ids: Collection[int]) -> Sequence[Organisation]:
    """Return organisations in their order."""
    return session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.position)).all()


def owners_of(opening: Opening) -> list[Organisation]:
    """Return those that share any of the opening's events, or lead one, apart from its own lead."""
    found = {row.id: row for event in opening.events for row in (event.lead_organisation, *event.co_owners)}
    found.pop(opening.lead_organisation_id, None)
    return [found[key] for key in sorted(found)]


def plain(details: Details) -> dict[str, Any]:
    """Return the details that are columns; what the manner of giving places does not need is left empty."""
    values = {name: value for name, value in asdict(details).items() if name not in APART}
    if details.places_by is not PlacesBy.BALLOT:
        values["ballot_at"] = None
    if details.eligibility is not Eligibility.GROUP:
        values["eligible_group_id"] = None
    return values


def facts_of(opening: Opening) -> dict[str, Any]:
    """Return what the trail compares."""
    names = [name for name in Details.__dataclass_fields__ if name not in APART]
    facts = {name: getattr(opening, name) for name in names}
    facts["members_of"] = [row.short_name for row in opening.members_of]
    facts["quotas"] = quotas.in_words(opening)
    facts["eligible_group_id"] = f"number {opening.eligible_group_id}" if opening.eligible_group_id else None
    facts["offer_morning"] = f"{time_of(opening.offer_morning):%H:%M}"
    facts["events"] = [event.title for event in opening.events]
    return {name: in_json(value) for name, value in facts.items()}


def seen_of(opening: Opening) -> str:
    """Return a mark of everything that the form of an opening shows."""
    return mark_of((facts_of(opening), sorted(event.id for event in opening.events)))


def in_json(value: Any) -> Any:
    """Return a fact as JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.value if isinstance(value, StrEnum) else value


def note_changes(session: Session, opening: Opening, before: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Write what changed into the trail."""
    old, new = differing(before, facts_of(opening))
    if new:
        note(session, opening, "edited", actor=actor, now=now, before=old, after=new)
