"""A trial: many letters due, dispatchers in processes of their own that are killed and stopped, and the sum."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from programme.config import ROOT
from programme.core import clock
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import RegistrationState, Source
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows.reminding import queue_due_reminders
from programme.people.models import Organisation, Person
from tests.factories import things

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from programme.engines.calendar.models import Event
    from programme.engines.reminders.ports import ReminderSubject
    from tests.soak.nursery import Child, Nursery

PATIENCE = 2
"""Seconds until a claim of the dead is free again: a third of it more."""
READY, LONGEST = 30, 600
SHORTEST_LIFE, LONGEST_LIFE = 0.2, 1.2


@dataclass(frozen=True)
class Trial:
    """What is to be borne: how many letters, dispatchers, kills and stops, and how often an answer is lost.

    With `workers` that serve beside them, dispatchers queue the letters themselves and are left in peace; so they are
    where some `cancels` their place meanwhile.
    """

    due: int = 500
    dispatchers: int = 1
    workers: int = 0
    kills: int = 5
    stops: int = 0
    cancels: int = 0
    lose: float = 0.0
    delay: float = 0.01
    connections: int = 4
    seed: int = 1

    @property
    def most_doubled(self) -> int:
        """How many letters may come twice: as many as were in hand when it was killed or slept, and lost answers.

        Of lost answers there are hardly ever four times as many as are to be expected.
        """
        return (self.kills + self.stops) * self.connections + round(self.due * self.lose * 4)


@dataclass
class Sum:
    """What arrived: how often each person was written to, and under which Message-IDs."""

    copies: Counter[str] = field(default_factory=Counter)
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    states: Counter[OutboxState] = field(default_factory=Counter)

    @property
    def doubled(self) -> int:
        """How many letters came besides the first to each person."""
        return sum(self.copies.values()) - len(self.copies)


def crowd(session: Session, number: int, *, subjects: Sequence[ReminderSubject] = ()) -> None:
    """Seat invented people at one event that begins within a day, and queue its reminder to them if `subjects` remind.

    Without any it is due, and whoever keeps the clock queues it.
    """
    now = clock.now()
    lead = session.scalars(select(Organisation).order_by(Organisation.position, Organisation.id)).first()
    assert lead is not None
    talk = things.event(session, lead=lead, starts_at=now + timedelta(hours=23), created_at=now - timedelta(days=9))
    place = things.opening(session, events=[talk], capacity=None)
    ensure_default_rule(session, talk.id, now - timedelta(days=9))
    seat(session, number, opening_id=place.id, event=talk)
    queue_due_reminders(session, now, subjects=subjects)
    session.commit()


def seat(session: Session, number: int, *, opening_id: int, event: Event) -> None:
    """Give invented people a place, three days ago."""
    now = clock.now()
    then = now - timedelta(days=3)
    names = [(f"Person {n} Ó Measured", f"person{n}@example.ac.uk") for n in range(number)]
    session.execute(insert(Person), [{"name": n, "address": a, "address_key": a, "created_at": then} for n, a in names])
    known = session.execute(select(Person.id, Person.name, Person.address).where(Person.address_key.like("person%")))
    held = {"state": RegistrationState.CONFIRMED, "source": Source.SELF, "joined_at": then, "confirmed_at": then}
    rows = [
        {"opening_id": opening_id, "person_id": row.id, "name": row.name, "address": row.address, **held}
        for row in known
    ]
    session.execute(insert(Registration), rows)
    ids = session.scalars(select(Registration.id).where(Registration.opening_id == opening_id))
    session.execute(
        insert(Seat), [{"registration_id": row_id, "event_id": event.id, "changed_at": now} for row_id in ids]
    )


@dataclass
class Ground:
    """Where a trial happens: who starts dispatchers and what they are told, the sink, and the outbox."""

    nursery: Nursery
    factory: sessionmaker[Session]
    environment: dict[str, str]
    notes: Path

    def start(self, *words: str) -> Child:
        """Start a command."""
        return self.nursery.start(*words, environment=self.environment, log=str(self.log))

    @property
    def log(self) -> Path:
        """What commands have to say."""
        return self.notes.with_name("log.jsonl")

    def arrived(self) -> int:
        """How many messages were stored so far."""
        return len(self.notes.read_text().splitlines()) if self.notes.exists() else 0

    def open(self) -> int:
        """How many letters are not at their end."""
        with self.factory() as session:
            ended = (OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.FAILED, OutboxState.EXPIRED)
            statement = select(func.count()).where(OutboxMessage.state.not_in(ended), OutboxMessage.priority == BULK)
            return session.scalar(statement) or 0


def play(trial: Trial, ground: Ground) -> Sum:
    """Let dispatchers work while they are killed and stopped, then in peace until nothing is left; return the sum."""
    chance = random.Random(trial.seed)
    running = [ground.start("scheduler") for _ in range(trial.dispatchers)]
    try:
        acts = [signal.SIGKILL] * trial.kills + [signal.SIGSTOP] * trial.stops
        chance.shuffle(acts)
        for act in acts:
            wait_for_work(ground)
            time.sleep(chance.uniform(SHORTEST_LIFE, LONGEST_LIFE))
            number = chance.randrange(len(running))
            running[number] = suffer(running[number], act, ground)
    finally:
        for process in running:
            process.end()
    finish(ground)
    return summed(ground)


def suffer(process: Child, act: signal.Signals, ground: Ground) -> Child:
    """Kill a dispatcher and start another, or let it sleep past its lease."""
    process.send_signal(act)
    if act is signal.SIGKILL:
        process.wait(READY)
        return ground.start("scheduler")
    time.sleep(PATIENCE * 2)
    process.send_signal(signal.SIGCONT)
    return process


def wait_for_work(ground: Ground) -> None:
    """Wait until a further letter arrives, or none is left."""
    before, until = ground.arrived(), time.monotonic() + READY
    while ground.arrived() == before and ground.open() and time.monotonic() < until:
        time.sleep(0.02)


def finish(ground: Ground) -> None:
    """Do what is left, as of a little later each time: what was in doubt waits for its second try."""
    later, until = timedelta(), time.monotonic() + LONGEST
    while ground.open() and time.monotonic() < until:
        later += timedelta(minutes=7)
        assert ground.start("run-due", "--at", f"{clock.now() + later:%Y-%m-%dT%H:%M:%SZ}").wait(LONGEST) == 0


def summed(ground: Ground) -> Sum:
    """Reckon what arrived."""
    found = Sum()
    for recipient, name in noted(ground.notes):
        found.copies[recipient] += 1
        found.names[recipient].add(name)
    with ground.factory() as session:
        found.states.update(session.scalars(select(OutboxMessage.state).where(OutboxMessage.priority == BULK)))
    return found


def noted(notes: Path) -> Iterator[tuple[str, str]]:
    """Give what the sink noted: recipient and Message-ID."""
    for line in notes.read_text().splitlines():
        _, recipient, name = line.split(" ", 2)
        yield recipient, name


def environment_of(database_url: str, folder: Path, *, mail_url: str, connections: int) -> dict[str, str]:
    """Return what dispatchers of a trial are told."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PROGRAMME_ENV": str(folder / "absent.env"),
        "SECRET_KEY": "only-for-trials-" + "0123456789" * 4,
        "DATABASE_URL": database_url,
        "BASE_URL": "http://localhost",
        "STORE": str(folder / "store"),
        "MAIL_URL": mail_url,
        "MAIL_FROM": "programme@programme.example",
        "MAIL_CONNECTIONS": str(connections),
        "MAIL_PATIENCE": str(PATIENCE),
    }
