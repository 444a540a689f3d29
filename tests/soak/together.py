"""Several clocks beside workers that serve: everything due is queued and sent by them, once."""

from __future__ import annotations

import http.client
import socket
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.core import clock
from programme.engines.mail.models import Heartbeat, OutboxMessage
from programme.engines.mail.outbox import BULK
from programme.engines.mail.states import OutboxState
from programme.scheduler import JOBS
from tests.soak.trials import Ground, Trial, summed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.soak.nursery import Child
    from tests.soak.trials import Sum

LONGEST = 300
"""Seconds until everything must have gone."""
LATER = timedelta(hours=1)


def side_by_side(trial: Trial, ground: Ground) -> Sum:
    """Let them work until all that is due has gone, and do what is due an hour later; return what arrived."""
    with serving(ground, trial.workers) as port:
        with keeping_time(ground, trial.dispatchers) as clocks:
            wait_until(lambda: sent(ground) >= trial.due and answers(port) and len(beats(ground)) == len(JOBS))
            assert {beat.process_id for beat in beats(ground)} <= {child.number for child in clocks}, "no worker's"
        assert ground.start("run-due", "--at", f"{clock.now() + LATER:%Y-%m-%dT%H:%M:%SZ}").wait(LONGEST) == 0
    assert not [line for line in ground.log.read_text().splitlines() if '"level": "error"' in line]
    return summed(ground)


@contextmanager
def keeping_time(ground: Ground, number: int) -> Iterator[list[Child]]:
    """Run the clocks."""
    running = [ground.start("scheduler") for _ in range(number)]
    try:
        yield running
    finally:
        assert [child.end() for child in running] == [0] * number


@contextmanager
def serving(ground: Ground, number: int) -> Iterator[int]:
    """Run the workers, and give their port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    child = ground.start("serve", "--workers", str(number), "--port", str(port))
    try:
        yield port
    finally:
        child.end()


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + LONGEST
    while not true():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.05)


def sent(ground: Ground) -> int:
    """How many letters have gone."""
    with ground.factory() as session:
        gone = select(func.count()).where(OutboxMessage.state == OutboxState.SENT, OutboxMessage.priority == BULK)
        return session.scalar(gone) or 0


def answers(port: int) -> bool:
    """Whether a worker answers people who look at a page meanwhile, and well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", "/events")
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return False
    finally:
        connection.close()
    assert answer.status == http.client.OK
    return True


def beats(ground: Ground) -> Sequence[Heartbeat]:
    """When each job ran last, and in which process."""
    with ground.factory() as session:
        return session.scalars(select(Heartbeat)).all()
