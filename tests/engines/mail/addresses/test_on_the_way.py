"""What delivery asks of addresses: return paths, letters that must not go, refusals that tell of an address."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.addresses.models import Suppression
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.addresses.verp import envelope_sender
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Composed
from programme.engines.mail.states import OutboxState, Scope
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

ADDRESS = "alice@liverpool.example"


def compose_news(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Mapping[int, Composed]:
    """News that are the same for all."""
    return {
        row.id: Composed({"subject": "News"}, blanks={"name": row.recipient_name}, stencil="news") for row in messages
    }


@pytest.fixture
def newsroom(office: PostOffice) -> PostOffice:
    """A post office whose plain letters are news that one may decline, and whose bounces come home."""
    news = replace(office.room.letters["plain"], declinable=Scope.MARKETING, compose_all=compose_news)
    letters = {**office.room.letters, "plain": news}
    return PostOffice(office.factory, replace(office.room, letters=letters, bounce_address="bounces@programme.example"))


def test_refused_address_gets_no_letter_after_the_first(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("RCPT", "550 5.1.1 no such user", recipient=ADDRESS)
    first, other = office.put("first", to=ADDRESS), office.put("other")
    office.dispatch()
    assert office.row(first).state is OutboxState.FAILED
    smtp_peer.behave()
    second = office.put("second", to=ADDRESS.upper().replace("LIVERPOOL.EXAMPLE", "liverpool.example"))
    office.dispatch(START + timedelta(minutes=1))
    assert office.row(second).state is OutboxState.SUPPRESSED
    assert "bounced" in office.row(second).last_error
    assert office.row(other).state is OutboxState.SENT
    assert len(smtp_peer.received) == 1


def test_refusal_that_says_nothing_of_the_address_stops_nothing(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("RCPT", "550 5.7.1 we do not like you", recipient=ADDRESS)
    office.put("first", to=ADDRESS)
    office.dispatch()
    with office.factory() as session:
        assert session.scalars(select(Suppression)).all() == []


def test_news_carry_their_own_return_path_and_are_declined_by_their_headers(
    newsroom: PostOffice, smtp_peer: Peer
) -> None:
    rows = [newsroom.put(f"news-{number}", name="Ada Óðinsdóttir") for number in range(2)]
    assert newsroom.dispatch().sent == 2
    told = {one.recipients[0]: one for one in smtp_peer.received}
    for number, row_id in enumerate(rows):
        one, row = told[f"news-{number}@liverpool.example"], newsroom.row(row_id)
        assert one.sender == envelope_sender(newsroom.room, row) != newsroom.room.mail_from
        line = next(line for line in one.data.split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
        assert line.startswith(f"List-Unsubscribe: <http://localhost/letters/{row_id}-".encode())
        assert line.endswith(b"/unsubscribe>")
        assert one.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert one.message["List-Id"] == "<marketing.programme.example>"


def test_who_declined_news_gets_none_and_other_letters_still(newsroom: PostOffice, smtp_peer: Peer) -> None:
    with newsroom.factory() as session:
        suppress(session, ADDRESS, scope=Scope.MARKETING, cause=Cause.UNSUBSCRIBED, now=START)
        session.commit()
    news = newsroom.put("news", to=ADDRESS, name="Alice")
    newsroom.dispatch()
    assert newsroom.row(news).state is OutboxState.SUPPRESSED
    service = {**newsroom.room.letters, "plain": replace(newsroom.room.letters["plain"], declinable=None)}
    office = PostOffice(newsroom.factory, replace(newsroom.room, letters=service))
    letter = office.put("letter", to=ADDRESS, name="Alice")
    office.dispatch()
    assert office.row(letter).state is OutboxState.SENT
