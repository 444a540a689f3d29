"""Reminders: how fast they are queued, and how fast they go out to a local server, near and far, few and many."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks import seeding, servers
from benchmarks.places import analysed, installation, write
from benchmarks.sinks import swallowing
from programme.core import clock
from programme.core.database import begin_writing
from programme.core.schema import moving
from programme.engines.calendar.models import Event
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import RegistrationState, Source
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows.reminding import queue_due_reminders
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Figure = tuple[str, str, bool]
DUE = 10_000
LEAST = {"sqlite": 1_000, "postgresql": 500}
LEAST_FAR = 100
FAR = 2_000
MOST_SECONDS_TO_QUEUE = 0.5
DISPATCHERS = 2
"""Schedulers side by side: one for each core."""
LOCAL_CONNECTIONS, FAR_CONNECTIONS = 40, 20
FEW, MANY = 1_000, 100_000
LOOKED_AT = 2_000
"""How many letters among many are timed: the first of them, when all the others wait."""
FLAT = 1.3
"""How much dearer a letter may be among many than among few, to count as equally dear."""


def measure(kind: str) -> Iterator[Figure]:
    """Give each figure as (what, words, whether it is good enough)."""
    with installation(kind) as (url, folder):
        write(url, lambda session: crowd(session, DUE))
        seconds = queued(url)
        yield f"{kind}: {DUE:,} reminders queued", f"{seconds:.2f} s", seconds <= MOST_SECONDS_TO_QUEUE
        rate, most = side_by_side(url, folder, DUE)
        words = f"{rate:.0f} letters/s, {DISPATCHERS} schedulers, {most} connections"
        yield f"{kind}: whole path to a local sink", words, rate >= LEAST[kind]
    with installation(kind) as (url, folder):
        write(url, lambda session: crowd(session, FAR))
        rate, most = delivered(url, folder, "--delay", "0.01", connections=FAR_CONNECTIONS)
        yield f"{kind}: 10 ms a reply, {most} connections", f"{rate:.0f} letters/s", rate >= LEAST_FAR
    yield flat(kind)


def side_by_side(url: str, folder: Path, number: int) -> tuple[float, int]:
    """Let several schedulers hand everything over, and return letters a second and how many connections they used."""
    with swallowing(folder) as sink:
        settings = sending(url, folder, sink.port, connections=LOCAL_CONNECTIONS)
        settings |= {"MAIL_CONNECTIONS_EACH": str(LOCAL_CONNECTIONS // DISPATCHERS)}
        processes = [servers.start(["scheduler"], settings) for _ in range(DISPATCHERS)]
        try:
            sink.wait_for(number)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(servers.PATIENCE)
        if len(sink.arrivals()) != number:
            raise RuntimeError(f"{len(sink.arrivals())} letters of {number} arrived.")
        rate = sink.rate()
    return rate, sink.most


def flat(kind: str) -> Figure:
    """Compare what a letter costs among few that are due and among many."""
    rates = []
    for number in (FEW, MANY):
        with installation(kind) as (url, folder):
            write(url, lambda session, number=number: crowd(session, number))  # type: ignore[misc]
            queued(url)
            analysed(url)
            rates.append(begun(url, folder, min(number, LOOKED_AT)))
    dearer = rates[0] / rates[1]
    words = f"{1000 / rates[0]:.2f} ms among {FEW:,}, {1000 / rates[1]:.2f} ms among {MANY:,} ({dearer:.2f} times)"
    return f"{kind}: what a letter costs", words, dearer <= FLAT


def begun(url: str, folder: Path, number: int) -> float:
    """Let a scheduler's process hand over the first letters of those that are due, and return letters a second."""
    with swallowing(folder) as sink:
        process = servers.start(["scheduler"], sending(url, folder, sink.port, connections=LOCAL_CONNECTIONS))
        try:
            sink.wait_for(number)
        finally:
            process.terminate()
            process.wait(servers.PATIENCE)
        return sink.rate(most=number)


def crowd(session: Session, number: int) -> None:
    """Seat `number` invented people at one event that begins in less than a day, with the usual reminder."""
    now = clock.now()
    seeding.events(session, 1)
    event_id, opening_id = seeding.opening(session, capacity=None)
    event = session.get_one(Event, event_id)
    event.starts_at, event.ends_at = now + timedelta(hours=23), now + timedelta(hours=24)
    rule = ensure_default_rule(session, event_id, now - timedelta(days=9))
    if rule is None:
        raise RuntimeError("The measured event has a rule already.")
    people(session, number)
    registrations(session, opening_id)
    chairs = [
        {"registration_id": row, "event_id": event_id, "changed_at": now}
        for row in session.scalars(select(Registration.id))
    ]
    session.execute(insert(Seat), chairs)


def people(session: Session, number: int) -> None:
    """Add invented people."""
    rows = [
        {
            "name": f"Person {n} Ó Measured",
            "address": f"person{n}@example.ac.uk",
            "address_key": f"person{n}@example.ac.uk",
            "created_at": clock.now(),
        }
        for n in range(number)
    ]
    session.execute(insert(Person), rows)


def registrations(session: Session, opening_id: int) -> None:
    """Give everybody a place, three days ago."""
    then = clock.now() - timedelta(days=3)
    rows = [
        {
            "opening_id": opening_id,
            "person_id": person.id,
            "name": person.name,
            "address": person.address,
            "state": RegistrationState.CONFIRMED,
            "source": Source.SELF,
            "joined_at": then,
            "confirmed_at": then,
        }
        for person in session.scalars(select(Person).where(Person.address_key.like("person%")))
    ]
    session.execute(insert(Registration), rows)


def queued(url: str) -> float:
    """Queue what is due, and return the seconds it took, commit and all."""
    engine = moving.engine_for(url)
    began = time.perf_counter()
    with Session(engine) as session:
        begin_writing(session)
        queue_due_reminders(session, clock.now())
        session.commit()
    seconds = time.perf_counter() - began
    engine.dispose()
    return seconds


def delivered(url: str, folder: Path, *words: str, connections: int) -> tuple[float, int]:
    """Let a scheduler's process hand everything over, and return letters a second and how many connections it used."""
    total = write(url, lambda session: session.scalar(select(func.count()).select_from(Seat))) or 0
    with swallowing(folder, *words) as sink:
        servers.run(["run-due"], sending(url, folder, sink.port, connections=connections))
        if len(sink.arrivals()) != total:
            raise RuntimeError(f"{len(sink.arrivals())} letters of {total} arrived.")
        rate = sink.rate()
    return rate, sink.most


def sending(url: str, folder: Path, port: int, *, connections: int) -> dict[str, str]:
    """Return the settings of an installation that sends to a local server."""
    settings = servers.environment(url, folder, 8000)
    return settings | {"MAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_CONNECTIONS": str(connections)}
