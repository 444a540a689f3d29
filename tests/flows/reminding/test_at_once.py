"""Several schedulers that queue the same reminders at once queue each once; one that is killed meanwhile, none."""

import signal
import subprocess
import sys
import threading

from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from programme.config import ROOT, Settings
from programme.core.database import begin_writing
from programme.engines.mail.models import OutboxMessage
from programme.engines.reminders.models import Audience
from programme.flows.reminding import queue_due_reminders
from tests.factories.cast import person
from tests.flows.reminding.desk import BEFORE, Desk

SCHEDULERS, TICKS, PEOPLE = 10, 10, 40
PATIENCE = 60


def test_each_letter_is_queued_once_however_often_and_at_once(desk: Desk) -> None:
    expected = crowd(desk)
    factory, new, ready = sessionmaker(desk.session.get_bind()), [], threading.Barrier(SCHEDULERS)

    def ticks() -> None:
        ready.wait()
        for _ in range(TICKS):
            with factory() as session:
                begin_writing(session)
                new.append(queue_due_reminders(session, BEFORE))
                session.commit()

    threads = [threading.Thread(target=ticks) for _ in range(SCHEDULERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(new) == SCHEDULERS * TICKS
    assert (sum(new), *queued(desk)) == (expected, expected, expected)


def test_killed_while_queueing_it_leaves_nothing_and_the_next_one_queues_all(desk: Desk, settings: Settings) -> None:
    expected = crowd(desk)
    words = (settings.database_url, BEFORE.isoformat())
    command = [sys.executable, "-m", "tests.flows.reminding.stopping", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
    assert said == f"{expected} letters are queued and not committed\n"
    assert queued(desk) == (0, 0)
    begin_writing(desk.session)
    assert queue_due_reminders(desk.session, BEFORE) == expected
    desk.session.commit()
    assert queued(desk) == (expected, expected)


def crowd(desk: Desk) -> int:
    """Let a talk remind many and the organisers, and its opening some of them; return how many letters that makes."""
    desk.rule(Audience.CONFIRMED)
    desk.rule(Audience.ORGANISERS)
    desk.closing(Audience.ORGANISERS)
    for number in range(PEOPLE):
        desk.enter(person(desk.session, f"Person {number}", f"p{number}@example.org"))
    desk.session.commit()
    return PEOPLE + 2 + 1


def queued(desk: Desk) -> tuple[int, int]:
    """Return how many letters are in the outbox, and how many keys."""
    desk.session.rollback()
    count = select(func.count(OutboxMessage.id), func.count(OutboxMessage.dedup_key.distinct()))
    rows, keys = desk.session.execute(count).one()
    desk.session.rollback()
    return rows, keys
