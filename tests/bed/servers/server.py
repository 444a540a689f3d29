"""The application behind a real socket, for browsers and for people who race each other."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

PATIENCE = 30
"""Seconds until a request that has not ended counts as hanging."""

Environ = dict[str, Any]


@dataclass(frozen=True)
class Address:
    """A port of this machine that is ours before anything listens on it."""

    listener: socket.socket

    @property
    def url(self) -> str:
        # by name, since passkeys refuse a number
        return f"http://localhost:{self.listener.getsockname()[1]}"


@dataclass
class LiveServer:
    """A running server; `failures` are the answers of 500 and above and what was raised, and must end empty."""

    url: str
    app: Flask
    failures: list[str] = field(default_factory=list)


@pytest.fixture
def address() -> Iterator[Address]:
    """Where `live_server` will listen."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield Address(listener)


@pytest.fixture
def live_server(app: Flask, address: Address) -> Iterator[LiveServer]:
    """The application on a thread per request; a request that ends in a 5xx fails the test."""
    live = LiveServer(address.url, app)
    watched = Watched(app.wsgi_app, failures=live.failures)
    host, port = address.listener.getsockname()
    server = make_server(host, port, watched, threaded=True, request_handler=Handler, fd=address.listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="live-server")
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        watched.wait()
        server.server_close()
    assert not live.failures, live.failures


class Handler(WSGIRequestHandler):
    """Serve without a line for each request, and say how many are under way."""

    timeout = 5

    def run_wsgi(self) -> None:
        """Answer one request: its thread may wait for another, which is not under way."""
        watched: Watched = self.server.app  # type: ignore[assignment]
        with watched.one_more():
            super().run_wsgi()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Say nothing: a failing request is in `failures`."""


class Watched:
    """Count the requests under way and note those that fail."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, failures: list[str]) -> None:
        self.application = application
        self.failures = failures
        self.under_way = 0
        self.changed = threading.Condition()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the application does."""
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"

        def noting(status: str, *rest: Any) -> Any:
            if status.startswith("5"):
                self.failures.append(f"{asked}: {status}")
            return start_response(status, *rest)

        try:
            return self.application(environ, noting)
        except BaseException as error:
            self.failures.append(f"{asked}: {error!r}")
            raise

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a request for as long as it lasts."""
        with self.changed:
            self.under_way += 1
        try:
            yield
        finally:
            with self.changed:
                self.under_way -= 1
                self.changed.notify_all()

    def wait(self) -> None:
        """Return once no request is under way."""
        with self.changed:
            ended = self.changed.wait_for(lambda: not self.under_way, PATIENCE)
        assert ended, f"{self.under_way} requests hang"
