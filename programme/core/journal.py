"""One line in the log for each request, and its name on every line that is written meanwhile."""

from __future__ import annotations

from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING

import structlog
from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

log = structlog.get_logger(__name__)


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
