"""Feeds beside a bare route with the same bytes under the same server; joining ten thousand; what one edit writes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import bare, load, places, seeding, servers
from programme.core import clock
from programme.core.database import begin_writing
from programme.core.schema import moving
from programme.engines.calendar.actions.events import edit
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.ical.calendar import calendar_bytes
from programme.engines.calendar.models import Event
from programme.engines.calendar.models.blocks import CalendarBlock
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS, MANY = 1_000, 10_000
REQUESTS, ROUNDS, CLIENTS, WORKERS = 1_000, 7, 4, 2
LEAST_WHOLE, LEAST_UNCHANGED = 0.80, 0.75
MOST_MILLISECONDS = 10.0
FEED = "/calendar.ics"
COMMAND = (sys.executable, "-c", "from benchmarks.bare import main; main()")


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether the target is reached)."""
    with places.installation(kind) as (url, folder):
        seeded(url, EVENTS)
        with servers.serving(url, folder, workers=WORKERS, scheduler=False) as (port, pids):
            whole = load.Client("127.0.0.1", port).get(FEED)
            (folder / "body").write_bytes(whole.body)
            with serving_bare(folder) as (bare_port, bare_pids):
                asked = f"If-None-Match: {whole.header('etag')}\r\n"
                yield beside(
                    f"{kind}: feed of {EVENTS:,} events, {len(whole.body):,} octets",
                    Asked(port, FEED, "", 200, pids),
                    Asked(bare_port, "/bare.ics", "", 200, bare_pids),
                    least=LEAST_WHOLE,
                )
                yield beside(
                    f"{kind}: a feed that did not change",
                    Asked(port, FEED, asked, 304, pids),
                    Asked(bare_port, "/unchanged.ics", asked, 304, bare_pids),
                    least=LEAST_UNCHANGED,
                )
        yield from edited(kind, url)
    with places.installation(kind) as (url, _):
        seeded(url, MANY)
        yield joined(kind, url)


def seeded(url: str, count: int) -> None:
    """Add events, with their entries."""
    places.write(url, lambda session: seeding.events(session, count))
    places.write(url, renew)


class Asked(NamedTuple):
    """Where to ask for what, what the head says besides, the status that is due, and the processes that answer."""

    port: int
    path: str
    more: str
    status: int
    pids: list[int]


def beside(name: str, ours: Asked, theirs: Asked, *, least: float) -> tuple[str, str, bool]:
    """Ask both in turns, several rounds, and compare the middle one of each."""
    for one in (ours, theirs):
        rate(one)
    began = [processor_seconds(one.pids) for one in (ours, theirs)]
    rounds = [(rate(ours), rate(theirs)) for _ in range(ROUNDS)]
    ended = [processor_seconds(one.pids) for one in (ours, theirs)]
    cost, bare_cost = (1000 * (end - begin) / ROUNDS / REQUESTS for begin, end in zip(began, ended, strict=True))
    share = statistics.median(here / there for here, there in rounds)
    here, there = (statistics.median(column) for column in zip(*rounds, strict=True))
    lowest, highest = (one(here / there for here, there in rounds) for one in (min, max))
    words = (
        f"{here:,.0f} requests/s, bare {there:,.0f}: {share:.0%} ({lowest:.0%} to {highest:.0%} in {ROUNDS} rounds); "
        f"{cost:.2f} ms CPU of the server each, bare {bare_cost:.2f}"
    )
    return name, words, share >= least


def rate(asked: Asked) -> float:
    """Return requests a second of one address; an answer of another status ends the measuring."""
    words = (f"GET {asked.path} HTTP/1.1", f"Host: 127.0.0.1:{asked.port}", "Accept: */*")
    head = "".join(f"{line}\r\n" for line in words) + f"{asked.more}\r\n"
    whole = head.encode()
    result = load.run(lambda client, _: client.ask(whole).status, port=asked.port, total=REQUESTS, clients=CLIENTS)
    if set(result.statuses) != {asked.status}:
        raise SystemExit(f"{asked.path} answered {result.statuses} instead of {asked.status}.")
    return result.a_second


def processor_seconds(pids: list[int]) -> float:
    """Return the seconds of processor that processes and their children have taken so far."""
    tasks = {member for leader in pids for member in servers.family(leader)}
    spent = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in tasks)
    return sum(int(ticks) for pair in spent for ticks in pair) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving_bare(folder: Path) -> Iterator[tuple[int, list[int]]]:
    """Serve the bare routes with as many workers, and give (port, process ids)."""
    port = servers.free_port()
    settings = servers.environment("sqlite:///none", folder, port) | {bare.BODY: str(folder / "body")}
    words = [*COMMAND, "--workers", str(WORKERS), "--port", str(port)]
    process = subprocess.Popen(words, env=settings, cwd=servers.ROOT, stdout=subprocess.DEVNULL)
    try:
        servers.wait_until_ready(port)
        yield port, [process.pid]
    finally:
        process.terminate()
        process.wait(servers.PATIENCE)


def edited(kind: str, url: str) -> Iterator[tuple[str, str, bool]]:
    """Edit an event and a part of another as a person does, and count the entries that are others afterwards."""
    engine = moving.engine_for(url)
    with Session(engine) as session:
        begin_writing(session)
        event, whole, part = session.scalars(select(Event).order_by(Event.id).limit(3)).all()
        part.part_of_id = whole.id
        renew(session)
        session.commit()
        yield count_written(session, event, f"{kind}: entries written by one edit", due=1)
        yield count_written(session, part, f"{kind}: entries written by an edit of a part: its own, its whole's", due=2)
    engine.dispose()


def count_written(session: Session, event: Event, name: str, *, due: int) -> tuple[str, str, bool]:
    """Edit one event, and count the entries that are others afterwards; the title, which its whole tells, too."""
    begin_writing(session)
    before = contents(session)
    details = replace(details_of(event), title=f"{event.title}, otherwise", summary="Said otherwise.")
    began = time.process_time()
    edit(session, event.id, details, actor=NOBODY, now=clock.now())
    took = 1000 * (time.process_time() - began)
    session.commit()
    after = contents(session)
    others = sum(after[one] != before[one] for one in after)
    return name, f"{others} of {len(after):,}, edit and entry {took:.1f} ms CPU", others == due


def contents(session: Session) -> dict[int, tuple[bytes | None, int]]:
    """Return every kept entry, and when it was written, by event."""
    block = CalendarBlock
    rows = session.execute(select(block.event_id, block.content, block.written))
    return {event_id: (content, written) for event_id, content, written in rows}


def joined(kind: str, url: str) -> tuple[str, str, bool]:
    """Join ten thousand kept entries to one calendar."""
    engine = moving.engine_for(url)
    with Session(engine) as session:
        blocks = [content or b"" for content, _ in contents(session).values()]
    engine.dispose()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        whole = calendar_bytes(blocks, name="Everything")
        times.append(1000 * (time.process_time() - began))
    took = statistics.median(times)
    words = f"{took:.1f} ms CPU for {len(blocks):,} entries, {len(whole):,} octets"
    return f"{kind}: joining {MANY:,} events", words, took < MOST_MILLISECONDS and len(blocks) == MANY
