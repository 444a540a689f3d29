"""THE table of recurring work: job, interval, function; and the clock that goes through it.

The truth is in the database: a tick asks what is due now, and nothing is lost when it is missed.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.orm import sessionmaker

from programme.core import clock
from programme.engines.documents.actions import sweep
from programme.engines.documents.shelf import Shelf
from programme.engines.mail.actions import beat, expect_beat, forget_ticks_but
from programme.engines.mail.addresses.inbox.emptying import empty
from programme.engines.mail.delivery.claiming import writing
from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.relay.sharing import fault_of, may_call, note_fault, note_success
from programme.engines.mail.written.broadcasts import due as due_broadcasts
from programme.engines.registration.offers.actions import overdue_offers
from programme.engines.registration.openings.quotas import due_releases
from programme.extensions import db
from programme.flows.addresses.readdressing import follow
from programme.flows.admitting import draw_if_due, due_ballots
from programme.flows.answering.drafts import remind_of_drafts
from programme.flows.answering.follow_ups import go_on_asking
from programme.flows.broadcasting.sending import go_if_due
from programme.flows.bundling.digests import bundle, due_people
from programme.flows.bundling.mornings import queue_mornings
from programme.flows.deciding.escalating import hurry
from programme.flows.housekeeping import housekeep
from programme.flows.importing.files import forget_unconfirmed
from programme.flows.offering.giving import lapse_if_due
from programme.flows.registering import lapse_unproved_holds
from programme.flows.reminding import TICK, queue_due_reminders
from programme.flows.sharing.moving_up import awaited, move_up
from programme.flows.sharing.releasing import release_if_due
from programme.jobs import Done, Job, Work, in_one_transaction, one_by_one, until_done

if TYPE_CHECKING:
    from queue import SimpleQueue

    from flask import Flask
    from sqlalchemy.orm import Session

    from programme.engines.mail.delivery.claiming import Clock

log = structlog.get_logger(__name__)

LONGEST_DISPATCH = timedelta(seconds=60)
MOST_ROUNDS = 10_000
BETWEEN_PULSES = timedelta(seconds=5)


def send(work: Work) -> Done:
    """Hand letters over until none is due or the tick has taken its time; rests while the relay is at fault."""
    if not work.room.server.captures and not may_call(work.factory, work.room.server, now=work.clock()):
        return Done(0, f"resting after a fault: {fault_of(work.factory, work.room.server)}")
    until = clock.now() + LONGEST_DISPATCH
    done = dispatch(
        work.factory,
        work.room,
        now=work.clock,
        goes_on=lambda: clock.now() < until and not work.is_ending(),
        pulse=work.pulse,
    )
    if done.sent and not work.room.server.captures:
        note_success(work.factory, work.room.server)
    if done.fault:
        note_fault(work.factory, work.room.server, done.fault, now=work.clock())
    return Done(sum(done.ended.values()), "sending is paused" if done.paused else done.fault)


def draw_one(session: Session, opening_id: int, now: datetime) -> bool:
    """Draw one ballot."""
    return draw_if_due(session, opening_id, now=now) is not None


def release_one(session: Session, opening_id: int, now: datetime) -> bool:
    """Release the quotas of one opening whose time has come."""
    return release_if_due(session, opening_id, now=now) > 0


def end_offers(session: Session, opening_id: int, now: datetime) -> bool:
    """End the offers of one opening that nobody answered in time."""
    return lapse_if_due(session, opening_id, now=now) > 0


def move_some_up(session: Session, opening_id: int, now: datetime) -> int:
    """Move up some of one waiting list."""
    return move_up(session, opening_id, now=now)


def send_one(session: Session, broadcast_id: int, now: datetime) -> bool:
    """Put the letters of one broadcast into the outbox."""
    return go_if_due(session, broadcast_id, now=now) > 0


draw = one_by_one(due_ballots, draw_one)
offers = one_by_one(overdue_offers, end_offers)
release = one_by_one(due_releases, release_one)
move_all_up = until_done(awaited, move_some_up)
broadcast = one_by_one(due_broadcasts, send_one)


def read_inbox(work: Work) -> Done:
    """Take in what came back."""
    done = empty(work.factory, work.room, now=work.clock)
    return Done(done.count, done.trouble)


def remind(work: Work) -> Done:
    """Queue the reminders that are due, of everything that reminds."""
    return in_one_transaction(partial(queue_due_reminders, subjects=work.subjects))(work)


def readdress(work: Work) -> Done:
    """Let letters that came back into the queue follow people who have another address by now."""
    private = frozenset(letter.name for letter in work.room.letters.values() if letter.is_for_one_address)
    return in_one_transaction(partial(follow, private=private))(work)


def bundle_days(work: Work) -> Done:
    """Put reminders that wait for the letter of their day into it."""
    return one_by_one(due_people, partial(bundle, kinds=work.room.letters))(work)


def tidy(work: Work) -> Done:
    """Throw away what has served its time, files that nobody confirmed among it."""
    with writing(work.factory) as session:
        gone = housekeep(session, work.keepers, work.times, now=work.clock())
        return Done(gone + forget_unconfirmed(session, work.store, now=work.clock()))


def sweep_files(work: Work) -> Done:
    """Wipe the bytes of files that nobody holds any more."""
    with writing(work.factory) as session:
        return Done(sweep(session, Shelf(work.store), now=work.clock()))


JOBS = (
    Job(TICK, 15, remind),
    Job("readdress", 15, readdress),
    Job("lapse", 60, in_one_transaction(lapse_unproved_holds)),
    Job("draw", 60, draw),
    Job("hurry", 60, in_one_transaction(hurry)),
    Job("release", 15, release),
    Job("offers", 15, offers),
    Job("move_up", 15, move_all_up),
    Job("broadcast", 15, broadcast),
    Job("bundle", 60, bundle_days),
    Job("morning", 60, in_one_transaction(queue_mornings)),
    Job("dispatch", 3, send),
    Job("inbox", 60, read_inbox),
    Job("drafts", 60, in_one_transaction(remind_of_drafts)),
    Job("follow-ups", 60, in_one_transaction(go_on_asking)),
    Job("sweep", 60, sweep_files, is_due_work=False),
    Job("housekeep", 600, tidy, is_due_work=False),
)


def run_due(app: Flask, at: datetime) -> dict[str, Done]:
    """Do everything that is due at an instant, again and again until nothing is left; return how much of each.

    Nothing is thrown away before its time: housekeeping looks at the present, however late `at` is. A job that fails
    raises here: whoever asked for it by hand is to see it.
    """
    work, sums = work_of(app, lambda: at), {job.name: Done() for job in JOBS}
    with app.app_context():
        for _ in range(MOST_ROUNDS):
            found = {job.name: job.run(work) for job in JOBS if job.is_due_work}
            sums.update({name: sums[name].and_then(done) for name, done in found.items()})
            if not any(done.count for done in found.values()):
                break
        present = work_of(app, lambda: min(at, clock.now()))
        sums.update({job.name: job.run(present) for job in JOBS if not job.is_due_work})
    return sums


def work_of(app: Flask, reader: Clock) -> Work:
    """Return what the jobs of `app` work with."""
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    names = ("mail_room", "keepers", "times", "reminder_subjects")
    room, keepers, times, subjects = (app.extensions[name] for name in names)
    store = app.extensions["settings"].store
    return Work(factory, room, reader, store, keepers, times, subjects, is_ending=lambda: Running.is_ending)


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
    for job in JOBS:
        made.add_job(
            tick,
            "interval",
            args=(app, job, work),
            seconds=job.seconds,
            id=job.name,
            name=job.name,
            next_run_time=clock.now(),
        )
    return made


class Running:
    """The clockwork of this process, if it runs here."""

    clockwork: BackgroundScheduler | None = None
    is_ending: bool = False


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
