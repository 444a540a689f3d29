"""Letters of an installation that is restored from yesterday's backup: nothing too late, nothing known to have gone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.engines.mail.actions import resume
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Opening, Registration
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import OffsetUnit
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.people.identity import actor_of
from programme.people.permissions import Actor
from programme.scheduler import run_due
from tests.bed.clock import START, Clock
from tests.bed.servers.smtp import Peer
from tests.commands.machines import Machine
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import event, opening, registration

HOUR = timedelta(hours=1)
CRASH = START + 24 * HOUR
"""The backup is of START; a day later the machine is gone, and with it what went since."""


@dataclass(frozen=True)
class Talk:
    """A talk by its title: when it begins, and how many hours before it its roll is reminded."""

    title: str
    starts_at: datetime
    hours: int = 24


WENT = Talk("Went before the backup", START + 20 * HOUR)
WAITED = Talk("Waited in the backup", START + 22 * HOUR)
UNDER_WAY = Talk("Under way as it was made", START + 71 * HOUR, hours=72)
AFTERWARDS = Talk("Went after it", START + 36 * HOUR)
OVER = Talk("Went after it, and took place", START + 23 * HOUR, hours=2)
TALKS = (WENT, WAITED, UNDER_WAY, AFTERWARDS, OVER)


@pytest.mark.parametrize(("here", "there"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_restored_a_day_late_it_sends_what_is_of_use_still_and_nothing_past_its_time(
    machine: Callable[..., Machine], tmp_path: Path, clock: Clock, smtp_peer: Peer, *, here: str, there: str
) -> None:
    old, new, file = machine(here, has_tables=True), machine(there, has_tables=True), tmp_path / "all.zip"
    old.others = new.others = {"MAIL_URL": smtp_peer.url}
    lived_in(old)
    assert old.type("backup", str(file)).exit_code == 0
    assert set(told(smtp_peer)) == {WENT.title}
    goes_on(old)
    went = told(smtp_peer)
    assert set(went) == {talk.title for talk in TALKS}
    smtp_peer.received.clear()

    clock.set(CRASH)
    restored = new.type("restore", str(file))
    assert restored.exit_code == 0, restored.output
    app = new.app()
    run_due(app, CRASH)
    assert smtp_peer.received == [], "nothing goes until somebody looked"
    resumed(new)
    for minutes in (0, 2, 60):
        run_due(app, CRASH + timedelta(minutes=minutes))
    assert told(smtp_peer) == {title: went[title] for title in (UNDER_WAY.title, AFTERWARDS.title)}
    assert len(smtp_peer.received) == 2
    assert states(new) == {
        WENT.title: OutboxState.SENT,
        WAITED.title: OutboxState.EXPIRED,
        UNDER_WAY.title: OutboxState.SENT,
        AFTERWARDS.title: OutboxState.SENT,
    }


def lived_in(old: Machine) -> None:
    """Let one reminder go before START, and two wait then: one of them is just being handed over."""
    app = old.app()
    with Session(old.engine) as session:
        cast = assemble(session)
        for talk in TALKS:
            announce(session, cast, talk)
        session.commit()
        run_due(app, START - 3 * HOUR)
        queue_due_reminders(session, START)
        under_way = {"state": OutboxState.SENDING, "lease_token": "of the dead", "inflight_at": START}
        row = select(Registration.id).join(Opening).where(Opening.title == UNDER_WAY.title).scalar_subquery()
        of_it = update(OutboxMessage).where(OutboxMessage.subject_id == row)
        session.execute(of_it.values(**under_way, lease_until=START + HOUR / 4))
        session.commit()


def announce(session: Session, cast: Cast, talk: Talk) -> None:
    """Let Alice have a place at a talk that reminds her."""
    row = event(session, lead=cast.oxford, title=talk.title, starts_at=talk.starts_at)
    registration(session, to=opening(session, events=[row]), who=cast.alice)
    wish = Wish(offset=-talk.hours, unit=OffsetUnit.HOURS)
    add(session, Thing(EVENTS, row.id, cast.oxford.id), wish, actor=actor_of(cast.omar), now=LONG_AGO)


def goes_on(old: Machine) -> None:
    """Let the machine live for the day that its backup knows nothing of."""
    for hours in (1, 2, 12, 21):
        run_due(old.apps[0], START + hours * HOUR)


def resumed(new: Machine) -> None:
    """Let letters go again."""
    with Session(new.engine) as session:
        resume(session, actor=Actor(name="Ada"), now=CRASH)
        session.commit()


def told(peer: Peer) -> dict[str, str]:
    """Return of which talks letters arrived, and under which Message-ID."""
    found: dict[str, str] = {}
    for received in peer.received:
        subject = str(received.message["Subject"])
        found |= {talk.title: str(received.message["Message-ID"]) for talk in TALKS if f"{talk.title} (" in subject}
    return found


def states(machine: Machine) -> dict[str, OutboxState]:
    """Return where the letter about each talk stands."""
    of_letters = (
        select(Opening.title, OutboxMessage.state)
        .join(Registration, Registration.opening_id == Opening.id)
        .join(OutboxMessage, OutboxMessage.subject_id == Registration.id)
    )
    with Session(machine.engine) as session:
        return {row.title: row.state for row in session.execute(of_letters)}
