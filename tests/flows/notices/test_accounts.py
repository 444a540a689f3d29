"""Letters about accounts: what they say, when they are no longer wanted, and that their secrets are forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wording.stationery import Stationery, written
from programme.flows.granting import giving
from programme.flows.notices.catalogue import described
from programme.flows.notices.people.accounts import LETTERS, forget_links, send_link
from programme.people import roles
from programme.people.identity import actor_of
from programme.people.models import Role, Strand
from programme.people.permissions import Grant
from programme.people.signing_in import ask, confirm
from tests.factories.cast import assemble
from tests.factories.things import event

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
CATALOGUE = {letter.name: described(letter) for letter in LETTERS}
PARTS = ("subject.txt", "text.txt", "html.html")


@pytest.mark.one_database
@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.parametrize("part", PARTS)
def test_every_letter_has_its_example(app: Flask, name: str, part: str) -> None:
    example = CATALOGUE[name].example
    assert example is not None
    text = rendered(app, name, part, **example())
    assert text.strip()
    assert "None" not in text
    assert "\n" not in text or part != "subject.txt"


def test_sign_in_letter_has_the_link_and_when_it_ends(app: Flask, session: Session) -> None:
    message, token = queued(session, "alice@liverpool.example.ac.uk")
    words = composed(session, message)
    assert words is not None
    text = rendered(app, message.letter, "text.txt", **words)
    assert message.letter == "sign_in"
    assert f"http://localhost/sign-in/{token}\n" in text
    assert "until 09:15 GMT on Tuesday 12\nJanuary 2027" in text
    assert "Firefox on Windows" in text


def test_unknown_address_is_told_that_there_is_no_account(app: Flask, session: Session) -> None:
    message, token = queued(session, "nobody@example.org")
    words = composed(session, message)
    assert words is not None
    text = rendered(app, message.letter, "text.txt", **words)
    assert "There is no account for this address yet" in text
    assert f"/sign-in/{token}" in text


def test_letter_of_a_link_is_urgent_ends_with_it_and_belongs_to_no_organisation(session: Session) -> None:
    message, _ = queued(session, "alice@liverpool.example.ac.uk")
    assert message.priority == 1
    assert message.valid_until == NOW + timedelta(minutes=15)
    assert message.organisation_id is None


def test_letter_of_a_used_or_ended_link_is_not_wanted(session: Session) -> None:
    message, token = queued(session, "alice@liverpool.example.ac.uk")
    assert composed(session, message, now=NOW + timedelta(minutes=15)) is None
    confirm(session, token, name="", browser="", now=NOW)
    assert composed(session, message) is None


def test_secret_is_forgotten_once_the_link_has_ended(session: Session) -> None:
    message, token = queued(session, "alice@liverpool.example.ac.uk")
    forget_links(session, now=NOW)
    session.refresh(message)
    assert message.context["token"] == token
    forget_links(session, now=NOW + timedelta(minutes=16))
    session.refresh(message)
    assert message.context == {}
    assert composed(session, message) is None


def test_new_role_is_told_and_a_role_taken_back_is_not(session: Session) -> None:
    cast = assemble(session)
    wanted = Grant(Role.ORGANISER, cast.liverpool.id, Strand.PLACEMENTS)
    holder = giving.Holder("dora@liverpool.example.ac.uk", "Dora Dale")
    row, dora, is_new = giving.give(session, holder, wanted, actor=actor_of(cast.olga), now=NOW)
    message = session.scalars(select(OutboxMessage)).one()
    words = composed(session, message)
    assert is_new
    assert words is not None
    assert words["role"] == "Organiser for University of Liverpool, Placements"
    assert message.reply_to == cast.liverpool.contact_address
    roles.revoke(session, row, actor=actor_of(cast.olga), now=NOW)
    assert dora.grants == []
    assert composed(session, message) is None


@pytest.mark.parametrize(("said", "strand"), [(None, Strand.EXCHANGE), (Strand.COHORTS, Strand.COHORTS)])
def test_helper_is_bound_to_the_event_whose_page_was_named(
    session: Session, said: Strand | None, strand: Strand
) -> None:
    cast = assemble(session)
    talk = event(session, lead=cast.liverpool)
    wanted = giving.wanted_grant(
        session,
        role=Role.HELPER,
        organisation=cast.liverpool.id,
        strand=said,
        helps_with=f"http://localhost/events/quantum-sensing-{talk.id}?x=1",
    )
    assert wanted == Grant(Role.HELPER, cast.liverpool.id, strand, ("event", talk.id))


def queued(session: Session, address: str) -> tuple[OutboxMessage, str]:
    """Ask for a link and return its letter and its secret."""
    assemble(session)
    asked = ask(session, address, next_path="", now=NOW)
    send_link(session, asked, browser="Firefox on Windows", now=NOW)
    return session.scalars(select(OutboxMessage)).one(), asked.token


def composed(session: Session, message: OutboxMessage, *, now: datetime = NOW) -> dict[str, object] | None:
    """Return what the letter would say at `now`."""
    found = CATALOGUE[message.letter].compose(session, message, now=now)
    return None if found is None else dict(found.variables)


def rendered(app: Flask, name: str, part: str, /, **variables: object) -> str:
    """Return one part of a letter."""
    body = written(CATALOGUE[name], variables, room=app.extensions["mail_room"], stationery=Stationery())
    return {"subject.txt": body.subject, "text.txt": body.text, "html.html": body.html}[part]
