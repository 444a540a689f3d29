"""Where a measurement happens: a migrated, founded database of either kind in a folder of its own."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks import servers
from programme.core.database import begin_writing
from programme.core.schema import moving
from tests.bed.servers import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
KINDS = ("sqlite", "postgresql")


@contextmanager
def installation(kind: str) -> Iterator[tuple[str, Path]]:
    """Give (database address, folder) of a founded installation, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with database(kind, folder) as url:
            servers.run(["init"], servers.environment(url, folder, 8000))
            yield url, folder


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database; PostgreSQL writes as durably as in earnest."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'programme.sqlite'}"
        return
    binaries = postgres.programs()
    if binaries is None:
        raise SystemExit("No PostgreSQL was found to measure on.")
    with postgres.running(binaries, manner=postgres.DURABLE) as server:
        yield server.url(server.create())


def write(url: str, work: Callable[[Session], T]) -> T:
    """Do `work` in one committed transaction and return what it returned."""
    engine = moving.engine_for(url)
    with Session(engine) as session:
        begin_writing(session)
        result = work(session)
        session.commit()
    engine.dispose()
    analysed(url)
    return result


def analysed(url: str) -> None:
    """Let PostgreSQL look at its tables, to plan by: by itself it does so within a minute after they grew."""
    engine = moving.engine_for(url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    engine.dispose()
