"""Structured logs, one JSON object a line, on standard error."""

from __future__ import annotations

import logging
import sys
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

log = structlog.get_logger(__name__)

SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def configure(*, quiet: bool = False) -> None:
    """Set up structlog; `quiet` keeps only errors (tests)."""
    level = logging.ERROR if quiet else logging.INFO
    structlog.configure(
        processors=[*SHARED, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def gather() -> None:
    """Let what others log (gunicorn, APScheduler, alembic, Python's warnings) be lines like ours: in servers only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*SHARED, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def watch_requests(app: Flask) -> None:
    """Write one line for each request of `app`; registered first, it measures all the others."""
    app.before_request(begin_request)
    app.after_request(end_request)


def begin_request() -> None:
    """Start the watch, and name the request on every line that is written during it."""
    g.request_began = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=token_hex(8))


def end_request(response: Response) -> Response:
    """Write what was asked and how it ended, but neither address nor person."""
    write_request(request.method, route(), response.status_code, began=g.request_began)
    return response


def write_request(method: str, rule: str, status: int, *, began: float) -> None:
    """Write the line of a request that began when `perf_counter` said `began`."""
    milliseconds = round((perf_counter() - began) * 1000, 1)
    log.info("request", method=method, route=rule, status=status, milliseconds=milliseconds)


def route() -> str:
    """Return the rule of the address, such as `/registrations/<token>`: the address itself may hold a secret."""
    return request.url_rule.rule if request.url_rule else ""
