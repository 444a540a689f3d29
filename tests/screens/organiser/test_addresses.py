"""Addresses that get no letters: organisers see and lift what concerns them, and their owners' wishes stay theirs."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.core.audit import AuditEntry
from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.models import Heartbeat, OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import Scope
from programme.people.models import Role, Strand
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for, grant
from tests.screens.organiser.test_mail import signed_in, text

HERE = "/organise/mail/addresses"
WHY = "550 5.1.1 no mouse of that name"


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def letter(session: Session, cast: Cast, to: str) -> OutboxMessage:
    """A letter of Oxford's exchange."""
    queued = Post(
        "event_moved",
        f"to:{to}",
        Recipient(to),
        ("event", 1),
        organisation_id=cast.oxford.id,
        strand=Strand.EXCHANGE,
    )
    post(session, queued, now=LONG_AGO)
    return session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == f"to:{to}")).one()


def stopped(session: Session, cast: Cast, to: str = "Gone@oxford.example", cause: Cause = Cause.BOUNCED) -> Suppression:
    """An address of a letter of Oxford's that gets no more."""
    row = letter(session, cast, to)
    scope = Scope.EVERYTHING if cause is Cause.BOUNCED else Scope.MARKETING
    suppress(session, to, scope=scope, cause=cause, now=clock.now(), detail=WHY, message_id=row.id)
    session.commit()
    return session.scalars(select(Suppression).where(Suppression.address == to)).one()


def test_organiser_sees_why_and_by_which_letter_and_lets_letters_go_again(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = stopped(session, cast)
    page = text(signed_in(client, session, cast.omar), HERE)
    for words in (
        "Gone@oxford.example",
        "Does not exist",
        WHY,
        f"/organise/mail/{row.outbox_message_id}",
        "Write again",
    ):
        assert words in page
    answer = client.post(f"{HERE}/{row.id}/release", follow_redirects=True)
    assert "Letters go to Gone@oxford.example again." in answer.text
    assert "Letters go everywhere" in answer.text
    session.refresh(row)
    assert (row.lifted_at is None, row.lifted_by_id) == (False, cast.omar.id)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "suppression")).one()
    assert (entry.person_id, entry.organisation_id) == (cast.omar.id, cast.oxford.id)
    assert "let letters go again to the address “Gone@oxford.example”" in " ".join(
        text(client, "/organise/audit").split()
    )
    again = client.post(f"{HERE}/{row.id}/release", follow_redirects=True)
    assert "again already" in again.text


def test_other_university_is_an_outsider_until_the_address_is_theirs_too(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = stopped(session, cast)
    signed_in(client, session, cast.olga)
    assert "Gone@" not in text(client, HERE)
    assert "Gone@" not in text(client, f"{HERE}?q=gone")
    assert client.post(f"{HERE}/{row.id}/release").status_code == 404
    talk = things.event(session, lead=cast.liverpool)
    opening = things.opening(session, events=[talk])
    things.registration(session, to=opening, who=cast.charlie, address="gone@OXFORD.example")
    session.commit()
    page = text(client, HERE)
    assert "Gone@oxford.example" in page
    assert f"/organise/mail/{row.outbox_message_id}" not in page
    assert client.post(f"{HERE}/{row.id}/release").status_code == 303
    session.refresh(row)
    assert row.lifted_by_id == cast.olga.id


def test_organiser_of_another_strand_is_an_outsider(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = stopped(session, cast)
    grant(session, cast.bob, Role.ORGANISER, organisation=cast.oxford, strand=Strand.PLACEMENTS)
    signed_in(client, session, cast.bob)
    assert "Gone@" not in text(client, HERE)
    assert client.post(f"{HERE}/{row.id}/release").status_code == 404


def test_helper_at_a_door_sees_no_address(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = stopped(session, cast)
    one = things.event(session, lead=cast.oxford)
    things.registration(session, to=things.opening(session, events=[one]), who=cast.charlie, address=row.address)
    grant(session, cast.bob, Role.HELPER, organisation=cast.oxford, subject=("event", one.id))
    session.commit()
    page = signed_in(client, session, cast.bob)
    assert row.address not in text(page, HERE)
    assert page.post(f"{HERE}/{row.id}/release").status_code == 404


def test_wish_of_its_owner_is_seen_and_not_lifted(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = stopped(session, cast, "alice@liverpool.example", Cause.UNSUBSCRIBED)
    page = text(signed_in(client, session, cast.omar), HERE)
    assert "Their own wish" in page
    assert "Write again" not in page
    answer = client.post(f"{HERE}/{row.id}/release", follow_redirects=True)
    assert "Only they can take that back" in answer.text
    session.refresh(row)
    assert row.lifted_at is None
    signed_in(client, session, cast.ada)
    assert "Write again" in text(client, HERE)
    assert client.post(f"{HERE}/{row.id}/release").status_code == 303


def test_administrator_finds_an_erased_address_by_the_whole_of_it(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = stopped(session, cast)
    row.address, row.outbox_message_id = "", None
    session.commit()
    signed_in(client, session, cast.omar)
    assert "data are deleted" not in text(client, HERE)
    signed_in(client, session, cast.ada)
    for query, found in {"": True, "?q=GONE@oxford.example": True, "?q=gone": False}.items():
        assert ("An address whose data are deleted" in text(client, HERE + query)) is found


def test_addresses_are_searched_and_counted_by_cause(client: FlaskClient, session: Session, cast: Cast) -> None:
    stopped(session, cast)
    stopped(session, cast, "alice@liverpool.example", Cause.UNSUBSCRIBED)
    signed_in(client, session, cast.omar)
    for query, found in {
        "q=alice": {"alice"},
        "cause=bounced": {"Gone"},
        "q=%25": set(),
        "": {"alice", "Gone"},
    }.items():
        page = text(client, f"{HERE}?{query}")
        assert {name for name in ("alice", "Gone") if f"{name}@" in page} == found
    answer = client.get(f"{HERE}?cause=nonsense")
    assert (answer.status_code, "We could not read the cause" in answer.text) == (400, True)


def test_organiser_stops_letters_to_an_address_of_theirs(client: FlaskClient, session: Session, cast: Cast) -> None:
    letter(session, cast, "carol@oxford.example")
    session.commit()
    signed_in(client, session, cast.omar)
    form = {"address": "Carol@oxford.example", "scope": "service", "why": "Asked on the telephone"}
    assert "gets no more of these letters" in client.post(HERE, data=form, follow_redirects=True).text
    row = session.scalars(select(Suppression)).one()
    assert (row.address_hash, row.scope, row.cause) == (
        address_hash("carol@oxford.example"),
        Scope.SERVICE,
        Cause.BY_HAND,
    )
    again = client.post(HERE, data=form)
    assert (again.status_code, "gets none of these letters already" in again.text) == (422, True)
    assert 'value="Asked on the telephone"' in again.text
    foreign = client.post(HERE, data={**form, "address": "alice@liverpool.example"})
    assert (foreign.status_code, "Ask an administrator" in foreign.text) == (422, True)
    for wrong in ({"scope": "everything"}, {"scope": ""}, {"address": "nobody"}, {"why": " "}, {"why": "\0"}):
        assert client.post(HERE, data={**form, "address": "x@oxford.example", **wrong}).status_code == 422


def test_administrator_stops_every_letter(client: FlaskClient, session: Session, cast: Cast) -> None:
    signed_in(client, session, cast.ada)
    form = {"address": "anybody@elsewhere.example", "scope": "everything", "why": "Died"}
    assert client.post(HERE, data=form).status_code == 303
    assert session.scalars(select(Suppression.scope)).all() == [Scope.EVERYTHING]


def test_others_are_not_let_in(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = stopped(session, cast)
    assert client.get(HERE).status_code == 303
    assert client.post(f"{HERE}/{row.id}/release").status_code == 303
    session.refresh(row)
    assert row.lifted_at is None
    signed_in(client, session, cast.alice)
    assert (client.get(HERE).status_code, client.post(HERE).status_code) == (403, 403)


def test_list_asks_as_much_for_thirty_as_for_one(client: FlaskClient, session: Session, cast: Cast) -> None:
    stopped(session, cast)
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    client.get(HERE)
    one = statements(client, session)
    for number in range(30):
        stopped(session, cast, f"gone{number}@oxford.example")
    assert statements(client, session) == one


def statements(client: FlaskClient, session: Session) -> int:
    """How many statements the list takes."""
    session.rollback()
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    text(client, HERE)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_home_tells_of_addresses_that_do_not_exist_for_a_week(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = stopped(session, cast)
    assert "1 address does not exist" in text(signed_in(client, session, cast.omar), "/organise")
    assert "does not exist" not in text(signed_in(client, session, cast.olga), "/organise")
    row.since = clock.now() - timedelta(days=8)
    session.commit()
    assert "does not exist" not in text(signed_in(client, session, cast.omar), "/organise")


def test_home_tells_administrators_that_our_letters_are_unwelcome(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    said = {"meaning": Meaning.POLICY, "came_at": clock.now(), "detail": "550 5.7.26 not signed."}
    session.add(InboxMessage(digest="a" * 64, **said))
    session.add(
        Heartbeat(tick="inbox", started_at=clock.now(), succeeded_at=clock.now(), last_error="The inbox is shut.")
    )
    session.commit()
    page = text(signed_in(client, session, cast.ada), "/organise")
    assert "Mail systems called our letters unwelcome: 1 letter this week" in page
    assert "550 5.7.26 not signed. Look at SPF" in page
    assert "The inbox of bounces cannot be read" in page
    assert "unwelcome" not in text(signed_in(client, session, cast.omar), "/organise")
