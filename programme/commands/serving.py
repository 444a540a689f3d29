"""`programme serve`: gunicorn around the application, with the scheduler beside it where one worker serves."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from programme.commands.chosen import settings
from programme.core import logs
from programme.core.lazy import load_whole

if TYPE_CHECKING:
    from flask import Flask

    from programme.commands.chosen import Factory

THREADS_ALONE, THREADS_AMONG_OTHERS = 8, 4
"""More threads than cores help while one waits for a disk; beside other workers they only fight for the interpreter."""

SECONDS_A_REQUEST = 60
SECONDS_A_TURN = 0.0005
"""How long a thread may compute before another's turn. A thread that asks the database gives its turn up for
microseconds; at Python's usual 5 ms it waits that long for each of a dozen answers, with the opening locked."""
MOST_WORKERS = 64
LAST_PORT = 65_535
LONGEST_REQUEST_LINE = 8_190
LONGEST_HEADER = 16_380
"""What gunicorn takes. Beyond it the answer is its own bare page; up to it the application says no in its own look."""


class Server(BaseApplication):
    """Gunicorn with our options; the application is made in the worker, after the fork.

    One worker loads it, too: who watches over it would hold all of it besides. Several share what was loaded before
    them, as far as they count no references to it: about half.
    """

    def __init__(self, factory: Factory, options: dict[str, Any]) -> None:
        self.factory = factory
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in this worker."""
        sys.setswitchinterval(SECONDS_A_TURN)
        return self.factory(settings())


class Journal(Logger):
    """Gunicorn's log, written as all the others are."""

    def setup(self, cfg: Any) -> None:
        """Leave the writing to the root logger."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    show_default=True,
    help="Processes; more than one leave the clock to `scheduler`.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, LAST_PORT), default=8000, show_default=True, envvar="PORT")
@click.pass_obj
def serve(factory: Factory, *, workers: int, host: str, port: int) -> None:
    """Serve the programme; with one worker the scheduler runs inside it."""
    chosen = settings()
    options: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS_ALONE if workers == 1 else THREADS_AMONG_OTHERS,
        "timeout": SECONDS_A_REQUEST,
        "control_socket_disable": True,
        "loglevel": "warning",
        "logger_class": Journal,
        "limit_request_line": LONGEST_REQUEST_LINE,
        "limit_request_field_size": LONGEST_HEADER,
        "proc_name": "programme",
    }
    if chosen.trusted_proxies:
        options["forwarded_allow_ips"] = "*"
    if workers == 1:
        options["post_worker_init"] = start_scheduler
        options["worker_exit"] = stop_scheduler
    probe(host, port=port)
    logs.configure()
    logs.gather()
    click.echo(f"Serving at {chosen.base_url} (listening on {host}:{port}). Ctrl-C ends it.")
    if workers > 1:
        load_whole("programme.app")  # before the fork, so that they share it
    Server(factory, options).run()


def probe(host: str, *, port: int) -> None:
    """End with a sentence where nobody can listen at `host` and `port`."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port} ({error.strerror}). Choose another with --host and --port."
        ) from None


def start_scheduler(worker: Any) -> None:
    """Start the clock in the worker that serves."""
    load_whole("programme.clockwork").start_in_background(worker.app.callable)


def stop_scheduler(server: Any, worker: Any) -> None:
    """Stop the clock with its worker; one that ends while it is loading has none, and loads nothing for that."""
    del server, worker
    clockwork = sys.modules.get("programme.clockwork")
    if clockwork is not None:
        clockwork.stop()
