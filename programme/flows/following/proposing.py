"""Subscribing to a calendar: what was fetched is kept to be looked at, and followed once somebody confirms it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from programme.core.fetching.client import Marks
from programme.core.refusal import Refusal
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.flows.following.carrying_out import take_in
from programme.flows.following.comparing import AHEAD, BEFORE
from programme.flows.following.deciding import follow
from programme.flows.following.refreshing import go_on, reading_of, succeeded
from programme.flows.importing.plan import plan, take_turn

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from programme.engines.calendar.reading.rows import Reading
    from programme.flows.following.values import Refreshed
    from programme.flows.importing.values import ImportPlan
    from programme.people.models import Strand
    from programme.people.permissions import Actor

KEPT_FOR = timedelta(days=7)
MOST_OF_ONE = 50
"""Addresses that one organisation follows."""
GONE = "What was fetched is not kept any more. Throw this away and give the address again."
TOO_MANY = f"An organisation follows {MOST_OF_ONE} addresses at most. Stop one that is not of use any more."
ALREADY = "This address is followed already for this organisation and strand."


class Wanted(NamedTuple):
    """What an organiser wants to follow, for whom and how."""

    url: str
    title: str
    organisation_id: int
    strand: Strand
    series_id: int | None
    publishes: bool
    every_hours: int


def folder(store: Path) -> Path:
    """Return where calendars wait that were fetched to be looked at."""
    return store / "uploads" / "subscribed"


def stash(store: Path, body: bytes) -> str:
    """Keep what was fetched, and return the name it is kept under."""
    folder(store).mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(20)
    (folder(store) / name).write_bytes(body)
    return name


def kept_reading(store: Path, name: str, *, around: date) -> Reading:
    """Read what was kept; raises Refusal where it is gone."""
    try:
        return read_once(folder(store) / name, around)
    except FileNotFoundError:
        raise Refusal(GONE) from None


@lru_cache(maxsize=2)
def read_once(path: Path, around: date) -> Reading:
    """Read a kept calendar, which never changes."""
    return reading_of(path.read_bytes(), around=around)


def propose(
    session: Session, wanted: Wanted, marks: Marks, *, stored_as: str, actor: Actor, now: datetime
) -> tuple[SubscribedAddress, str]:
    """Keep an address to be looked at; the same one again takes the place of one that nobody confirmed.

    Returns it, and the name of what was kept for that one, to be wiped once this is committed. Raises Refusal where it
    is followed already, or the organisation follows too many.
    """
    take_turn(session, wanted.organisation_id)
    mine = SubscribedAddress.organisation_id == wanted.organisation_id
    same = (SubscribedAddress.strand == wanted.strand, SubscribedAddress.url == wanted.url)
    known = session.scalar(select(SubscribedAddress).where(mine, *same))
    if known is not None and known.state is not AddressState.PROPOSED:
        raise Refusal(ALREADY, field="url")
    replaced = known.stored_as if known is not None else ""
    if known is not None:
        session.delete(known)
        session.flush()
    if (session.scalar(select(func.count()).select_from(SubscribedAddress).where(mine)) or 0) >= MOST_OF_ONE:
        raise Refusal(TOO_MANY, field="url")
    row = SubscribedAddress(
        **wanted._asdict(), person_id=actor.person_id, made_at=now, stored_as=stored_as, etag=marks.etag
    )
    row.last_modified = marks.last_modified
    session.add(row)
    session.flush()
    return row, replaced


def foreseen(session: Session, address: SubscribedAddress, reading: Reading, *, now: datetime) -> ImportPlan:
    """Return what following would do at first, as the preview of a file does; nothing is written."""
    near = tuple(row for row in reading.rows if now - BEFORE < row.ends < now + AHEAD)
    lead, strand = address.organisation_id, address.strand
    some = replace(reading, rows=near)
    return plan(session, some, organisation_id=lead, strand=strand, source=address.title, now=now)


def confirm(
    session: Session, address: SubscribedAddress, reading: Reading, *, actor: Actor, now: datetime
) -> Refreshed:
    """Follow an address from now on, beginning with what was looked at."""
    take_turn(session, address.organisation_id)
    session.refresh(address)
    follow(session, address, actor=actor, now=now)
    done = take_in(session, address, reading, actor=actor, now=now)
    succeeded(address, done, Marks(address.etag, address.last_modified), now=now)
    address.tried_at, address.stored_as = now, ""
    address.next_at = now + timedelta(hours=address.every_hours)
    if done.left:
        go_on(address, now=now)
    session.flush()
    return done


def wipe(store: Path, name: str) -> None:
    """Remove what was kept."""
    if name:
        (folder(store) / name).unlink(missing_ok=True)


def forget_proposals(session: Session, store: Path, *, now: datetime) -> int:
    """Throw away addresses that nobody confirmed for a week, and return how many; for the housekeeping job."""
    waits = (SubscribedAddress.state == AddressState.PROPOSED, SubscribedAddress.made_at < now - KEPT_FOR)
    old = session.scalars(select(SubscribedAddress).where(*waits).limit(500)).all()
    for row in old:
        wipe(store, row.stored_as)
        session.delete(row)
    session.flush()
    return len(old)
