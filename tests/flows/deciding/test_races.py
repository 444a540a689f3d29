"""Registrations decided about at once: by both keys, by one link twenty times, while somebody withdraws or undoes."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.queries import key_of_link
from programme.engines.approvals.states import KeyState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening
from programme.extensions import db
from programme.flows.deciding.keys import turn_by_link, turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.rounds import decide_round
from programme.flows.deciding.undoing import undo_round
from programme.flows.notices.keys.gathering import secrets_of
from programme.flows.registering import SignUp, cancel_registration, sign_up
from programme.flows.roll.deciding import Verdict
from programme.people.identity import actor_of
from programme.people.permissions import Actor
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, states
from tests.flows.deciding.conftest import NO, YES, key_of

CLICKS = 20


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def at_once(engine: Engine, *verbs: Callable[[Session], object]) -> list[object]:
    """Do each in a thread and a transaction of its own; returns what came of it, or the sentence of a refusal."""

    def done(verb: Callable[[Session], object]) -> object:
        with Session(engine) as own:
            begin_writing(own)
            try:
                came = verb(own)
                own.commit()
            except Refusal as refusal:
                own.rollback()
                return refusal.sentence
            return came

    with ThreadPoolExecutor(len(verbs)) as pool:
        return [one.result() for one in [pool.submit(done, verb) for verb in verbs]]


def turning(key_id: int, says: KeyState, actor: Actor) -> Callable[[Session], object]:
    """Turn a key."""
    turned = Turn(says=says, person_id=None)
    return lambda own: turn_key(own, key_id, turned, subjects=SUBJECTS, actor=actor, now=NOW).changed


def told(session: Session) -> Counter[str]:
    """How many letters of each kind there are to applicants."""
    session.expire_all()
    rows = select(OutboxMessage.letter, func.count()).group_by(OutboxMessage.letter)
    return Counter({letter: number for letter, number in session.execute(rows) if letter != "key_asked"})


def test_both_keys_at_once_give_one_place_and_one_letter(
    engine: Engine, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    keys = [key_of(session, row, one.id).id for one in (people.liverpool, people.oxford)]
    olga, omar = actor_of(people.olga), actor_of(people.omar)
    session.rollback()
    assert at_once(engine, turning(keys[0], YES, olga), turning(keys[1], YES, omar)) == [True, True]
    assert list(states(session).values()) == ["confirmed"]
    assert told(session) == {"registration_pending": 1, "registration_promoted": 1}


def test_yes_and_no_at_once_refuse_once(
    engine: Engine, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    keys = [key_of(session, row, one.id).id for one in (people.liverpool, people.oxford)]
    olga, omar = actor_of(people.olga), actor_of(people.omar)
    session.rollback()
    at_once(engine, turning(keys[0], YES, olga), turning(keys[1], NO, omar))
    assert list(states(session).values()) == ["refused"]
    assert told(session) == {"registration_pending": 1, "registration_refused": 1}


def test_a_link_clicked_twenty_times_turns_its_key_once(
    engine: Engine, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    key_id = key_of(session, row, people.oxford.id).id
    asked = select(OutboxMessage).where(OutboxMessage.letter == "key_asked")
    (secret,) = [secrets_of(one)[key_id] for one in session.scalars(asked) if key_id in secrets_of(one)]
    session.rollback()

    def click(own: Session) -> object:
        link = key_of_link(own, secret)
        assert link is not None
        return turn_by_link(own, link, Turn(says=NO, person_id=None), subjects=SUBJECTS, now=NOW).changed

    assert Counter(at_once(engine, *[click] * CLICKS)) == {True: 1, False: CLICKS - 1}
    assert told(session) == {"registration_pending": 1, "registration_refused": 1}


def test_withdrawing_while_a_key_is_turned_comes_to_one_end(
    engine: Engine, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    key_id, omar, row_id = key_of(session, row, people.oxford.id).id, actor_of(people.omar), row.id
    session.rollback()
    at_once(engine, turning(key_id, NO, omar), lambda own: cancel_registration(own, row_id, now=NOW).changed)
    [state] = states(session).values()
    assert state in {"refused", "cancelled"}
    assert told(session) == {"registration_pending": 1, f"registration_{state}": 1}


def test_a_round_is_undone_once(engine: Engine, session: Session, people: Cast, opening: Opening, enter: Enter) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    omar = actor_of(people.omar)
    made = decide_round(session, opening.id, [row.id], Verdict.REFUSAL, actor=omar, now=NOW).round
    assert made is not None
    round_id = made.id
    session.commit()
    found = at_once(engine, *[lambda own: len(undo_round(own, round_id, actor=omar, now=NOW).done)] * 4)
    assert sorted(map(str, found)) == ["1", *["This decision has been undone already."] * 3]
    assert list(states(session).values()) == ["pending"]


def test_of_many_who_register_at_once_each_is_asked_about_in_the_one_letter(
    engine: Engine, session: Session, people: Cast, opening: Opening
) -> None:
    opening_id, actors = opening.id, [actor_for(one) for one in (people.alice, people.bob, people.charlie, people.ada)]
    omar_id = people.omar.id
    session.rollback()

    def registering(actor: Actor) -> Callable[[Session], object]:
        sent = SignUp(name=actor.name, address=actor.address, organisation_id=None, answers={}, form_key=actor.address)
        return lambda own: sign_up(own, opening_id, sent, actor=actor, now=NOW).registration.id

    at_once(engine, *[registering(actor) for actor in actors])
    session.expire_all()
    asked = select(OutboxMessage).where(OutboxMessage.letter == "key_asked", OutboxMessage.person_id == omar_id)
    assert [len(secrets_of(one)) for one in session.scalars(asked)] == [len(actors)]
