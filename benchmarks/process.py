"""How soon the first page comes, and how much memory the default shape takes after a thousand requests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks import load, places, seeding, servers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_PAGE_SECONDS = 2.0
MEMORY_MB = 150
TRIES = 3


def measure(kind: str) -> Iterator[tuple[str, str, bool]]:
    """Give (what, figure, whether the target is reached)."""
    with places.installation(kind) as (url, folder):
        places.write(url, lambda session: seeding.events(session, 200))
        seconds = sorted(first_page(url, folder) for _ in range(TRIES))
        said = f"{seconds[TRIES // 2]:.2f} s (of {TRIES}: {', '.join(f'{one:.2f}' for one in seconds)})"
        yield f"first 200 after exec, {kind}", said, seconds[TRIES // 2] <= FIRST_PAGE_SECONDS
        with servers.serving(url, folder, workers=1, scheduler=False) as (port, pids):
            load.run(
                lambda client, n: client.get(("/", "/events", "/calendar.ics")[n % 3]).status,
                port=port,
                total=1000,
                clients=4,
            )
            megabytes = servers.proportional_kb(pids) / 1024
        yield f"memory (PSS) after 1,000 requests, {kind}", f"{megabytes:.0f} MB", megabytes < MEMORY_MB


def first_page(url: str, folder: Path) -> float:
    """Return the seconds from starting the command to the first 200 of what's on."""
    port = servers.free_port()
    began = time.perf_counter()
    process = servers.start(["serve", "--workers", "1", "--port", str(port)], servers.environment(url, folder, port))
    try:
        servers.wait_until_ready(port, "/")
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(servers.PATIENCE)
