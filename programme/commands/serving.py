"""`programme serve`: gunicorn around the application, with the scheduler beside it where one worker serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from programme import scheduler
from programme.commands.ground import settings

if TYPE_CHECKING:
    from flask import Flask

    from programme.commands.ground import Factory

THREADS = 8
SECONDS_A_REQUEST = 60


class Server(BaseApplication):
    """Gunicorn with our options; the application is made in the worker, after the fork."""

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
        return self.factory(settings())


@click.command()
@click.option(
    "--workers", default=1, show_default=True, help="Processes; more than one leave the clock to `scheduler`."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.pass_obj
def serve(factory: Factory, *, workers: int, host: str, port: int) -> None:
    """Serve the programme; with one worker the scheduler runs inside it."""
    chosen = settings()
    options: dict[str, Any] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": SECONDS_A_REQUEST,
        "control_socket_disable": True,
        "loglevel": "warning",
        "proc_name": "programme",
    }
    if chosen.trusted_proxies:
        options["forwarded_allow_ips"] = "*"
    if workers == 1:
        options["post_worker_init"] = start_scheduler
        options["worker_exit"] = stop_scheduler
    click.echo(f"Serving at {chosen.base_url} (listening on {host}:{port}). Ctrl-C ends it.")
    Server(factory, options).run()


def start_scheduler(worker: Any) -> None:
    """Start the clock in the worker that serves."""
    scheduler.start_in_background(worker.app.callable)


def stop_scheduler(server: Any, worker: Any) -> None:
    """Stop the clock with its worker."""
    del server, worker
    scheduler.stop()
