"""One's own address: changed wherever it stands, and every letter that waits follows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.mail.addresses.models import Suppression
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState, Scope
from programme.engines.registration.models import Registration
from programme.flows.addresses.changing import ask, change
from programme.flows.addresses.readdressing import follow
from programme.flows.keeping.erasing import erase_person
from programme.flows.notices.people.accounts import send_link
from programme.flows.notices.people.addresses import proved_address, token_of
from programme.people import signing_in
from programme.people.identity import actor_of
from programme.people.models import Basis, SignInLink
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.addresses.conftest import LATER, waiting
from tests.flows.conftest import NOW

OLD, NEW = "alice@liverpool.example.ac.uk", "alice@oxford.example.ac.uk"


def changed(session: Session, people: Cast, private: frozenset[str]) -> None:
    """Let Alice have her new address."""
    change(session, people.alice.id, NEW, private=private, now=LATER)
    session.commit()


def test_letter_that_waits_goes_to_the_new_address(
    app: Flask, session: Session, people: Cast, place: Registration, private: frozenset[str], capture: Capture
) -> None:
    assert waiting(session) == [("registration_confirmed", OLD)]
    changed(session, people, private)
    run_due(app, LATER)
    assert [message["Subject"] for message in capture.to(OLD)] == ["The address of your account was changed"]
    assert len(capture.to(NEW)) == 1
    assert session.get_one(Registration, place.id).address == NEW


def test_a_held_letter_follows_and_what_is_on_its_way_or_went_does_not(
    session: Session, people: Cast, place: Registration, private: frozenset[str]
) -> None:
    [row] = session.scalars(select(OutboxMessage))
    copies = {state: copy_of(row, state) for state in (*OutboxState,)}
    session.add_all(copies.values())
    session.commit()
    changed(session, people, private)
    session.expire_all()
    moved = {state for state, copy in copies.items() if copy.recipient == NEW}
    assert moved == {OutboxState.PENDING, OutboxState.HELD}


def copy_of(row: OutboxMessage, state: OutboxState) -> OutboxMessage:
    """The same letter in another state."""
    same = ("letter", "recipient", "recipient_name", "person_id", "organisation_id", "strand", "subject_kind")
    given = {name: getattr(row, name) for name in (*same, "subject_id", "created_at", "due_at")}
    return OutboxMessage(**given, dedup_key=f"copy:{state}", state=state, context={})


def test_a_letter_that_comes_back_from_its_way_follows_before_it_is_tried_again(
    session: Session, people: Cast, place: Registration, private: frozenset[str]
) -> None:
    [row] = session.scalars(select(OutboxMessage))
    row.state, row.attempts = OutboxState.SENDING, 1
    session.commit()
    changed(session, people, private)
    assert follow(session, LATER, private=private) == 0
    row = session.get_one(OutboxMessage, row.id)
    row.state, row.last_error, row.due_at = OutboxState.PENDING, "451 Later", LATER + timedelta(hours=4)
    session.commit()
    assert follow(session, LATER, private=private) == 1
    assert (row.recipient, row.attempts, row.last_error, row.due_at) == (NEW, 0, "", LATER)
    assert follow(session, LATER, private=private) == 0


def test_links_meant_for_the_old_address_neither_follow_nor_open_anything(
    app: Flask, session: Session, people: Cast, private: frozenset[str], capture: Capture
) -> None:
    asked = signing_in.ask(session, OLD, next_path="", now=LATER)
    send_link(session, asked, browser="", now=LATER)
    ask(session, people.alice, "third@example.org", now=LATER)
    session.commit()
    changed(session, people, private)
    assert waiting(session)[:2] == [("sign_in", OLD), ("address_proof", "third@example.org")]
    assert session.scalar(select(func.count()).select_from(SignInLink)) == 0
    run_due(app, LATER)
    assert "Sign in" not in " ".join(str(message["Subject"]) for message in capture.messages)
    with pytest.raises(Refusal):
        signing_in.confirm(session, asked.token, name="", browser="", now=LATER)


def test_what_the_old_address_showed_is_only_said_from_now_on(
    session: Session, people: Cast, private: frozenset[str]
) -> None:
    changed(session, people, private)
    session.expire_all()
    ties = {tie.organisation_id: (tie.basis, tie.is_home) for tie in people.alice.affiliations}
    assert ties == {people.liverpool.id: (Basis.CLAIMED, False), people.oxford.id: (Basis.PROVED, True)}
    assert people.alice.address_key == NEW


def test_own_wishes_come_along_and_bounces_do_not(session: Session, people: Cast, private: frozenset[str]) -> None:
    suppress(session, OLD, scope=Scope.MARKETING, cause=Cause.UNSUBSCRIBED, now=NOW)
    suppress(session, OLD, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=NOW)
    changed(session, people, private)
    there = select(Suppression.scope).where(Suppression.address_hash == address_hash(NEW))
    assert session.scalars(there).all() == [Scope.MARKETING]


def test_contact_of_events_and_answers_to_letters_come_along(
    session: Session, people: Cast, place: Registration, private: frozenset[str]
) -> None:
    mine = things.event(session, lead=people.liverpool, contact_name="Alice", contact_address=OLD.upper())
    [row] = session.scalars(select(OutboxMessage))
    row.reply_to = OLD
    session.commit()
    changed(session, people, private)
    session.expire_all()
    assert session.get_one(Event, mine.id).contact_address == NEW
    assert session.get_one(OutboxMessage, row.id).reply_to == NEW


def test_address_of_somebody_else_is_refused_and_nothing_changes(
    session: Session, people: Cast, place: Registration, private: frozenset[str]
) -> None:
    with pytest.raises(Refusal, match="Somebody is known here"):
        change(session, people.alice.id, people.bob.address.upper(), private=private, now=LATER)
    session.rollback()
    assert people.alice.address == OLD
    with pytest.raises(Refusal, match="already"):
        change(session, people.alice.id, OLD, private=private, now=LATER)


def test_link_is_for_whoever_asked_and_lasts_an_hour(app: Flask, session: Session, people: Cast) -> None:
    links = app.extensions["links"]
    ask(session, people.alice, NEW, now=NOW)
    session.commit()
    [row] = session.scalars(select(OutboxMessage))
    token = token_of(row, links=links)
    assert proved_address(session, token, person_id=people.alice.id, links=links, now=NOW) == NEW
    other = {"person_id": people.bob.id, "links": links, "now": NOW}
    late = {"person_id": people.alice.id, "links": links, "now": LATER}
    mine = {**late, "now": NOW}
    for wrong, given in ((token, other), (token, late), (token + "x", mine), ("9" * 30, mine), ("x-y", mine)):
        with pytest.raises(Refusal):
            proved_address(session, wrong, **given)


def test_account_that_is_deleted_leaves_no_letter_behind(
    app: Flask, session: Session, people: Cast, place: Registration
) -> None:
    alice = people.alice.id
    erase_person(session, people.alice, app.extensions["keepers"], actor=actor_of(people.alice), now=LATER)
    session.commit()
    assert session.scalars(select(OutboxMessage.id).where(OutboxMessage.person_id == alice)).all() == []
    assert [letter for letter, address in waiting(session) if address == OLD] == ["data_deleted"]
