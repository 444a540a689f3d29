"""What both kinds of races at the door have: an engine for threads, one press in its own transaction, and its trace."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.database import begin_writing
from programme.engines.registration.door.actions import Press
from programme.engines.registration.door.checking import Checked
from programme.engines.registration.states import Attendance
from programme.extensions import db
from programme.flows.door.checking_in import check_in
from programme.people.permissions import NOBODY
from tests.engines.registration.rush import NOW, all_at_once

TIMES = 20
HERE = Attendance.PRESENT


@pytest.fixture
def engine(app: Flask) -> Engine:
    """For a connection a thread."""
    with app.app_context():
        return db.engine


def presses(engine: Engine, seat_id: int, press: Press, *, found: Counter[Checked]) -> None:
    """One telephone's press; `found` counts what it came to."""
    with Session(engine) as own:
        begin_writing(own)
        marked = check_in(own, seat_id, press, actor=NOBODY, now=NOW)
        own.commit()
    found[marked.happened] += 1


def twenty_at_once(engine: Engine, seat_id: int, keys: int, who: frozenset[int] | None = None) -> Counter[Checked]:
    """Twenty telephones press at once, under so many keys; returns what the presses came to."""
    found = Counter[Checked]()
    all_at_once(
        lambda n=n: presses(engine, seat_id, Press(wanted=HERE, key=f"k{n % keys}", who=who), found=found)  # type: ignore[misc]
        for n in range(TIMES)
    )
    return found


def once(keys: int) -> dict[Checked, int]:
    """What they come to where the door counts them once."""
    return {Checked.DONE: 1, Checked.REPEATED if keys == 1 else Checked.ALREADY: TIMES - 1}


def acts(session: Session) -> int:
    """How many presses are written down."""
    session.expire_all()
    return session.scalar(select(func.count()).where(AuditEntry.verb == "mark attendance")) or 0
