"""Two administrators save the same letter at one moment: one is told; without the lock neither is."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.mail.wording import actions
from programme.engines.mail.written.models import Wording
from programme.extensions import db
from programme.people.identity import actor_of
from programme.people.models import Installation
from programme.people.permissions import Actor
from tests.factories.cast import LONG_AGO, assemble

KIND = "registration_confirmed"


@pytest.fixture
def ada(session: Session) -> Actor:
    """Ada, who administers."""
    return actor_of(assemble(session).ada)


@pytest.fixture
def save(app: Flask, ada: Actor) -> Callable[[str], str]:
    """Save other words for a closing, made from the original, and say what came of it."""
    letter = app.extensions["mail_room"].letters[KIND]
    with app.app_context():
        engine = db.engine

    def saved(text: str) -> str:
        with Session(engine) as own:
            try:
                begin_writing(own)
                actions.change_wording(
                    own, letter, {"closing": text}, made_from=actions.mark_of([]), actor=ada, now=LONG_AGO
                )
                own.commit()
            except Refusal:
                return "refused"
            except IntegrityError:
                return "broken"
            return "saved"

    return saved


def at_once(save: Callable[[str], str]) -> list[str]:
    """What comes of two who save at one moment."""
    start, found = threading.Barrier(2), list[str]()

    def run(text: str) -> None:
        start.wait()
        found.append(save(text))

    threads = [threading.Thread(target=run, args=(f"Ask {number}.",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


def test_one_saves_and_the_other_is_told(session: Session, save: Callable[[str], str]) -> None:
    assert at_once(save) == ["refused", "saved"]
    session.rollback()
    assert len(session.scalars(select(Wording)).all()) == 1


@pytest.mark.one_database("postgresql")
def test_without_the_lock_nobody_is_told(monkeypatch: pytest.MonkeyPatch, save: Callable[[str], str]) -> None:
    both, checked = threading.Barrier(2), actions.record

    def without_lock(session: Session) -> int:
        return session.scalars(select(Installation.id)).one()

    def together(*given: object, **named: object) -> None:
        both.wait(20)
        checked(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "locked_installation", without_lock)
    monkeypatch.setattr(actions, "record", together)
    assert at_once(save) == ["broken", "saved"]
