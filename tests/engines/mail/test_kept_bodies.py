"""What a letter said is kept as it went, without its secrets, once for all that say the same, and for a month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Composed
from programme.engines.mail.states import OutboxState
from programme.engines.mail.written.bodies import forget_bodies, sent_body
from programme.engines.mail.written.models import LetterBody
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

LINK = "https://programme.example.ac.uk/registrations/7-abcdefghijklmnopqrstuvwxyz"
MONTH = timedelta(days=30)


def compose_many(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Mapping[int, Composed]:
    """Letters that are all the same but for the name; who is called Nobody wants none."""
    return {
        row.id: Composed({"subject": "The same for all"}, blanks={"name": row.recipient_name}, stencil="one")
        for row in messages
        if row.recipient_name != "Nobody"
    }


def compose_or_fail(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Mapping[int, Composed]:
    """Letters one of which cannot be written, and spoils it for all."""
    if any(row.recipient_name == "Poison" for row in messages):
        raise KeyError("what it was about")
    return compose_many(session, messages, now=now)


def office_with(office: PostOffice, compose_all: object) -> PostOffice:
    """A post office where plain letters are asked for many at once."""
    common = replace(office.room.letters["plain"], compose_all=compose_all)  # type: ignore[arg-type]
    return PostOffice(office.factory, replace(office.room, letters={**office.room.letters, "plain": common}))


def bodies(office: PostOffice) -> int:
    """How many texts are kept."""
    with office.factory() as session:
        return session.scalar(select(func.count()).select_from(LetterBody)) or 0


def test_text_that_all_have_in_common_is_kept_once_with_each_ones_name(office: PostOffice, smtp_peer: Peer) -> None:
    common = office_with(office, compose_many)
    ids = [common.put(f"row-{number}", name=name) for number, name in enumerate(("Ada", "Björn", "Nobody"))]
    assert common.dispatch().ended == {OutboxState.SENT: 2, OutboxState.CANCELLED: 1}
    assert bodies(common) == 1
    with common.factory() as session:
        said = [sent_body(session, session.get_one(OutboxMessage, row_id)) for row_id in ids]
    assert [body and body.text.splitlines()[0] for body in said] == ["Dear Ada,", "Dear Björn,", None]
    arrived = {str(one.message["To"].addresses[0].display_name): one.message for one in smtp_peer.received}
    assert {name: str(message["Subject"]) for name, message in arrived.items()} == dict.fromkeys(
        ("Ada", "Björn"), "The same for all"
    )


def test_letter_that_spoils_it_for_all_fails_alone(office: PostOffice, smtp_peer: Peer) -> None:
    spoilt = office_with(office, compose_or_fail)
    for number, name in enumerate(("Ada", "Poison", "Björn")):
        spoilt.put(f"row-{number}", name=name)
    assert spoilt.dispatch().sent == 3  # one by one, `compose` writes each of them
    assert len(smtp_peer.received) == 3


@pytest.mark.one_database
def test_letter_is_kept_without_the_keys_in_its_addresses(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("one", name=LINK)
    office.dispatch()
    with office.factory() as session:
        kept = sent_body(session, session.get_one(OutboxMessage, row_id))
    assert kept is not None
    assert "/registrations/hidden" in kept.text
    assert "abcdefghijklmnop" not in kept.text + kept.html
    assert LINK in smtp_peer.received[0].message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_was_said_is_forgotten_a_month_after_it_was_said_last(office: PostOffice, smtp_peer: Peer) -> None:
    old = office.put("old", name="Ada")
    office.dispatch()
    again = office.put("again", name="Björn")
    office.dispatch()
    new = office.put("new", name="Björn", now=START + MONTH)
    office.dispatch(START + MONTH)
    with office.factory() as session:
        assert forget_bodies(session, before=START + timedelta(days=1), most=100) == 1
        session.commit()
    with office.factory() as session:
        said = [sent_body(session, session.get_one(OutboxMessage, row_id)) for row_id in (old, again, new)]
        assert [body and body.text.splitlines()[0] for body in said] == [None, "Dear Björn,", "Dear Björn,"]
        assert session.get_one(OutboxMessage, old).subject_line == "Something happened"
    assert bodies(office) == 1


def test_name_in_a_kept_letter_is_text_and_no_markup_and_no_other_blank(office: PostOffice, smtp_peer: Peer) -> None:
    common = office_with(office, compose_many)
    row_id = common.put("row", name="<b onclick=x>Ada</b> ⟦name⟧")
    common.dispatch()
    with common.factory() as session:
        said = sent_body(session, session.get_one(OutboxMessage, row_id))
    assert said is not None
    assert "<b onclick" not in said.html
    assert "Dear &lt;b onclick=x&gt;Ada&lt;/b&gt; ⟦name⟧" in said.html
    assert "Dear <b onclick=x>Ada</b> ⟦name⟧," in said.text


def test_letter_that_cannot_be_asked_for_stops_no_other(office: PostOffice, smtp_peer: Peer) -> None:
    def wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> set[int]:
        session.scalar(select(func.count()).select_from(OutboxMessage))
        assert now == START
        return {row.id for row in messages if row.context["needed"]}

    asks = replace(office.room.letters["plain"], still_wanted=wanted)
    asking = PostOffice(office.factory, replace(office.room, letters={**office.room.letters, "plain": asks}))
    for number in range(6):
        asking.put(f"row-{number}", context={} if number == 3 else {"needed": number != 4})
    assert asking.dispatch().ended == {OutboxState.SENT: 4, OutboxState.FAILED: 1, OutboxState.CANCELLED: 1}
    assert asking.states()["row-3"] is OutboxState.FAILED
    assert asking.states()["row-4"] is OutboxState.CANCELLED
