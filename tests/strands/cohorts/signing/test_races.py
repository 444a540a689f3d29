"""Two who answer one signature at once: one answer counts; with a control that fails when the lock is off."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.extensions import db
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Signature
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing import actions
from programme.strands.cohorts.signing.actions import answer, ask
from programme.strands.cohorts.states import SignatureState
from tests.bed.clock import Clock

CLICKS = 8
ANSWERED = "UPDATE signature SET"


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def at_once(verbs: Iterable[Callable[[], object]]) -> list[object]:
    """Do everything in threads and return what came of each."""
    wanted = list(verbs)
    with ThreadPoolExecutor(len(wanted)) as pool:
        return [done.result() for done in [pool.submit(verb) for verb in wanted]]


def answering(
    engine: Engine, row: Signature, clock: Clock, *, agrees: bool, begin: Callable[[Session], object] = begin_writing
) -> Callable[[], object]:
    """Answer in a transaction of its own: whether that changed anything, or the sentence of a refusal."""
    number, bob, now = row.id, Actor(person_id=row.person_id), clock.now

    def answers() -> object:
        with Session(engine) as own:
            begin(own)
            try:
                it = own.get_one(Signature, number)
                done = answer(own, it, agrees=agrees, reason="No.", things=SIGNED_THINGS, actor=bob, now=now)
                own.commit()
            except Refusal as refusal:
                own.rollback()
                return refusal.sentence
            return done.changed

    return answers


def told(session: Session) -> int:
    """How many letters tell Olga of an answer."""
    found = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.letter == "signature_answered")
    return session.scalar(found) or 0


def test_many_clicks_sign_once(engine: Engine, session: Session, signature: Signature, clock: Clock) -> None:
    verbs = [answering(engine, signature, clock, agrees=True)] * CLICKS
    session.rollback()
    found = at_once(verbs)
    assert (found.count(True), found.count(False)) == (1, CLICKS - 1)
    assert told(session) == 1


@pytest.mark.parametrize("round_number", range(3))
def test_yes_and_no_at_once_come_to_a_yes(
    engine: Engine, session: Session, signature: Signature, clock: Clock, round_number: int
) -> None:
    del round_number
    verbs = [answering(engine, signature, clock, agrees=one) for one in (True, False)]
    session.rollback()
    yes, no = at_once(verbs)
    session.expire_all()
    assert yes is True
    assert no in {True, actions.SIGNED}, "a no before is changed to a yes, a no after is refused"
    assert signature.state is SignatureState.AGREED


def test_without_the_lock_a_yes_is_lost_or_one_fails(
    engine: Engine, session: Session, signature: Signature, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "hold", lambda *_: None)
    monkeypatch.setattr(
        "tests.strands.cohorts.signing.test_races.begin_writing", lambda own: own.execute(text("SELECT 1"))
    )
    plain: dict[str, Any] = {"begin": lambda own: own.execute(text("SELECT 1"))}
    verbs = [answering(engine, signature, clock, agrees=one, **plain) for one in (True, False)]
    session.rollback()
    together = threading.Barrier(2, timeout=30)

    def wait_for_both(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(ANSWERED):
            together.wait()

    def guarded(verb: Callable[[], object]) -> object:
        try:
            return verb()
        except OperationalError:
            return "failed"

    event.listen(engine, "before_cursor_execute", wait_for_both)
    found = at_once([lambda verb=verb: guarded(verb) for verb in verbs])  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_both)
    assert found == [True, True] or "failed" in found, "both believed that they were the first"


def test_asking_at_once_makes_one_signature_and_one_letter(
    engine: Engine,
    session: Session,
    record: Candidature,
    supervision: object,
    to_bob: dict[str, Any],
    olga: Actor,
    clock: Clock,
) -> None:
    number, person_id, now = record.id, to_bob["person"].id, clock.now
    subject, signer = to_bob["subject"], to_bob["signer"]
    session.rollback()

    def asks() -> object:
        with Session(engine) as own:
            begin_writing(own)
            row = own.get_one(Candidature, number)
            person = own.get_one(type(to_bob["person"]), person_id)
            ask(own, row, subject=subject, signer=signer, person=person, actor=olga, now=now)
            own.commit()
        return True

    assert at_once([asks] * CLICKS) == [True] * CLICKS
    assert session.scalar(select(func.count()).select_from(Signature)) == 1
    asked = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.letter == "signature_asked")
    assert session.scalar(asked) == 1
