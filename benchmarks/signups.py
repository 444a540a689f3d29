"""How many sign-ups a second, each a form fetched and sent; and a hundred people racing for twenty places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks import load, places, seeding, servers
from programme.core.schema import moving
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN_UPS = 1_500
CLIENTS = 8
TARGET = 100
RACERS, PLACES = 100, 20
HIDDEN = re.compile(rb'name="form_key"[^>]*?value="([^"]+)"')
SEE_OTHER = 303


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether the target is reached) for the flood and the race."""
    with places.installation(kind) as (url, folder):
        flooded, raced = places.write(url, seed)
        with servers.serving(url, folder, workers=2, scheduler=True) as (port, _):
            sign_ups(port, flooded, range(1_000_000, 1_000_050), clients=CLIENTS)
            yield flood(port, flooded, kind)
            yield race(port, raced, kind, url)


def seed(session: Session) -> tuple[int, int]:
    """Add events and two openings: one without limit to flood, one of twenty places to race for."""
    seeding.events(session, 100)
    return seeding.opening(session, capacity=None)[1], seeding.opening(session, capacity=PLACES)[1]


def sign_ups(port: int, opening_id: int, numbers: range, *, clients: int) -> load.Result:
    """Sign invented people up, a number each, every one by its own form: a GET and a POST, as a link leads there."""
    path = load.Client("127.0.0.1", port).get(f"/openings/{opening_id}/registration").header("location")

    def sign_up(client: load.Client, turn: int) -> int:
        form = client.get(path)
        found = HIDDEN.search(form.body)
        if found is None:
            return form.status
        number = numbers[turn]
        said = {"name": f"Measured Person {number}", "email": f"person{number}@people.example.ac.uk"}
        return client.post(path, {**said, "form_key": found[1].decode()}).status

    return load.run(sign_up, port=port, total=len(numbers), clients=clients)


def flood(port: int, opening_id: int, kind: str) -> tuple[str, str, bool]:
    """Measure sign-ups a second without a limit of places."""
    result = sign_ups(port, opening_id, range(SIGN_UPS), clients=CLIENTS)
    said = f"{result.a_second:,.0f} sign-ups/s, p99 {result.percentile(0.99):.0f} ms, answers {result.statuses}"
    return f"sign-ups (GET and POST), {kind}", said, set(result.statuses) == {SEE_OTHER} and result.a_second >= TARGET


def race(port: int, opening_id: int, kind: str, url: str) -> tuple[str, str, bool]:
    """Let a hundred people race for twenty places, at once."""
    result = sign_ups(port, opening_id, range(2_000_000, 2_000_000 + RACERS), clients=RACERS // 2)
    engine = moving.engine_for(url)
    with Session(engine) as session:
        counted = dict(
            session.execute(
                select(Registration.state, func.count())
                .where(Registration.opening_id == opening_id)
                .group_by(Registration.state)
            ).all()
        )
        letters = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
        capacity = session.get_one(Opening, opening_id).capacity
    engine.dispose()
    confirmed, waiting = counted.get(RegistrationState.CONFIRMED, 0), counted.get(RegistrationState.WAITLISTED, 0)
    good = confirmed == capacity and waiting == RACERS - PLACES and set(result.statuses) == {SEE_OTHER}
    said = f"{confirmed} confirmed, {waiting} waiting, answers {result.statuses}, {letters:,} letters queued in all"
    return f"{RACERS} people race for {PLACES} places, {kind}", said, good
