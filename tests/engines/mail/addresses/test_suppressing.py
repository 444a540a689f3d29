"""Addresses that get no letters: which letters they stop, who lifts them, and what goes again then."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.mail.addresses.models import Suppression
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.suppressing import (
    lift,
    note_refusal,
    suppress,
    suppressed_among,
    take_back,
)
from programme.engines.mail.addresses.suppression.trying_again import try_again_here
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Letter
from programme.engines.mail.states import OutboxState, Scope
from programme.people.models import Role
from programme.people.permissions import Actor, Grant
from tests.bed.clock import START
from tests.engines.mail.post_office import PostOffice

OLGA = Actor(person_id=None, name="Olga", grants=(Grant(Role.ORGANISER, 1),))
ADA = Actor(person_id=None, name="Ada", grants=(Grant(Role.ADMINISTRATOR),))
ALICE = "alice@liverpool.example"


@pytest.fixture
def letters(office: PostOffice) -> Mapping[str, Letter]:
    """A kind for every case."""
    plain = office.room.letters["plain"]
    return {
        "plain": plain,
        "private": replace(plain, name="private", is_private=True),
        "news": replace(plain, name="news", declinable=Scope.MARKETING),
        "notice": replace(plain, name="notice", declinable=Scope.SERVICE),
    }


@pytest.fixture
def session(office: PostOffice) -> Iterator[Session]:
    with office.factory() as opened:
        yield opened


def rows(office: PostOffice, session: Session, **given: str) -> dict[str, OutboxMessage]:
    """One letter of each kind to Alice."""
    ids = {name: office.put(name, letter=name, to=ALICE, **given) for name in ("plain", "private", "news", "notice")}
    ids["unheard of"] = office.put("unheard of", letter="unheard_of", to="ALICE@Liverpool.example")
    return {name: session.get_one(OutboxMessage, row_id) for name, row_id in ids.items()}


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (Scope.EVERYTHING, {"plain", "news", "notice", "unheard of"}),
        (Scope.SERVICE, {"notice"}),
        (Scope.MARKETING, {"news"}),
    ],
)
def test_scope_stops_the_kinds_it_says(
    office: PostOffice, session: Session, letters: Mapping[str, Letter], scope: Scope, stopped: set[str]
) -> None:
    by_name = rows(office, session)
    assert suppressed_among(session, list(by_name.values()), letters, START) == {}
    suppress(session, "Alice@liverpool.example", scope=scope, cause=Cause.BOUNCED, now=START)
    found = suppressed_among(session, list(by_name.values()), letters, START)
    assert {name for name, row in by_name.items() if row.id in found} == stopped
    assert {row.scope for row in found.values()} == {scope}


def test_batch_is_asked_in_one_statement(office: PostOffice, session: Session, letters: Mapping[str, Letter]) -> None:
    many = [OutboxMessage(id=n, letter="plain", recipient=f"a{n}@x.example") for n in range(500)]
    with counted(session) as statements:
        suppressed_among(session, many, letters, START)
    assert len(statements) == 1
    with counted(session) as statements:
        assert suppressed_among(session, [], letters, START) == {}
    assert statements == []


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Count statements."""
    statements: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_what_stands_stays_as_it_was_said_first(session: Session) -> None:
    for scope in (Scope.MARKETING, Scope.EVERYTHING):
        assert suppress(session, ALICE, scope=scope, cause=Cause.UNSUBSCRIBED, now=START)
        assert not suppress(session, ALICE.upper(), scope=scope, cause=Cause.BOUNCED, now=START)
    assert set(session.scalars(select(Suppression.cause))) == {Cause.UNSUBSCRIBED}


def test_lifted_address_may_be_stopped_again(session: Session) -> None:
    suppress(session, ALICE, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=START)
    row = session.scalars(select(Suppression)).one()
    lift(session, row, actor=OLGA, now=START, organisation_id=1)
    with pytest.raises(Refusal, match="again already"):
        lift(session, row, actor=OLGA, now=START)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.organisation_id) == ("let letters go to an address again", 1)
    assert entry.before == {"address": ALICE, "letters": "everything", "because": "bounced"}
    assert suppress(session, ALICE, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=START)


@pytest.mark.parametrize("cause", [Cause.UNSUBSCRIBED, Cause.COMPLAINED])
def test_wish_of_its_owner_is_no_organiser_s_to_lift(session: Session, cause: Cause) -> None:
    suppress(session, ALICE, scope=Scope.MARKETING, cause=cause, now=START)
    row = session.scalars(select(Suppression)).one()
    with pytest.raises(Refusal, match="Only they"):
        lift(session, row, actor=OLGA, now=START)
    lift(session, row, actor=ADA, now=START)
    assert row.lifted_at == START


def test_owner_takes_back_only_what_is_theirs(session: Session) -> None:
    suppress(session, ALICE, scope=Scope.MARKETING, cause=Cause.UNSUBSCRIBED, now=START)
    suppress(session, ALICE, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=START)
    assert take_back(session, ALICE, scope=Scope.MARKETING, now=START)
    assert not take_back(session, ALICE, scope=Scope.MARKETING, now=START)
    assert not take_back(session, ALICE, scope=Scope.EVERYTHING, now=START)


@pytest.mark.parametrize(
    ("code", "text", "stops"),
    [
        (550, "5.1.1 <alice@liverpool.example>: nobody", True),
        (550, "5.2.1 closed", True),
        (553, "5.1.3 cannot be", True),
        (550, "5.7.1 not you", False),
        (554, "5.1.8 your address is bad", False),
        (552, "5.2.2 full", False),
        (550, "No such mouse", False),
        (450, "4.1.1 perhaps", False),
        (550, "4.1.1 perhaps", False),
        (0, "This letter cannot be built: 5.1.1", False),
    ],
)
def test_refusal_stops_an_address_only_where_it_says_that_there_is_none(
    office: PostOffice, session: Session, code: int, text: str, *, stops: bool
) -> None:
    row = session.get_one(OutboxMessage, office.put("one", to=ALICE))
    assert note_refusal(session, row, code, text, START) is stops
    assert [(one.cause, one.detail, one.outbox_message_id) for one in session.scalars(select(Suppression))] == (
        [(Cause.BOUNCED, f"{code} {text}", row.id)] if stops else []
    )


def test_failed_letter_goes_again_when_its_address_is_tried_again(office: PostOffice, session: Session) -> None:
    row = session.get_one(OutboxMessage, office.put("one", to=ALICE))
    for state in (OutboxState.FAILED, OutboxState.SUPPRESSED):
        session.execute(OutboxMessage.__table__.update().values(state=state))  # type: ignore[attr-defined]
        session.refresh(row)
        suppress(session, ALICE, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=START)
        try_again_here(session, row, OLGA, START)
        assert row.state is OutboxState.PENDING
        assert session.scalars(select(Suppression.id).where(Suppression.lifted_at.is_(None))).all() == []


def test_letter_that_came_back_goes_again_as_a_copy(office: PostOffice, session: Session) -> None:
    row = session.get_one(OutboxMessage, office.put("one", to=ALICE, context={"subject": "Mosses"}))
    session.commit()
    office.dispatch()
    session.refresh(row)
    row.bounced_at, row.bounce_status = START, "5.1.1"
    suppress(session, ALICE, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=START)
    try_again_here(session, row, OLGA, START)
    session.commit()
    copy = session.scalars(select(OutboxMessage).where(OutboxMessage.id != row.id)).one()
    assert (copy.recipient, copy.context, copy.state) == (ALICE, {"subject": "Mosses"}, OutboxState.PENDING)
    assert (row.state, row.bounce_status) == (OutboxState.SENT, "5.1.1")
    assert office.dispatch().sent == 1


def test_letter_that_its_reader_declined_stays_declined(office: PostOffice, session: Session) -> None:
    row = session.get_one(OutboxMessage, office.put("one", to=ALICE))
    session.execute(OutboxMessage.__table__.update().values(state=OutboxState.SUPPRESSED))  # type: ignore[attr-defined]
    session.refresh(row)
    suppress(session, ALICE, scope=Scope.MARKETING, cause=Cause.UNSUBSCRIBED, now=START)
    with pytest.raises(Refusal, match="Only they can take that back"):
        try_again_here(session, row, OLGA, START)
    suppress(session, ALICE, scope=Scope.SERVICE, cause=Cause.BY_HAND, now=START)
    try_again_here(session, row, OLGA, START)
    assert row.state is OutboxState.PENDING


def test_letter_with_a_secret_link_does_not_go_twice(office: PostOffice, session: Session) -> None:
    row = session.get_one(OutboxMessage, office.put("one", to=ALICE, context={"token": "open sesame"}))
    session.commit()
    office.dispatch()
    session.refresh(row)
    row.bounced_at = START
    with pytest.raises(Refusal, match="secret link"):
        try_again_here(session, row, OLGA, START)
