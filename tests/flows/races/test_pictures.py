"""Two who give one event a picture at once: the second is told, and there is never more than one."""

import re
import threading
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import MEANWHILE, Refusal
from programme.engines.calendar.models import Event
from programme.engines.calendar.pictures.actions import Caption, give, mark_of
from programme.engines.calendar.pictures.models import EventPicture, Picture
from programme.people.permissions import NOBODY
from tests.engines.registration.rush import AT_ONCE, all_at_once
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW

LOCK = re.compile(r"UPDATE event SET version=\(event\.version \+ (?P<one>\S+)\) WHERE (?P<which>.+)", re.DOTALL)


@pytest.fixture
def talk(session: Session, people: Cast) -> Event:
    """An event without a picture, and as many pictures as come at once."""
    row = things.event(session, lead=people.oxford)
    session.add_all(Picture(digest=f"{one:064}", width=800, height=400, made_at=NOW) for one in range(AT_ONCE))
    session.commit()
    return row


def gives(engine: Engine, talk: int, number: int, came: dict[int, str], *, seen: str = "") -> None:
    """Give the event one of the pictures, in a transaction of its own, and note what came of it."""
    with Session(engine) as own:
        begin_writing(own)
        try:
            picture = own.scalars(select(Picture).where(Picture.digest == f"{number:064}")).one()
            give(own, talk, Caption(words=str(number)), picture=picture, seen=seen, actor=NOBODY, now=NOW)
            own.commit()
            came[number] = ""
        except Refusal as refusal:
            own.rollback()
            came[number] = refusal.sentence
        except IntegrityError:
            own.rollback()
            came[number] = "failed"


def shown(session: Session) -> tuple[int, int]:
    """How many are shown, and how many can be put back."""
    session.rollback()
    every = session.scalar(select(func.count()).select_from(EventPicture)) or 0
    gone = session.scalar(select(func.count()).where(EventPicture.removed_at.is_not(None))) or 0
    return every - gone, gone


def test_of_ten_at_once_one_is_shown_and_one_can_be_put_back(engine: Engine, session: Session, talk: Event) -> None:
    came: dict[int, str] = {}
    all_at_once(partial(gives, engine, talk.id, number, came) for number in range(AT_ONCE))
    assert set(came.values()) == {""}
    assert shown(session) == (1, 1)


def test_of_ten_who_saw_none_the_first_is_heard_and_the_others_are_told(
    engine: Engine, session: Session, talk: Event
) -> None:
    came: dict[int, str] = {}
    all_at_once(partial(gives, engine, talk.id, number, came, seen=mark_of(None)) for number in range(AT_ONCE))
    assert sorted(came.values()) == ["", *[MEANWHILE] * (AT_ONCE - 1)]
    assert shown(session) == (1, 0)


@pytest.mark.one_database("postgresql")
def test_without_the_lock_nobody_is_told_and_the_table_itself_refuses(
    engine: Engine, session: Session, talk: Event
) -> None:
    together, met, came = threading.Barrier(AT_ONCE, timeout=20), threading.local(), dict[int, str]()

    def only_read(connection: object, cursor: object, statement: str, values: Any, *rest: object) -> tuple[str, Any]:
        lock = LOCK.match(statement)
        if lock is not None:
            return f"SELECT id FROM event WHERE {lock['one']} = 1 AND {lock['which']}", values  # noqa: S608
        if statement.startswith(("INSERT", "UPDATE")) and not hasattr(met, "all"):
            met.all = True
            together.wait()
        return statement, values

    event.listen(engine, "before_cursor_execute", only_read, retval=True)
    try:
        all_at_once(partial(gives, engine, talk.id, number, came, seen=mark_of(None)) for number in range(AT_ONCE))
    finally:
        event.remove(engine, "before_cursor_execute", only_read)
    assert sorted(came.values()) == ["", *["failed"] * (AT_ONCE - 1)]
    assert shown(session) == (1, 0)
