"""Declining letters: one click from anywhere declines, opening the address does not, and nobody forges one."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.web.shield import may_come_from_anywhere
from programme.engines.mail.addresses.models import Suppression
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.addresses.unsubscribing import declining
from programme.engines.mail.composing import message_id_of
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.ports import MailRoom
from programme.engines.mail.states import Scope
from programme.engines.mail.wire.messages import Body, Head, build
from programme.engines.mail.wishes.choices import Wishes, choose, wishes_of
from tests.bed.clock import START
from tests.factories.cast import assemble

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ALICE = "alice@liverpool.example"
LONG = "https://" + ".".join(["a-long-name-of-a-part"] * 6) + ".example.ac.uk"


@pytest.fixture
def room(app: Flask) -> MailRoom:
    """A mail room in which two kinds may be declined."""
    room: MailRoom = app.extensions["mail_room"]
    kinds = dict(room.letters)
    for name, scope in {"event_moved": Scope.MARKETING, "event_cancelled": Scope.SERVICE}.items():
        kinds[name] = replace(kinds[name], declinable=scope)
    app.extensions["mail_room"] = changed = replace(room, letters=kinds)
    return changed


def letter(session: Session, name: str = "event_moved", to: str = ALICE) -> OutboxMessage:
    """A letter to Alice."""
    post(session, Post(name, f"{name}:{to}", Recipient(to), ("event", 1)), now=START)
    session.commit()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == f"{name}:{to}")).one()


def address(session: Session, room: MailRoom, name: str = "event_moved") -> str:
    """Where a letter to Alice is declined."""
    found = declining(room, letter(session, name)).url.removeprefix(room.base_url)
    session.rollback()
    return found


def standing(session: Session) -> list[tuple[str, Scope, Cause]]:
    """What stands against addresses."""
    session.rollback()
    rows = session.scalars(select(Suppression).where(Suppression.lifted_at.is_(None)).order_by(Suppression.id))
    return [(row.address, row.scope, row.cause) for row in rows]


NO_NEWS = [(ALICE, Scope.MARKETING, Cause.UNSUBSCRIBED)]


def test_headers_are_literal_on_the_wire_however_long(session: Session, room: MailRoom) -> None:
    row = letter(session)
    found = declining(replace(room, base_url=LONG), row)
    head = Head(
        sender=room.mail_from,
        sender_name="Olga",
        reply_to="",
        recipient=row.recipient,
        recipient_name="",
        message_id=message_id_of(row, room=room),
        date=datetime(2027, 1, 12, tzinfo=UTC),
        unsubscribe_url=found.url,
        list_id=found.list_id,
    )
    data = build(head, Body("News", "News", "<p>News</p>"))
    assert len(found.url) > 150
    assert f"\r\nList-Unsubscribe: <{found.url}>\r\n".encode() in data
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data
    assert b"\r\nList-Id: <marketing.programme.example>\r\n" in data
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert message["List-Unsubscribe"] == f"<{found.url}>"


def test_letter_that_cannot_be_declined_has_no_address_for_it(session: Session, room: MailRoom) -> None:
    assert declining(room, letter(session, "sign_in")).url == ""
    assert declining(room, letter(session, "no_such_kind")).list_id == ""


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("form", [ONE_CLICK, {}])
def test_one_click_declines_from_anywhere(
    client: FlaskClient, session: Session, room: MailRoom, headers: dict[str, str], form: dict[str, str]
) -> None:
    answer = client.post(address(session, room), data=form, headers=headers)
    assert (answer.status_code, "You get no more news and invitations" in answer.text) == (200, True)
    assert standing(session) == NO_NEWS


def test_one_click_as_parts_declines_too(client: FlaskClient, session: Session, room: MailRoom) -> None:
    place = address(session, room)
    assert client.post(place, data=ONE_CLICK, content_type="multipart/form-data").status_code == 200
    assert client.post(place, data=ONE_CLICK).status_code == 200
    assert standing(session) == NO_NEWS


def test_opening_the_address_changes_nothing(client: FlaskClient, session: Session, room: MailRoom) -> None:
    place = address(session, room)
    for method in (client.get, client.head, client.options):
        assert method(place).status_code == 200
    page = client.get(place)
    assert "No more news and invitations?" in page.text
    assert "What still comes" in page.text
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert ALICE not in page.text
    assert "a•••@liverpool.example" in page.text
    assert standing(session) == []


def test_scope_follows_from_the_kind_of_letter(client: FlaskClient, session: Session, room: MailRoom) -> None:
    answer = client.post(address(session, room, "event_cancelled"), data=ONE_CLICK)
    assert "You get no more letters that organisers write to many people" in answer.text
    assert standing(session) == [(ALICE, Scope.SERVICE, Cause.UNSUBSCRIBED)]


def test_person_presses_the_button_and_takes_it_back(client: FlaskClient, session: Session, room: MailRoom) -> None:
    place = address(session, room)
    answer = client.post(place, data={"from_page": "1"})
    assert (answer.status_code, answer.location) == (303, "unsubscribe")
    page = client.get(place).text
    assert "You get no more news and invitations" in page
    assert "Send them again" in page
    again = client.post(place.replace("unsubscribe", "subscription"))
    assert again.status_code == 303
    assert standing(session) == []
    assert "No more news and invitations?" in client.get(place).text
    assert session.scalar(select(func.count()).select_from(Suppression)) == 1


def test_taking_back_is_not_for_other_sites(client: FlaskClient, session: Session, room: MailRoom) -> None:
    place = address(session, room)
    client.post(place, data=ONE_CLICK)
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(place.replace("unsubscribe", "subscription"), headers=foreign).status_code == 403
    assert standing(session) == NO_NEWS


def test_what_an_organiser_noted_is_not_taken_back_by_the_link(
    client: FlaskClient, session: Session, room: MailRoom
) -> None:
    place = address(session, room)
    suppress(session, ALICE, scope=Scope.MARKETING, cause=Cause.BY_HAND, now=START)
    session.commit()
    page = client.get(place).text
    assert "An organiser noted this" in page
    assert "Send them again" not in page
    client.post(place.replace("unsubscribe", "subscription"))
    assert standing(session) == [(ALICE, Scope.MARKETING, Cause.BY_HAND)]


def test_forged_address_is_not_found(client: FlaskClient, session: Session, room: MailRoom) -> None:
    place = address(session, room)
    real = place.split("/")[2]
    number, _, mark = real.partition("-")
    other = letter(session, to="bob@oxford.example")
    private = letter(session, "sign_in")
    session.rollback()
    wrong = [
        f"{number}-{'A' * 16}",
        f"{number}-{mark[:-1]}",
        f"{number}-{mark}x",
        f"{other.id}-{mark}",
        f"{private.id}-{mark}",
        f"0{number}-{mark}",
        "99999999999999999999-x",
        "-",
        "x" * 500,
        "é-é",
        "%00",
    ]
    for token in wrong:
        assert 400 <= client.get(f"/letters/{token}/unsubscribe").status_code < 500, token
        assert 400 <= client.post(f"/letters/{token}/unsubscribe", data=ONE_CLICK).status_code < 500, token
    assert standing(session) == []


def test_link_of_a_letter_that_is_gone_declines_nothing_for_whoever_has_its_number_now(
    client: FlaskClient, session: Session, room: MailRoom
) -> None:
    place = address(session, room)
    row = session.scalars(select(OutboxMessage)).one()
    row.recipient = "bob@oxford.example"
    session.commit()
    assert client.post(place, data=ONE_CLICK).status_code == 404
    session.delete(row)
    session.commit()
    assert client.post(place, data=ONE_CLICK).status_code == 404
    assert standing(session) == []


@pytest.mark.one_database
def test_only_this_address_takes_writes_from_anywhere(app: Flask) -> None:
    open_to_all = [name for name, view in app.view_functions.items() if may_come_from_anywhere(view)]
    assert open_to_all == ["unsubscribing.unsubscribe"]


@pytest.mark.one_database
def test_all_others_refuse_writes_of_other_sites(client: FlaskClient, app: Flask) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    for path in ("/theme", "/sign-in", "/sign-out", "/nowhere", "/letters/1-x/subscription"):
        assert client.post(path, headers=foreign).status_code == 403, path


def test_news_declined_by_a_letter_are_declined_on_ones_own_page_too(
    client: FlaskClient, session: Session, room: MailRoom
) -> None:
    alice = assemble(session).alice
    choose(session, alice.id, Wishes(wants_news=True), now=START)
    post(session, Post("event_moved", "news", Recipient(ALICE, "", alice.id), ("event", 1)), now=START)
    session.commit()
    number = alice.id
    path = declining(room, session.scalars(select(OutboxMessage)).one()).url.removeprefix(room.base_url)
    session.rollback()
    client.post(path, data=ONE_CLICK)
    assert not wishes_of(session, number).wants_news
    session.rollback()
    client.post(path.replace("/unsubscribe", "/subscription"), headers={"Sec-Fetch-Site": "same-origin"})
    assert wishes_of(session, number).wants_news
    assert standing(session) == []
