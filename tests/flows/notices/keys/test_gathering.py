"""One letter for an organiser and opening, however many register: at once, then an hour later what came in since."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import Turn
from programme.engines.approvals.queries import key_of_link
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy
from programme.flows.deciding.escalating import hurry
from programme.flows.deciding.keys import delegate_key, turn_by_link
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.settings import set_terms
from programme.flows.keeping.erasing import erase_registration
from programme.flows.notices.keys.gathering import secrets_of
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for
from tests.flows.deciding.conftest import YES, key_of, opening, people, say

__all__ = ["opening", "people"]


def to(session: Session, who: Person, letter: str = "key_asked") -> list[OutboxMessage]:
    """The letters about keys to somebody, in order."""
    mine = select(OutboxMessage).where(OutboxMessage.letter == letter, OutboxMessage.person_id == who.id)
    return list(session.scalars(mine.order_by(OutboxMessage.id)))


def said(app: Flask, session: Session, row: OutboxMessage) -> list[str]:
    """Whom a letter asks about, as it would be written now."""
    composed = app.extensions["mail_room"].letters[row.letter].compose(session, row, now=NOW)
    return sorted(one.title for one in composed.variables["keys"]) if composed else []


def leave(session: Session) -> None:
    """Every letter leaves."""
    session.execute(update(OutboxMessage).values(state=OutboxState.SENT))
    session.commit()


@pytest.fixture
def three(people: Cast, opening: Opening, enter: Enter) -> list[Registration]:
    """Three people who register one after the other."""
    several = (people.alice, people.bob, people.charlie)
    return [enter(opening, one.address, actor=actor_for(one)).registration for one in several]


def test_many_who_register_before_a_letter_leaves_are_asked_about_in_one(
    app: Flask, session: Session, people: Cast, three: list[Registration]
) -> None:
    for who in (people.olga, people.omar):
        (row,) = to(session, who)
        assert said(app, session, row) == [one.name for one in three]
        assert len(secrets_of(row)) == 3, "a link for each"


def test_each_link_turns_its_own_key_and_what_is_decided_is_asked_no_more(
    app: Flask, session: Session, people: Cast, three: list[Registration]
) -> None:
    (row,) = to(session, people.omar)
    key = key_of(session, three[1], people.oxford.id)
    link = key_of_link(session, secrets_of(row)[key.id])
    assert link is not None
    turn_by_link(session, link, Turn(says=YES, person_id=None), subjects=SUBJECTS, now=NOW)
    session.commit()
    assert said(app, session, row) == [three[0].name, three[2].name]
    for one in (three[0], three[2]):
        say(session, one, people.omar, people.oxford.id, YES)
    assert said(app, session, row) == [], "a letter that asks nothing does not go"


def test_what_comes_in_soon_after_a_letter_waits_for_the_next_an_hour_later(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.alice.address, actor=actor_for(people.alice))
    leave(session)
    later = [enter(opening, one.address, actor=actor_for(one)).registration for one in (people.bob, people.charlie)]
    first, second = to(session, people.omar)
    assert (first.due_at, second.due_at) == (NOW, NOW + timedelta(hours=1))
    assert said(app, session, second) == [one.name for one in later]


def test_a_letter_that_is_on_its_way_is_left_as_it_is(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.alice.address, actor=actor_for(people.alice))
    session.execute(update(OutboxMessage).values(state=OutboxState.SENDING, lease_token="ours"))
    session.commit()
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    assert [len(secrets_of(row)) for row in to(session, people.omar)] == [1, 1]


def test_openings_are_asked_about_apart(
    session: Session, people: Cast, three: list[Registration], enter: Enter
) -> None:
    talk = things.event(session, lead=people.oxford, title="Winter school")
    other = things.opening(session, events=[talk], places_by=PlacesBy.DECISION, co_owners=[people.liverpool])
    keys = Wanted(decided_by=DecidedBy.KEYS)
    set_terms(session, other.id, keys, actor=actor_of(people.omar), now=NOW)
    session.commit()
    enter(other, people.alice.address, actor=actor_for(people.alice))
    assert [len(secrets_of(row)) for row in to(session, people.omar)] == [3, 1]


def test_whoever_a_key_is_given_to_by_hand_is_written_to_at_once(
    session: Session, people: Cast, three: list[Registration]
) -> None:
    leave(session)
    key = key_of(session, three[0], people.oxford.id)
    given = {"name": "Olga", "address": people.olga.address}
    delegate_key(session, key.id, **given, subjects=SUBJECTS, actor=actor_of(people.omar), now=NOW)
    session.commit()
    assert to(session, people.olga)[-1].due_at == NOW


def test_reminders_go_together_and_so_does_what_is_late(
    app: Flask, session: Session, people: Cast, three: list[Registration]
) -> None:
    leave(session)
    assert hurry(session, NOW + timedelta(days=12)) == 6
    session.commit()
    (row,) = to(session, people.omar, "key_due")
    assert said(app, session, row) == [one.name for one in three]
    assert hurry(session, NOW + timedelta(days=14)) == 6
    (row,) = to(session, people.omar, "key_late")
    assert said(app, session, row) == [one.name for one in three], "each once, though both universities are late"


def late_letter(app: Flask, session: Session, who: Person | str) -> list[tuple[str, str]]:
    """Whom the one letter to somebody that keys are late names, with whose key it is."""
    letters = select(OutboxMessage).where(OutboxMessage.letter == "key_late")
    address = who if isinstance(who, str) else who.address
    (row,) = session.scalars(letters.where(OutboxMessage.recipient == address)).all()
    composed = app.extensions["mail_room"].letters["key_late"].compose(session, row, now=NOW)
    assert composed is not None
    return [(one.title, one.organisation) for one in composed.variables["keys"]]


def test_what_is_late_names_to_each_what_they_are_told_of(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    keys = Wanted(decided_by=DecidedBy.KEYS, escalation_address="dean@example.ac.uk")
    set_terms(session, opening.id, keys, actor=actor_of(people.omar), now=NOW)
    alice, bob = (enter(opening, one.address, actor=actor_for(one)).registration for one in (people.alice, people.bob))
    say(session, alice, people.olga, people.liverpool.id, YES)
    hurry(session, NOW + timedelta(days=14))
    session.commit()
    every = [(alice.name, "Oxford"), (bob.name, "Liverpool and Oxford")]
    assert late_letter(app, session, people.omar) == every
    assert late_letter(app, session, "dean@example.ac.uk") == every
    assert late_letter(app, session, people.olga) == [(bob.name, "Liverpool")], "her own university’s alone"
    say(session, alice, people.omar, people.oxford.id, YES)
    assert late_letter(app, session, people.omar) == every[1:], "what was decided since is late no more"


def test_what_gets_late_soon_after_waits_an_hour_for_the_next_letter(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    for number, one in enumerate((people.alice, people.bob, people.charlie)):
        enter(opening, one.address, actor=actor_for(one), now=NOW + timedelta(minutes=number))
    late = NOW + timedelta(days=14)
    hurry(session, late)
    leave(session)
    for minute in (1, 2):
        hurry(session, late + timedelta(minutes=minute))
        session.commit()
    first, second = to(session, people.omar, "key_late")
    assert (first.due_at, second.due_at) == (late, late + timedelta(hours=1))
    assert [len(secrets_of(row)) for row in (first, second)] == [2, 4]


def test_a_letter_about_one_late_key_queued_before_still_goes(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    hurry(session, NOW + timedelta(days=14))
    (letter,) = to(session, people.omar, "key_late")
    letter.subject_kind, letter.subject_id = "approval_key", key_of(session, row, people.oxford.id).id
    letter.context = {}
    session.commit()
    assert late_letter(app, session, people.omar) == [(row.name, "Oxford")]


def test_whoever_is_erased_leaves_letters_and_the_others_stay_asked_about(
    app: Flask, session: Session, people: Cast, three: list[Registration]
) -> None:
    (row,) = to(session, people.omar)
    erase_registration(session, three[0], app.extensions["keepers"], now=NOW)
    session.commit()
    assert said(app, session, row) == [one.name for one in three[1:]]
    leave(session)
    erase_registration(session, three[1], app.extensions["keepers"], now=NOW)
    session.commit()
    assert to(session, people.omar) == [], "what was sent and named them is kept no more"


def test_a_letter_queued_before_letters_were_gathered_still_goes(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    key = key_of(session, row, people.oxford.id)
    (letter,) = to(session, people.omar)
    letter.subject_kind, letter.subject_id = "approval_key", key.id
    letter.context = {"token": secrets_of(letter)[key.id]}
    session.execute(delete(OutboxMessage).where(OutboxMessage.id != letter.id))
    session.commit()
    assert said(app, session, letter) == [row.name]
