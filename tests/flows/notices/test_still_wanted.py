"""Asked in the transaction that marks letters, `still_wanted` says what `compose` says, for many in few statements."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Letter
from tests.bed.databases import statements
from tests.factories.cast import assemble
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES
from tests.factories.things import opening as opening_for
from tests.flows.notices.overtaken import OVERTAKEN

STATEMENTS = 2
MORE: Mapping[str, int] = {"digest": 3}
"""A letter that is made of others asks for these, and then each kind of them once."""


@pytest.mark.parametrize("kind", OVERTAKEN)
def test_still_wanted_says_what_composing_says(app: Flask, session: Session, kind: str) -> None:
    """One story, which each way finds as the last one did: told once, as telling it takes longer than asking."""
    letter, desk = letter_of(app, kind), Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    rows = letters(session, kind)
    assert letter.still_wanted is not None
    wanted = both(session, letter, rows, now=desk.now)
    assert wanted, "the story ends with a letter that is wanted"
    first = next(row for row in rows if row.id in wanted)
    for overtake in OVERTAKEN[kind]:
        now = overtake(desk, first)
        session.flush()
        assert first.id not in both(session, letter, rows, now=now), overtake.__name__
        session.rollback()
        assert set(letter.still_wanted(session, rows, now=desk.now)) == wanted, f"{overtake.__name__} came to stay"


def both(session: Session, letter: Letter, rows: list[OutboxMessage], *, now: datetime) -> set[int]:
    """The letters that are wanted: the same by composing each and by asking for all."""
    assert letter.still_wanted is not None
    session.expire_all()
    asked = set(letter.still_wanted(session, rows, now=now))
    assert asked == {row.id for row in rows if letter.compose(session, row, now=now) is not None}
    return asked


@pytest.mark.parametrize("kind", OVERTAKEN)
@pytest.mark.one_database
def test_asking_takes_as_many_statements_for_one_as_for_all(app: Flask, session: Session, kind: str) -> None:
    letter, desk = letter_of(app, kind), Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    rows = letters(session, kind) * 20
    assert letter.still_wanted is not None
    counts = []
    for batch in (rows[:1], rows):
        with statements(app) as seen:
            letter.still_wanted(session, batch, now=desk.now)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= MORE.get(kind, STATEMENTS)


def test_nothing_is_wanted_of_what_is_not_there(app: Flask, session: Session) -> None:
    assemble(session)
    for letter in app.extensions["mail_room"].letters.values():
        if letter.still_wanted is not None:
            assert list(letter.still_wanted(session, [], now=Desk.now)) == []


def test_opening_without_an_event_is_never_over(app: Flask, session: Session) -> None:
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    call = opening_for(session, events=[desk.event()], capacity=2)
    call.events = []
    session.flush()
    desk.enter(call)
    session.commit()
    rows = letters(session, "registration_confirmed")
    later = desk.now + timedelta(days=2000)
    assert both(session, letter_of(app, "registration_confirmed"), rows, now=later) == {row.id for row in rows}


def test_date_that_is_not_known_is_never_over(app: Flask, session: Session) -> None:
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    desk.enter(desk.opening(desk.event(), capacity=2))
    session.execute(update(Event).values(date_is_known=False))
    session.commit()
    rows = letters(session, "registration_confirmed")
    later = desk.now + timedelta(days=2000)
    assert both(session, letter_of(app, "registration_confirmed"), rows, now=later) == {row.id for row in rows}


def letter_of(app: Flask, kind: str) -> Letter:
    """A kind of letter as the application knows it."""
    found: Letter = app.extensions["mail_room"].letters[kind]
    return found


def letters(session: Session, kind: str) -> list[OutboxMessage]:
    """Every letter of a kind."""
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind).order_by(OutboxMessage.id)))
