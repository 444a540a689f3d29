"""What came back and needs somebody: addresses that do not exist, our letters called unwelcome, an inbox shut to us."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.web.words import plural
from programme.engines.mail.addresses.queries import stopped_lately, unwelcome_since
from programme.engines.mail.models import Heartbeat
from programme.screens.organiser.home.need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

ADDRESSES = "/organise/mail/addresses"
READS = "inbox"
LATELY = timedelta(days=7)
LONGEST = 160


def needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Tell organisers of addresses to correct, and administrators of what stands between us and other mail systems."""
    if actor.organises_for:
        yield from dead_addresses(session, actor, now=now)
    if actor.is_administrator:
        yield from standing_abroad(session, now=now)


def dead_addresses(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Say how many addresses of theirs turned out not to exist this week."""
    count = stopped_lately(session, actor, since=now - LATELY)
    if count:
        title = f"{plural(count, 'address', 'addresses')} {'does' if count == 1 else 'do'} not exist"
        why = "Letters came back this week. Ask the people for the right address, or let us try again."
        yield Need(title, f"{ADDRESSES}?cause=bounced", why, None, "Look")


def standing_abroad(session: Session, *, now: datetime) -> Iterator[Need]:
    """Say that mail systems call our letters unwelcome, and that what comes back cannot be read."""
    count, latest = unwelcome_since(session, since=now - LATELY)
    if count:
        title = f"Mail systems called our letters unwelcome: {plural(count, 'letter')} this week"
        why = f"The latest said: {latest[:LONGEST].rstrip('.')}. Look at SPF, DKIM and DMARC: “programme mail-check”."
        yield Need(title, "/organise/mail", why, now, "Look", station="late")
    reads = session.get(Heartbeat, READS)
    if reads is not None and reads.last_error:
        why = f"{reads.last_error.rstrip('.')}. Until then nobody notices what comes back."
        yield Need("The inbox of bounces cannot be read", "/organise/mail", why, now, "Look", station="late")
