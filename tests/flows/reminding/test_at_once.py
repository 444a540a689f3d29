"""Several schedulers that queue the same reminders at once queue each once."""

import threading

from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from programme.core.database import begin_writing
from programme.engines.mail.models import OutboxMessage
from programme.engines.reminders.models import Audience
from programme.flows.reminding import queue_due_reminders
from tests.factories.cast import person
from tests.flows.reminding.desk import BEFORE, Desk

SCHEDULERS, PEOPLE = 6, 40


def test_each_letter_is_queued_once(desk: Desk) -> None:
    desk.rule(Audience.CONFIRMED)
    desk.rule(Audience.ORGANISERS)
    for number in range(PEOPLE):
        desk.enter(person(desk.session, f"Person {number}", f"p{number}@example.org"))
    desk.session.commit()
    factory, new, ready = sessionmaker(desk.session.get_bind()), [], threading.Barrier(SCHEDULERS)

    def tick() -> None:
        ready.wait()
        with factory() as session:
            begin_writing(session)
            new.append(queue_due_reminders(session, BEFORE))
            session.commit()

    threads = [threading.Thread(target=tick) for _ in range(SCHEDULERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows, keys = desk.session.execute(
        select(func.count(OutboxMessage.id), func.count(OutboxMessage.dedup_key.distinct()))
    ).one()
    assert len(new) == SCHEDULERS
    assert (sum(new), rows, keys) == (PEOPLE + 2,) * 3
