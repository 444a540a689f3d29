"""The clock that goes through the table of recurring work, job by job, and writes down each beat."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from programme.core import clock
from programme.engines.mail.actions import beat, expect_beat, forget_ticks_but
from programme.engines.mail.delivery.claiming import writing
from programme.jobs.working import Running, work_of
from programme.scheduler import JOBS

if TYPE_CHECKING:
    from queue import SimpleQueue

    from flask import Flask

    from programme.jobs.job import Job, Work

log = structlog.get_logger(__name__)

BETWEEN_PULSES = timedelta(seconds=5)
APART = timedelta(milliseconds=100)
"""How long after one job the next begins, and so it stays, as every interval is whole seconds. Together they would
need a thread, a connection and memory each, and hold up whoever asks for the first page."""


def tick(app: Flask, job: Job, work: Work) -> None:
    """Run one job and write down its beat; whatever it raises ends here, so that the others go on."""
    started = clock.now()
    try:
        with app.app_context():
            done = job.run(replace(work, pulse=lambda: pulse(work, job, started)))
        if done.count:
            log.info("job", job=job.name, count=done.count, trouble=done.trouble)
        note(work, job, started=started, succeeded=clock.now(), error=done.trouble)
    except Exception as error:
        log.exception("tick_failed", tick=job.name)
        note(work, job, started=started, succeeded=None, error=f"{type(error).__name__}: {error}")


def pulse(work: Work, job: Job, started: datetime) -> None:
    """Write down that a long job is at work still, now and then."""
    now = clock.now()
    if now - work.pulsed.get(job.name, started) >= BETWEEN_PULSES:
        work.pulsed[job.name] = now
        note(work, job, started=started, succeeded=now)


def note(work: Work, job: Job, *, started: datetime, succeeded: datetime | None, error: str = "") -> None:
    """Write a beat in a short transaction of its own; the clock goes on where even that fails."""
    try:
        with writing(work.factory) as session:
            beat(session, job.name, seconds=job.seconds, started=started, succeeded=succeeded, error=error)
    except Exception:
        log.exception("beat_failed", tick=job.name)


def clockwork(app: Flask) -> BackgroundScheduler:
    """Return APScheduler with the table's jobs: memory only, interval ticks only, UTC, one of each at a time."""
    work = work_of(app, clock.now)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long round of letters is no warning
    made = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(len(JOBS))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    now = clock.now()
    for place, job in enumerate(JOBS):
        made.add_job(
            tick,
            "interval",
            args=(app, job, work),
            seconds=job.seconds,
            id=job.name,
            name=job.name,
            next_run_time=now + place * APART,
        )
    return made


def start_in_background(app: Flask) -> None:
    """Start the clock beside a serving worker."""
    if Running.clockwork is None:
        Running.clockwork = clockwork(app)
        begin_beats(app)
        Running.clockwork.start()


def begin_beats(app: Flask) -> None:
    """Know of every job, so that one which never comes back is missed; forget those that an earlier release had."""
    now = clock.now()
    with writing(work_of(app, clock.now).factory) as session:
        forget_ticks_but(session, frozenset(job.name for job in JOBS))
        for job in JOBS:
            expect_beat(session, job.name, seconds=job.seconds, now=now)


def stop() -> None:
    """Stop the clock; what is under way comes to its end."""
    if Running.clockwork is not None:
        Running.is_ending = True
        Running.clockwork.shutdown(wait=True)
        Running.is_ending = False
        Running.clockwork = None


def run_blocking(app: Flask, until: SimpleQueue[int]) -> None:
    """Keep the clock going until something is put into `until`: for `programme scheduler`.

    A handler of signals puts it there, in this very thread: an Event's lock may be held by whoever begins to wait for
    it, and to set it then would wait for ever.
    """
    start_in_background(app)
    until.get()
    stop()
