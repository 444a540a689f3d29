"""How many pages a second: what's on over 10,000 events, and one event's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from benchmarks import load, places, seeding, servers
from programme.core.web.converters import slug
from programme.engines.calendar.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

EVENTS = 10_000
REQUESTS = 2_000
CLIENTS = 8
TARGET = 200


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether the target is reached) for each page."""
    with places.installation(kind) as (url, folder):
        path = places.write(url, seed)
        with servers.serving(url, folder, workers=2, scheduler=True) as (port, _):
            for name, address in (("what's on, 10,000 events", "/"), ("event page", path)):
                yield figure(f"{name}, {kind}", address, port)


def seed(session: Session) -> str:
    """Add the events and an opening; returns the address of the first event's page."""
    seeding.events(session, EVENTS)
    event_id, _ = seeding.opening(session, capacity=20)
    title = session.scalars(select(Event.title).where(Event.id == event_id)).one()
    return f"/events/{slug(title, event_id)}"


def figure(name: str, address: str, port: int) -> tuple[str, str, bool]:
    """Ask for one page many times."""
    load.run(lambda client, _: client.get(address).status, port=port, total=200, clients=CLIENTS)
    result = load.run(lambda client, _: client.get(address).status, port=port, total=REQUESTS, clients=CLIENTS)
    good = set(result.statuses) == {200}
    said = f"{result.a_second:,.0f} requests/s, p99 {result.percentile(0.99):.0f} ms, answers {result.statuses}"
    return name, said, good and result.a_second >= TARGET
