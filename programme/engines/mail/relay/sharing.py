"""What a dispatcher has of the mail server: its lanes, as long as it renews them, and letters as the rate allows.

Several dispatchers, on as many machines, are one to the mail server: they share its connections, its rate and its rest
after a fault by rows that each of them locks before it looks.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from programme.engines.mail.delivery.claiming import lease_of, writing
from programme.engines.mail.relay.models import RelayLane, RelayState
from programme.engines.mail.relay.rates import FIRST_REST, longer, refilled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.delivery.claiming import Clock, SessionFactory
    from programme.engines.mail.ports import MailRoom
    from programme.settings.mail import MailServer

CONNECTIONS = 8
HELD = timedelta(minutes=1)


@dataclass(slots=True)
class Share:
    """Our lanes at a mail server, by number; `server` is empty where letters are captured and nothing is shared."""

    server: str = ""
    holder: str = ""
    numbers: Sequence[int] = ()
    rate: int = 0
    held_for: timedelta = HELD
    renewed_at: datetime | None = None

    @property
    def lanes(self) -> int:
        """How many lanes we have."""
        return len(self.numbers)

    def is_to_be_renewed(self, now: datetime) -> bool:
        """Whether it is time to say that we are still here."""
        return self.renewed_at is not None and now - self.renewed_at >= self.held_for / 3

    def renewed(self, session: Session, *, wanted: int, now: datetime) -> int:
        """Keep our lanes where it is time to, and return how many of the wanted letters may go now.

        A dispatcher that slept past its time may have lost lanes to others: it takes up nothing more.
        """
        if not self.server:
            return wanted
        if self.is_to_be_renewed(now):
            ours = update(RelayLane).where(RelayLane.server == self.server, RelayLane.holder == self.holder)
            kept = session.execute(ours.values(held_until=now + self.held_for).returning(RelayLane.number)).all()
            self.renewed_at = now
            self.numbers = self.numbers if len(kept) == len(self.numbers) else ()
        if not self.numbers:
            return 0
        return taken(session, self.server, wanted=wanted, rate=self.rate, now=now) if self.rate and wanted else wanted


def captured_share() -> Share:
    """Return the share of a dispatcher that captures: nothing is shared."""
    return Share(numbers=(1,))


@contextmanager
def share_of(factory: SessionFactory, room: MailRoom, *, clock: Clock) -> Iterator[Share]:
    """Give a share of the mail server for a while; without lanes where others have them all."""
    if room.server.captures:
        yield captured_share()
        return
    share = Share(name_of(room.server), secrets.token_hex(16), rate=room.limits.get("rate", 0))
    share.held_for = min(HELD, lease_of(room))
    with writing(factory) as session:
        now = clock()
        most = room.limits.get("connections", CONNECTIONS)
        each = room.limits.get("connections_each", most)
        share.numbers = lanes_taken(session, share, most=most, each=each, now=now)
        share.renewed_at = now
    try:
        yield share
    finally:
        with writing(factory) as session:
            given_back = update(RelayLane).where(RelayLane.server == share.server, RelayLane.holder == share.holder)
            session.execute(given_back.values(holder=None, held_until=None))


def name_of(server: MailServer) -> str:
    """Return the name under which dispatchers know a mail server."""
    return f"{server.host}:{server.port}"[:300]


def lanes_taken(session: Session, share: Share, *, most: int, each: int, now: datetime) -> Sequence[int]:
    """Take the lanes that are free, or whose holder has not been heard of; `each` at most, to leave others some."""
    mine = [row for row in locked_lanes(session, share.server, most=most) if is_free(row, now=now)][:each]
    for row in mine:
        row.holder, row.held_until = share.holder, now + share.held_for
    return tuple(row.number for row in mine)


def is_free(lane: RelayLane, *, now: datetime) -> bool:
    """Whether nobody holds a lane."""
    return lane.held_until is None or lane.held_until <= now


def locked_lanes(session: Session, server: str, *, most: int) -> Sequence[RelayLane]:
    """Return the lanes there may be, locked in order; made where there were none."""
    numbers = range(1, most + 1)
    rows = [{"server": server, "number": number, "holder": None, "held_until": None} for number in numbers]
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(RelayLane).on_conflict_do_nothing(), rows)
    statement = select(RelayLane).where(RelayLane.server == server, RelayLane.number <= most)
    return session.scalars(statement.order_by(RelayLane.number).with_for_update()).all()


def taken(session: Session, server: str, *, wanted: int, rate: int, now: datetime) -> int:
    """Take letters out of what the rate allows, and return how many that are."""
    row = locked_state(session, server)
    tokens = refilled(row.tokens, since=row.refilled_at, now=now, rate=rate)
    allowed = min(wanted, int(tokens))
    row.tokens, row.refilled_at = tokens - allowed, now
    return allowed


def locked_state(session: Session, server: str) -> RelayState:
    """Return what is known of a mail server, locked; made where nothing was."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    nothing = {"server": server, "rest_seconds": 0, "fault": "", "tokens": 0.0}
    session.execute(insert(RelayState).values(nothing).on_conflict_do_nothing())
    statement = select(RelayState).where(RelayState.server == server).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def may_call(factory: SessionFactory, server: MailServer, *, now: datetime) -> bool:
    """Whether a dispatcher may call the mail server: not while it rests; after its rest, one of them tries first."""
    with factory() as session:
        known = session.get(RelayState, name_of(server))
        if known is None or not known.rest_seconds:
            return True
        if known.resting_until is not None and known.resting_until > now:
            return False
    with writing(factory) as session:
        row = locked_state(session, name_of(server))
        if row.resting_until is not None and row.resting_until > now:
            return False
        row.resting_until = now + timedelta(seconds=FIRST_REST)
        return True


def fault_of(factory: SessionFactory, server: MailServer) -> str:
    """Return what was wrong with the mail server when it was called last; nothing where it works."""
    with factory() as session:
        known = session.get(RelayState, name_of(server))
        return "" if known is None else known.fault


def note_fault(factory: SessionFactory, server: MailServer, fault: str, *, now: datetime) -> None:
    """Let the mail server rest, longer after each fault."""
    with writing(factory) as session:
        row = locked_state(session, name_of(server))
        row.rest_seconds = longer(row.rest_seconds)
        row.resting_until, row.fault = now + timedelta(seconds=row.rest_seconds), fault.replace("\0", "")[:1000]


def note_success(factory: SessionFactory, server: MailServer) -> None:
    """Note that the mail server works; writes nothing where that is known."""
    with factory() as session:
        known = session.get(RelayState, name_of(server))
        if known is None or not known.rest_seconds:
            return
    with writing(factory) as session:
        row = locked_state(session, name_of(server))
        row.rest_seconds, row.resting_until, row.fault = 0, None, ""
