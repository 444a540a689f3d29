"""Rate limits: settings, counted for all workers together, by the address people come from."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from programme.core import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from programme.config import Settings

View = TypeVar("View", bound="Callable[..., Any]")
SCHEME = "counterfile"
limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=True)


def bind(app: Flask, settings: Settings) -> None:
    """Count in Redis where there is one, else in a small file that the workers of this machine share."""
    settings.store.mkdir(parents=True, exist_ok=True)
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or f"{SCHEME}://{settings.store / 'limits.sqlite'}"
    app.config["RATELIMIT_STRATEGY"] = "fixed-window"
    app.config.update(
        SIGN_UP_LIMIT=settings.sign_up_limit,
        SIGN_IN_LIMIT=settings.sign_in_limit,
        SIGN_IN_ADDRESS_LIMIT=settings.sign_in_address_limit,
        SEARCH_LIMIT=settings.search_limit,
    )
    limiter.init_app(app)


def limited(name: str, *, key: Callable[[], str] | None = None) -> Callable[[View], View]:
    """Limit a view as the setting `name` says: by where people come from, or by what `key` returns."""
    chosen = {} if key is None else {"key_func": key}
    decorate: Callable[[View], View] = limiter.limit(lambda: setting(name), **chosen)
    return decorate


def count_against(name: str) -> None:
    """Count one more against the limit that the setting `name` says, from within a view; beyond it, answer with 429.

    For what is seldom reckoned afresh: whoever is answered with what is kept is not counted.
    """
    with limiter.limit(lambda: setting(name)):
        pass


def setting(name: str) -> str:
    """Return the limit that the settings give for `name`, at the time of a request."""
    return str(current_app.config[name])


class Closing(sqlite3.Connection):
    """A connection that is closed when nobody holds it any more: its thread ended, or its application."""

    def __del__(self) -> None:
        """Close it, whichever thread this is noticed in; one that could not be opened has nothing to close."""
        with suppress(sqlite3.ProgrammingError):
            self.close()


class CounterFile(Storage):
    """Fixed-window counters in a SQLite file of their own, unsynced: about 20,000 a second."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  the base class reads it so

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:  # noqa: FBT001, FBT002  the base class's signature
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.path = Path(urlsplit(uri or "").path)
        self.local = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return the kind of error this storage raises."""
        return sqlite3.Error

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        found: sqlite3.Connection | None = getattr(self.local, "connection", None)
        if found is None:
            found = sqlite3.connect(
                self.path, isolation_level=None, timeout=10, factory=Closing, check_same_thread=False
            )
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=OFF")
            found.execute(
                "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, amount INTEGER, ends REAL) WITHOUT ROWID"
            )
            self.local.connection = found
        return found

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count `amount` more for `key`; a window that ended starts again from nothing."""
        now = clock.now().timestamp()
        row = self.connection().execute(
            "INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET "
            "amount = CASE WHEN ends <= ?4 THEN ?2 ELSE amount + ?2 END, "
            "ends = CASE WHEN ends <= ?4 THEN ?3 ELSE ends END RETURNING amount",
            (key, amount, now + expiry, now),
        )
        return int(row.fetchone()[0])

    def get(self, key: str) -> int:
        """Return the count of `key` in its present window."""
        row = self.connection().execute(
            "SELECT amount FROM counter WHERE name = ? AND ends > ?", (key, clock.now().timestamp())
        )
        found = row.fetchone()
        return int(found[0]) if found else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of `key` ends, in seconds since 1970."""
        found = self.connection().execute("SELECT ends FROM counter WHERE name = ?", (key,)).fetchone()
        return float(found[0]) if found else clock.now().timestamp()

    def check(self) -> bool:
        """Whether the file can be used."""
        return bool(self.connection().execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        """Forget every count."""
        return self.connection().execute("DELETE FROM counter").rowcount

    def clear(self, key: str) -> None:
        """Forget the count of `key`."""
        self.connection().execute("DELETE FROM counter WHERE name = ?", (key,))
