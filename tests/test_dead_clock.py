"""A scheduler whose thread dies while its process goes on serving: monitors and organisers can see it."""

import ctypes
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.clockwork import APART, start_in_background, stop
from programme.engines.mail.models import Heartbeat
from programme.jobs.working import Running
from programme.scheduler import JOBS
from tests.bed.clock import Clock
from tests.bed.servers.server import LiveServer
from tests.factories.cast import Cast, assemble, cookie_for

PATIENCE = 30
THREE_TICKS = 3 * min(job.seconds for job in JOBS)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def ticking(
    app: Flask, session: Session, cast: Cast, clock: Clock, live_server: LiveServer
) -> Iterator[threading.Thread]:
    """The thread of a clock that beats beside the server, in one process, once each of its jobs has run."""
    start_in_background(app)
    try:
        waited_for(lambda: beaten(session, clock) == 1)
        clock.set(clock.now + len(JOBS) * APART)
        wake()
        waited_for(lambda: beaten(session, clock) == len(JOBS) - 1)
        made = Running.clockwork
        assert made is not None
        yield made._thread
    finally:
        stop()


@pytest.mark.filterwarnings("ignore:Exception in thread APScheduler:pytest.PytestUnhandledThreadExceptionWarning")
def test_dead_thread_turns_health_red_within_three_ticks_and_the_home_says_so(
    ticking: threading.Thread, live_server: LiveServer, session: Session, cast: Cast, clock: Clock
) -> None:
    cookie = cookie_for(session, cast.olga)
    clock.forward(seconds=THREE_TICKS + 1)
    wake()
    waited_for(lambda: beaten(session, clock) > 0)
    assert asked(live_server, "/health/scheduler")[0] == 200
    assert "not going out" not in asked(live_server, "/organise", cookie)[1]
    kill(ticking)
    clock.forward(seconds=THREE_TICKS)
    assert asked(live_server, "/health/scheduler")[0] == 200
    clock.forward(seconds=1)
    status, said = asked(live_server, "/health/scheduler")
    assert (status, list(json.loads(said)["ticks"])) == (503, ["dispatch"])
    live_server.failures.clear()  # that answer was asked for
    assert asked(live_server, "/health/ready")[0] == 200
    for page in ("/organise", "/organise/mail"):
        assert "not going out" in asked(live_server, page, cookie)[1]


def kill(thread: threading.Thread) -> None:
    """End a thread from outside, wherever it is."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))
    wake()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def wake() -> None:
    """Let the clock look at the time."""
    assert Running.clockwork is not None
    Running.clockwork.wakeup()


def beaten(session: Session, clock: Clock) -> int:
    """How many jobs succeeded at the instant that the clock shows."""
    session.rollback()
    return session.scalar(select(func.count()).where(Heartbeat.succeeded_at == clock.now)) or 0


def waited_for(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def asked(live: LiveServer, address: str, cookie: str = "") -> tuple[int, str]:
    """Return the code and the page."""
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=PATIENCE)
    connection.request("GET", address, headers={"Cookie": f"programme_session={cookie}"} if cookie else {})
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page
