"""The clock: everything due gets done, a failing job stops no other, and whoever watches can see it beat."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.clockwork import APART, begin_beats, clockwork, start_in_background, stop, tick
from programme.config import ROOT, Settings
from programme.engines.mail.actions import beat
from programme.engines.mail.delivery.claiming import writing
from programme.engines.mail.models import CapturedMail, Heartbeat, OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.actions import ensure_default_rule
from programme.jobs.job import Done, Job, Work
from programme.jobs.working import work_of
from programme.scheduler import JOBS, run_due
from programme.settings.mail import MailServer
from tests.bed.clock import START, Clock
from tests.bed.mail import Capture
from tests.commands.keyboard import typed
from tests.engines.mail.post_office import office_of
from tests.factories.cast import LONG_AGO, assemble
from tests.factories.things import SOON, event, opening, registration

PATIENCE = 30
CLOCKS = 4


def fails(work: Work) -> Done:
    """A job that breaks."""
    raise RuntimeError("the clockwork broke")


def test_table_has_each_job_once() -> None:
    assert [(job.name, job.seconds) for job in JOBS] == [
        ("remind", 15),
        ("readdress", 15),
        ("lapse", 60),
        ("draw", 60),
        ("hurry", 60),
        ("release", 15),
        ("offers", 15),
        ("move_up", 15),
        ("broadcast", 15),
        ("bundle", 60),
        ("morning", 60),
        ("dispatch", 3),
        ("inbox", 60),
        ("drafts", 60),
        ("references", 60),
        ("follow-ups", 60),
        ("subscribed", 60),
        ("courses", 600),
        ("signers", 600),
        ("destinations", 600),
        ("sweep", 60),
        ("housekeep", 600),
    ]


def test_run_due_goes_on_until_nothing_is_left(app: Flask, session: Session, capture: Capture) -> None:
    cast = assemble(session)
    talk = event(session, lead=cast.oxford)
    registration(session, to=opening(session, events=[talk]), who=cast.alice)
    ensure_default_rule(session, talk.id, LONG_AGO)
    session.commit()
    done = run_due(app, SOON - timedelta(hours=20))
    assert (done["remind"].count, done["dispatch"].count, len(capture.messages)) == (1, 1, 1)
    again = run_due(app, SOON - timedelta(hours=20))
    assert (again["remind"].count, again["dispatch"].count) == (0, 0)


def test_failing_job_is_written_down_and_ends_there(app: Flask, session: Session, clock: Clock) -> None:
    work = work_of(app, lambda: clock.now)
    tick(app, Job("broken", 15, fails), work)
    tick(app, JOBS[0], work)
    beats = {beat.tick: beat for beat in session.scalars(select(Heartbeat))}
    assert (beats["broken"].succeeded_at, beats["broken"].last_error) == (None, "RuntimeError: the clockwork broke")
    assert (beats["remind"].succeeded_at, beats["remind"].last_error) == (START, "")


def test_job_that_never_comes_back_is_missed_from_the_start(
    app: Flask, client: FlaskClient, session: Session, clock: Clock
) -> None:
    begin_beats(app)
    assert client.get("/health/scheduler").status_code == 200
    work = work_of(app, lambda: clock.now)
    clock.forward(seconds=31)
    for job in JOBS[1:]:
        tick(app, job, work)
    assert client.get("/health/scheduler").status_code == 200
    clock.forward(seconds=15)
    for job in JOBS[1:]:
        tick(app, job, work)
    answer = client.get("/health/scheduler")
    assert (answer.status_code, JOBS[0].name in answer.get_data(as_text=True)) == (503, True)


def test_clocks_that_start_at_once_each_write_their_beats(app: Flask, session: Session) -> None:
    work, ready = work_of(app, lambda: START), threading.Barrier(CLOCKS)

    def beats_of_a_clock() -> None:
        for name in (f"job-{number}" for number in range(10)):
            ready.wait(PATIENCE)
            with writing(work.factory) as own:
                beat(own, name, seconds=15, started=START, succeeded=START)

    with ThreadPoolExecutor(CLOCKS) as pool:
        for done in [pool.submit(beats_of_a_clock) for _ in range(CLOCKS)]:
            done.result()
    assert beats(session) == 10


def test_health_is_red_until_a_scheduler_ran_and_after_three_missed_beats(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    assert client.get("/health/scheduler").status_code == 503
    work = work_of(app, lambda: clock.now)
    for job in JOBS:
        tick(app, job, work)
    assert client.get("/health/scheduler").status_code == 200
    clock.forward(seconds=9)
    assert client.get("/health/scheduler").status_code == 200
    clock.forward(seconds=1)
    answer = client.get("/health/scheduler")
    assert (answer.status_code, list(json.loads(answer.data)["ticks"])) == (503, ["dispatch"])
    assert client.get("/health/ready").status_code == 200


def test_health_is_red_when_a_tick_only_ever_fails(app: Flask, client: FlaskClient, clock: Clock) -> None:
    tick(app, Job("broken", 15, fails), work_of(app, lambda: clock.now))
    assert "the clockwork broke" in client.get("/health/scheduler").get_data(as_text=True)


@pytest.mark.one_database
def test_clockwork_keeps_nothing_but_intervals_in_memory(app: Flask) -> None:
    made = clockwork(app)
    made.start(paused=True)
    try:
        jobs = made.get_jobs()
        assert [type(job.trigger).__name__ for job in jobs] == ["IntervalTrigger"] * len(JOBS)
        assert {(job.max_instances, job.coalesce, job.misfire_grace_time) for job in jobs} == {(1, True, None)}
        first = [made.get_job(job.name).next_run_time for job in JOBS]
        assert {later - earlier for earlier, later in pairwise(first)} == {APART}
    finally:
        made.shutdown()


def test_clock_in_the_background_sends_what_is_due(app: Flask, session: Session) -> None:
    assemble(session)
    queue(session)
    start_in_background(app)
    try:
        waited_for(lambda: all(state is OutboxState.CANCELLED for state in states(session)))
        waited_for(lambda: beats(session) == len(JOBS))
    finally:
        stop()


@pytest.mark.usefixtures("clock")
def test_housekeeping_throws_away_old_captured_letters(app: Flask, session: Session) -> None:
    for days in (29, 31):
        captured = START - timedelta(days=days)
        session.add(CapturedMail(recipient="alice@liverpool.example", captured_at=captured, raw=b""))
    session.commit()
    assert run_due(app, START)["housekeep"].count == 1
    assert session.scalar(select(func.count()).select_from(CapturedMail)) == 1


def test_relay_at_fault_is_told_and_rested_from(app: Flask) -> None:
    office = office_of(app)
    office.put("one")
    app.extensions["mail_room"] = replace(office.room, server=MailServer(host="127.0.0.1", port=9))
    work = work_of(app, lambda: START)
    dispatch = next(job for job in JOBS if job.name == "dispatch")
    assert "cannot be used" in dispatch.run(work).trouble
    assert "resting" in dispatch.run(work).trouble
    later = replace(work, clock=lambda: START + timedelta(seconds=30))
    assert "cannot be used" in dispatch.run(later).trouble
    assert "resting" in dispatch.run(replace(work, clock=lambda: START + timedelta(seconds=89))).trouble


def test_command_runs_what_is_due_at_an_instant(settings: Settings, session: Session, tmp_path: Path) -> None:
    assemble(session)
    queue(session)
    done = command(settings, tmp_path, "run-due", "--at", "2027-01-12T09:00Z")
    assert (done.returncode, "dispatch: 1" in done.stdout) == (0, True), done.stderr


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("instant", "said"), [("2027-03-28T01:30", "does not exist"), ("tomorrow", "give an instant like")]
)
def test_command_refuses_what_is_no_instant(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instant: str, said: str
) -> None:
    for name, value in environment(settings, tmp_path).items():
        monkeypatch.setenv(name, value)
    wrong = typed("run-due", "--at", instant)
    assert (wrong.exit_code, said in wrong.stderr) == (2, True), wrong.stderr


def test_scheduler_command_beats_until_it_is_told_to_end(settings: Settings, session: Session, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [Path(sys.executable).with_name("programme"), "scheduler"], cwd=ROOT, env=environment(settings, tmp_path)
    )
    try:
        waited_for(lambda: beats(session) == len(JOBS))
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait(PATIENCE)


def queue(session: Session) -> None:
    """Queue a letter that nobody wants any more: a link that was never made."""
    letter = Post("sign_in", "sign-in:0", Recipient("alice@liverpool.example"), ("sign_in_link", 0))
    post(session, letter, now=START - timedelta(days=300))
    session.commit()


def states(session: Session) -> list[OutboxState]:
    """Where every letter stands."""
    session.rollback()
    return list(session.scalars(select(OutboxMessage.state)))


def beats(session: Session) -> int:
    """How many jobs have beaten so far."""
    session.rollback()
    return session.scalar(select(func.count()).where(Heartbeat.succeeded_at.is_not(None))) or 0


def waited_for(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def command(settings: Settings, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [Path(sys.executable).with_name("programme"), *words],
        cwd=ROOT,
        env=environment(settings, folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The settings as a process reads them."""
    return {
        "PATH": os.environ["PATH"],
        "PROGRAMME_ENV": str(folder / "absent.env"),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
        "MAIL_URL": "capture://",
        "MAIL_FROM": settings.mail_from,
        "STORE": str(folder),
    }
