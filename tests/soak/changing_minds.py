"""People who give their place back while their reminders go out: none is marked to go after that was committed."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import clock
from programme.core.database import begin_writing
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration
from programme.flows.registering import cancel_registration
from tests.soak.trials import noted, wait_for_work

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

    from tests.soak.trials import Ground, Trial

AT_ONCE = 10
LONGEST_PAUSE = 0.05
A_MARK = 1.0
"""Seconds after which a marking that had begun before a cancellation was committed is committed too."""
LONGEST = 300
ON_THE_WAY = (OutboxState.PENDING, OutboxState.SENDING)


@dataclass
class Minds:
    """People by number: who cancelled, whose reminder was not marked to go when that was long committed, who got one.

    Of a cancelled one that is not `unmarked` the reminder was in hand already, or had gone.
    """

    everybody: set[int]
    cancelled: set[int] = field(default_factory=set)
    unmarked: set[int] = field(default_factory=set)
    reminded: set[int] = field(default_factory=set)

    @property
    def too_late(self) -> set[int]:
        """Who was reminded although the letter was marked after the cancellation."""
        return self.unmarked & self.reminded

    @property
    def missed(self) -> set[int]:
        """Who comes and was not reminded."""
        return self.everybody - self.cancelled - self.reminded


def change_minds(trial: Trial, ground: Ground) -> Minds:
    """Let dispatchers work while people cancel at random moments, until every reminder has ended."""
    chance = random.Random(trial.seed)
    with ground.factory() as session:
        places = session.execute(select(Registration.id, Registration.person_id).order_by(Registration.id))
        people = {row: person for row, person in places if person is not None}
    minds = Minds(set(people.values()))
    leaving = chance.sample(sorted(people), trial.cancels)
    running = [ground.start("scheduler") for _ in range(trial.dispatchers)]
    try:
        wait_for_work(ground)
        for start in range(0, trial.cancels, AT_ONCE):
            some = leaving[start : start + AT_ONCE]
            for registration_id in some:
                time.sleep(chance.uniform(0, LONGEST_PAUSE))
                cancel(ground, registration_id)
            time.sleep(A_MARK)
            gone = {people[one] for one in some}
            minds.cancelled |= gone
            minds.unmarked |= unmarked(ground, gone)
        wait_for_the_end(ground)
    finally:
        for process in running:
            process.end()
    minds.reminded = reminded(ground)
    return minds


def cancel(ground: Ground, registration_id: int) -> None:
    """Give a place back as its page does."""
    with ground.factory() as session:
        begin_writing(session)
        cancel_registration(session, registration_id, now=clock.now())
        session.commit()


def unmarked(ground: Ground, people: Collection[int]) -> set[int]:
    """Return whose reminder has not been marked to go."""
    waits = OutboxMessage.state.in_(ON_THE_WAY) & OutboxMessage.inflight_at.is_(None)
    withheld = OutboxMessage.state == OutboxState.CANCELLED
    with ground.factory() as session:
        found = reminders().where(OutboxMessage.person_id.in_(people), waits | withheld)
        return set(session.scalars(found.with_only_columns(OutboxMessage.person_id)))


def wait_for_the_end(ground: Ground) -> None:
    """Wait until no reminder is on its way."""
    until = time.monotonic() + LONGEST
    with ground.factory() as session:
        while session.scalar(reminders().where(OutboxMessage.state.in_(ON_THE_WAY)).limit(1)) is not None:
            session.rollback()
            assert time.monotonic() < until, "it takes too long"
            time.sleep(0.1)


def reminded(ground: Ground) -> set[int]:
    """Return whose reminder arrived, by its Message-ID: whoever cancelled gets a letter about that too."""
    names = {name for _, name in noted(ground.notes)}
    with ground.factory() as session:
        rows = session.scalars(reminders().where(OutboxMessage.message_id.is_not(None)))
        return {row.person_id for row in rows if row.message_id in names and row.person_id is not None}


def reminders() -> Select[OutboxMessage]:
    """Return all the reminders of a trial."""
    return select(OutboxMessage).where(OutboxMessage.priority == BULK)
