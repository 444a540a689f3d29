"""Jobs: what recurring work is made of, and how a verb becomes one."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from programme.engines.mail.delivery.claiming import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from programme.engines.mail.delivery.claiming import Clock, SessionFactory
    from programme.engines.mail.ports import MailRoom
    from programme.engines.reminders.ports import ReminderSubject
    from programme.people.keeping.ports import Keeper, Times

LET_OTHERS_IN = 0.01
"""Seconds between two parts of one job: who waits for the lock has it before the job takes it again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a job works with; each opens sessions of its own.

    A job that takes long calls `pulse` now and then, to be known alive, and ends early where `is_ending`.
    """

    factory: SessionFactory
    room: MailRoom
    clock: Clock
    store: Path
    keepers: tuple[Keeper, ...]
    times: Times
    subjects: Sequence[ReminderSubject]
    pulse: Callable[[], object] = bool
    is_ending: Callable[[], bool] = bool
    pulsed: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """How much a job did, and trouble that is not its own."""

    count: int = 0
    trouble: str = ""

    def and_then(self, more: Done) -> Done:
        """Return both together."""
        return Done(self.count + more.count, more.trouble or self.trouble)


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the table."""

    name: str
    seconds: int
    run: Callable[[Work], Done]
    is_due_work: bool = True


def in_one_transaction(verb: Callable[[Session, datetime], Any]) -> Callable[[Work], Done]:
    """Turn a verb into a job: a writer's session of its own, committed once."""

    def run(work: Work) -> Done:
        with writing(work.factory) as session:
            done = verb(session, work.clock())
        return Done(done if isinstance(done, int) else 0)

    return run


def until_done(
    due: Callable[[Session, datetime], Sequence[int]], verb: Callable[[Session, int, datetime], int]
) -> Callable[[Work], Done]:
    """Turn a verb that does a part of its work into a job: again and again for each that is due, until nothing is left.

    Each part is a transaction of its own. One that fails stops no other, and is raised in the end.
    """

    def all_of(work: Work, one: int) -> int:
        done, part = 0, -1
        while part and not work.is_ending():
            with writing(work.factory) as session:
                part = verb(session, one, work.clock())
            done += part
            work.pulse()
            time.sleep(LET_OTHERS_IN)
        return done

    def run(work: Work) -> Done:
        with work.factory() as session:
            found = due(session, work.clock())
        done, failed = 0, None
        for one in found:
            try:
                done += all_of(work, one)
            except Exception as error:
                log.exception("job_failed_on_one", verb=getattr(verb, "__name__", ""), id=one)
                failed = error
        if failed is not None:
            raise failed
        return Done(done)

    return run


def one_by_one(
    due: Callable[[Session, datetime], Sequence[int]], verb: Callable[[Session, int, datetime], object]
) -> Callable[[Work], Done]:
    """Turn a verb on one thing into a job: each that is due in a transaction of its own.

    One that fails stops no other, and is raised in the end.
    """

    def run(work: Work) -> Done:
        with work.factory() as session:
            found = due(session, work.clock())
        done, failed = 0, None
        for one in found:
            try:
                with writing(work.factory) as session:
                    done += bool(verb(session, one, work.clock()))
            except Exception as error:
                log.exception("job_failed_on_one", verb=getattr(verb, "__name__", ""), id=one)
                failed = error
        if failed is not None:
            raise failed
        return Done(done)

    return run
