"""What organisers decide about subscribed addresses: to follow, pause and stop them, and whose words stand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.models import Event
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import ADDRESS_MOVES, AddressState, Upstream
from programme.flows import scheduling
from programme.flows.following.carrying_out import call_off, fresh
from programme.flows.following.comparing import ELSEWHERE, ground_of, here_of, is_ours
from programme.flows.following.values import from_json
from programme.flows.importing.doing.changing import change
from programme.flows.importing.values import Hand, ImportPlan, PlannedRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

ALREADY = "This was decided already."
GONE = "This address is not followed any more."


def lock(session: Session, address_id: int) -> SubscribedAddress:
    """Return an address that nobody else changes meanwhile; raises Refusal where it is gone."""
    row = session.get(SubscribedAddress, address_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Refusal(GONE)
    return row


def follow(session: Session, address: SubscribedAddress, *, actor: Actor, now: datetime) -> None:
    """Begin to follow an address, or go on; it is fetched at the next turn."""
    before = move(address, AddressState.FOLLOWED, moves=ADDRESS_MOVES, sentence="This address is followed already.")
    address.next_at, address.failures, address.trouble = now, 0, ""
    verb = "subscribed to a calendar" if before is AddressState.PROPOSED else "followed a calendar again"
    note(session, address, verb, actor=actor, now=now)


def pause(session: Session, address: SubscribedAddress, *, actor: Actor, now: datetime) -> None:
    """Leave an address alone for now; its events stay as they are, and no trouble of it is anybody's any more."""
    move(address, AddressState.PAUSED, moves=ADDRESS_MOVES, sentence="This address is not followed at the moment.")
    address.failures, address.trouble = 0, ""
    note(session, address, "paused a calendar", actor=actor, now=now)


def stop(session: Session, address: SubscribedAddress, *, actor: Actor, now: datetime) -> None:
    """Follow an address no more; its events stay, and are the organisers' alone."""
    if address.state is not AddressState.PROPOSED:
        note(session, address, "stopped following a calendar", actor=actor, now=now)
    session.delete(address)
    session.flush()


def decide(session: Session, entry: FollowedEvent, name: str, *, theirs: bool, actor: Actor, now: datetime) -> int:
    """Settle what both sides changed: take what the source says, or keep what stands here; return who is told."""
    if name not in entry.conflicts:
        raise Refusal(ALREADY)
    told = 0
    address = session.get_one(SubscribedAddress, entry.address_id)
    if theirs:
        told = take_theirs(session, address, entry, name, actor=actor, now=now)
    entry.conflicts = [other for other in entry.conflicts if other != name]
    verb = "took what its calendar says" if theirs else "kept what stands here"
    about = {"field": name, "calendar": address.title}
    audit.note(session, entry.event, verb, actor=actor, now=now, after=about)
    session.flush()
    return told


def take_theirs(
    session: Session, address: SubscribedAddress, entry: FollowedEvent, name: str, *, actor: Actor, now: datetime
) -> int:
    """Let a field of an event be what its source said last."""
    scheduling.lock_openings(session, entry.event_id)
    row = PlannedRow(from_json(entry.said), entry.identity, "", {}, is_past=False, fields=(name,))
    may_show = address.publishes or entry.event.published_at is not None
    plan = ImportPlan(address.organisation_id, address.strand, address.title, (row,), (), (), (), (), missing=0)
    hand = Hand(plan, actor, may_show, now)
    told = change(session, row, entry.event_id, ground_of(session, address), hand=hand)[0]
    session.flush()
    entry.taken = {**entry.taken, name: here_of(fresh(session, entry), entry)[name]}
    return told


def decide_vanished(session: Session, entry: FollowedEvent, *, keeps: bool, actor: Actor, now: datetime) -> int:
    """Keep an event that its source has no more, or call it off; return how many people are told."""
    if entry.upstream is not Upstream.ASKED:
        raise Refusal(ALREADY)
    if keeps:
        entry.upstream = Upstream.KEPT
        audit.note(session, entry.event, "kept though its calendar has it no more", actor=actor, now=now)
        return 0
    scheduling.lock_openings(session, entry.event_id)
    return call_off(session, entry, actor=actor, now=now)


def note(session: Session, address: SubscribedAddress, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write an act about an address into the trail of its organisation.

    Only its host: many a calendar is secret by its address, and the trail is read by other strands, and for ever.
    """
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("organisation", address.organisation_id),
        now=now,
        organisation_id=address.organisation_id,
        after={
            "calendar": address.title,
            "address": urlsplit(address.url).hostname or "",
            "strand": address.strand.value,
        },
    )


def entry_of(session: Session, address_id: int, entry_id: int) -> FollowedEvent:
    """Return an event of an address; raises Refusal where it is gone, or others run it by now."""
    loaded = [selectinload(FollowedEvent.event).selectinload(Event.contributions)]
    entry = session.scalar(select(FollowedEvent).where(FollowedEvent.id == entry_id).options(*loaded))
    if entry is None or entry.address_id != address_id:
        raise Refusal("This event is not followed any more.")
    if not is_ours(session.get_one(SubscribedAddress, address_id), entry.event):
        raise Refusal(ELSEWHERE)
    return entry
