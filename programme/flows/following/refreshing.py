"""Refreshing subscribed addresses: claimed in one transaction, fetched in none, taken in in another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select, update

from programme.core.fetching.client import Marks, Unfetched
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.core.web.words import plural
from programme.engines.calendar.reading.decoding import decode
from programme.engines.calendar.reading.icalendar.blocks import is_whole
from programme.engines.calendar.reading.icalendar.icalendar_file import is_calendar, read_calendar
from programme.engines.calendar.subscribed.merging import pause_after
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import ADDRESS_MOVES, AddressState
from programme.flows.following.carrying_out import take_in
from programme.flows.notices.calendars import tell_failing, tell_works

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.core.fetching.client import Fetcher
    from programme.engines.calendar.reading.rows import Reading
    from programme.flows.following.values import Refreshed
    from programme.people.permissions import Actor

LEASE = timedelta(minutes=15)
"""How long nobody else fetches an address that somebody began to fetch."""
MOST_AT_ONCE = 20
NEXT_TURN = timedelta(minutes=1)
LONGEST_TROUBLE = 500
NO_CALENDAR = "What is at this address is not a calendar: it does not begin with BEGIN:VCALENDAR."
CUT_SHORT = "The calendar was cut short on its way: it does not come to END:VCALENDAR. Nothing was changed."


class Claimed(NamedTuple):
    """An address that is ours to fetch now, as values: rows of the session end with its transaction."""

    id: int
    url: str
    marks: Marks


class Got(NamedTuple):
    """What came of fetching: a calendar, or that it is the same as before (None), or trouble."""

    reading: Reading | None
    marks: Marks
    trouble: str = ""
    is_gone: bool = False


def due_addresses(session: Session, now: datetime) -> list[int]:
    """Return the addresses whose time has come, those that waited longest first."""
    ready = (SubscribedAddress.state == AddressState.FOLLOWED, SubscribedAddress.next_at <= now)
    return list(
        session.scalars(
            select(SubscribedAddress.id).where(*ready).order_by(SubscribedAddress.next_at).limit(MOST_AT_ONCE)
        )
    )


def claim(session: Session, address_id: int, *, now: datetime, is_asked: bool = False) -> Claimed | None:
    """Take an address to fetch, as the transaction's first write; None where somebody else has, or it is not due.

    `is_asked` fetches it before its time, but not while somebody else does: refreshes in a row are a minute apart.
    """
    lately = SubscribedAddress.tried_at < now - timedelta(minutes=1)
    is_due = or_(SubscribedAddress.tried_at.is_(None), lately) if is_asked else SubscribedAddress.next_at <= now
    free = (SubscribedAddress.id == address_id, SubscribedAddress.state == AddressState.FOLLOWED, is_due)
    marked = update(SubscribedAddress).where(*free).values(next_at=now + LEASE, tried_at=now)
    wanted = (SubscribedAddress.id, SubscribedAddress.url, SubscribedAddress.etag, SubscribedAddress.last_modified)
    row = session.execute(marked.returning(*wanted).execution_options(synchronize_session=False)).first()
    return Claimed(row[0], row[1], Marks(row[2], row[3])) if row else None


def got(fetcher: Fetcher, url: str, marks: Marks, *, around: date) -> Got:
    """Fetch and read an address; no transaction is open meanwhile. Trouble is told, never raised."""
    try:
        found = fetcher.fetch(url, known=marks)
        return Got(reading_of(found.body, around=around) if found.body is not None else None, found.marks)
    except Refusal as refusal:
        is_gone = isinstance(refusal, Unfetched) and refusal.is_gone
        return Got(None, marks, refusal.sentence[:LONGEST_TROUBLE], is_gone=is_gone)


def reading_of(body: bytes, *, around: date) -> Reading:
    """Read what was fetched; raises Refusal where it is no calendar, or not the whole of one."""
    text = decode(body)
    if not is_calendar(text.text):
        raise Refusal(NO_CALENDAR)
    if not is_whole(text.text):
        raise Refusal(CUT_SHORT)
    return read_calendar(text.text, encoding=text.encoding, around=around)


def settle(session: Session, address_id: int, came: Got, *, actor: Actor, now: datetime) -> Refreshed | None:
    """Take in what came, or note the trouble; None where there was nothing to take in.

    What is gone for good is paused, so that nobody asks for it for ever. Organisers hear once of what fails for days,
    and once that it is over.
    """
    address = session.get(SubscribedAddress, address_id, with_for_update=True, populate_existing=True)
    if address is None or address.state is not AddressState.FOLLOWED:
        return None
    done = None
    if came.trouble:
        address.failures += 1
        if came.is_gone:
            move(address, AddressState.PAUSED, moves=ADDRESS_MOVES)
    else:
        done = take_in(session, address, came.reading, actor=actor, now=now) if came.reading else None
        tell_works(session, address, now=now)
        succeeded(address, done, came.marks, now=now)
    address.trouble = came.trouble
    if came.trouble:
        tell_failing(session, address, now=now)
    address.next_at = now + pause_after(address.failures, every_hours=address.every_hours)
    if done and done.left:
        go_on(address, now=now)
    session.flush()
    return done


def go_on(address: SubscribedAddress, *, now: datetime) -> None:
    """Fetch an address again at the next turn, in whole: only a part of what is new there was taken in."""
    address.next_at, address.etag, address.last_modified = now + NEXT_TURN, "", ""


def succeeded(address: SubscribedAddress, done: Refreshed | None, marks: Marks, *, now: datetime) -> None:
    """Note a refresh that went well; one that changed nothing leaves the report of the last that did."""
    address.failures, address.succeeded_at = 0, now
    address.etag, address.last_modified = marks
    if done and (done.has_news or done.asked or done.conflicts or not address.last):
        address.last = {**done.as_json(), "at": now.isoformat()}


def sentence(done: Refreshed | None) -> str:
    """Say what a refresh did."""
    if done is None or not (done.has_news or done.asked or done.conflicts):
        return "Nothing is new there."
    told = [
        plural(done.new, "new event") if done.new else "",
        f"{done.changed:,} changed" if done.changed else "",
        f"{done.called_off:,} called off" if done.called_off else "",
        f"{done.back:,} back" if done.back else "",
        f"{done.asked + done.conflicts:,} to be decided" if done.asked or done.conflicts else "",
        f"{done.left:,} to come within minutes" if done.left else "",
    ]
    letters = f" {plural(done.told, 'letter')} to people with places will go out." if done.told else ""
    return ", ".join(filter(None, told)) + "." + letters
