"""What people who register wait for while ten thousand letters go out beside them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks import letters, load, seeding, servers, signups
from benchmarks.places import installation, write
from benchmarks.sinks import swallowing

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS = 10_000
CLIENTS = 2
FIRST, SIGN_UPS = 100, 500
LEAST = 200
"""How many must have registered while letters went out, for one in a hundred to say something."""
BETWEEN = 0.05
"""Seconds that each of those who register pauses: a busy morning, not a flood."""
TIMES = 2.0
"""How many times as long as otherwise one in a hundred may wait."""
NUMBERS = 3_000_000


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether it is good enough)."""
    with installation(kind) as (url, folder), swallowing(folder) as sink:
        write(url, lambda session: seeding.events(session, 1))
        opening_id = write(url, lambda session: seeding.opening(session, capacity=None)[1])
        write(url, lambda session: letters.crowd(session, LETTERS))
        more = letters.sending(url, folder, sink.port, connections=letters.FAR_CONNECTIONS)
        with servers.serving(url, folder, workers=2, scheduler=False, more=more) as (port, _):
            registered(port, opening_id, first=0, number=FIRST)
            idle, _ = registered(port, opening_id, first=FIRST)
            letters.queued(url)
            scheduler = servers.start(["scheduler"], more)
            try:
                sink.wait_for(FIRST + SIGN_UPS + 100)  # what confirms the registrations so far is more urgent
                busy, began = registered(port, opening_id, first=FIRST + SIGN_UPS)
            finally:
                scheduler.terminate()
                scheduler.wait(servers.PATIENCE)
        arrivals = sorted(sink.arrivals())[: FIRST + SIGN_UPS + LETTERS]
    during = [took for took, at in zip(busy.times, began, strict=True) if at < arrivals[-1]]
    meanwhile = sum(1 for one in arrivals if one > min(began))
    busy.times = during
    slower = busy.percentile(0.99) / idle.percentile(0.99)
    is_good = slower <= TIMES and set(busy.statuses) == {signups.SEE_OTHER} and len(during) >= LEAST
    words = (
        f"p99 {idle.percentile(0.99):.0f} ms idle, {busy.percentile(0.99):.0f} ms beside ({slower:.1f} times), "
        f"median {idle.percentile(0.5):.0f} and {busy.percentile(0.5):.0f} ms, {len(during)} registered while "
        f"{meanwhile:,} letters went out, answers {busy.statuses}"
    )
    yield f"{kind}: registering while letters go out", words, is_good


def registered(port: int, opening_id: int, *, first: int, number: int = SIGN_UPS) -> tuple[load.Result, list[float]]:
    """Register invented people one after the other, with a pause each.

    Times are those of the sent form alone; besides, when each was sent, in seconds as the sink counts them.
    """
    path = load.Client("127.0.0.1", port).get(f"/openings/{opening_id}/registration").header("location")
    sent: list[tuple[float, float]] = []

    def register(client: load.Client, turn: int) -> int:
        time.sleep(BETWEEN)
        found = signups.HIDDEN.search(client.get(path).body)
        if found is None:
            return 0
        who = NUMBERS + first + turn
        said = {"name": f"Measured Person {who}", "email": f"person{who}@people.example.ac.uk"}
        at, began = time.time(), time.perf_counter()
        status = client.post(path, {**said, "form_key": found[1].decode()}).status
        sent.append((time.perf_counter() - began, at))
        return status

    result = load.run(register, port=port, total=number, clients=CLIENTS)
    result.times = [took for took, _ in sent]
    return result, [at for _, at in sent]
