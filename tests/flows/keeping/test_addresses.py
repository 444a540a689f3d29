"""A wish to get no letters outlives the address; what came back is told to its person, and goes in time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import suppressed_among
from programme.engines.mail.keeping.addresses import ADDRESSES
from programme.engines.mail.models import OutboxMessage
from programme.flows.keeping.erasing import erase_person
from programme.people.identity import actor_of
from programme.people.keeping.ports import Subject, Times
from tests.flows.keeping.conftest import NOW, Held


def subject(held: Held) -> Subject:
    """Petra, as keepers ask of her."""
    return Subject(held.petra.id, held.petra.name, held.petra.address, held.petra.address.lower())


def test_person_is_told_what_came_back_and_what_they_do_not_get(session: Session, held: Held) -> None:
    told = {section.name: list(section.rows) for section in ADDRESSES.held(session, subject(held))}
    assert [row["because"] for row in told["letters not sent to you"]] == ["bounced", "bounced"]
    assert [row["understood as"] for row in told["messages that came back"]] == ["soft", "unknown", "automatic"]
    assert told["choices about letters"][0]["one letter a day"] is True
    assert any(fate.stays for fate in ADDRESSES.fates(session, subject(held)))


def test_of_a_suppression_only_the_hash_is_left_and_it_still_holds(session: Session, held: Held, keepers: Any) -> None:
    address = held.petra.address
    erase_person(session, held.petra, keepers, actor=actor_of(held.petra), now=NOW)
    session.commit()
    rows = session.scalars(select(Suppression).execution_options(populate_existing=True)).all()
    assert {(row.address, row.detail, row.outbox_message_id) for row in rows} == {("", "", None)}
    assert address_hash(address) in {row.address_hash for row in rows}
    assert session.scalar(select(func.count()).select_from(InboxMessage)) == 0
    again = OutboxMessage(id=1, letter="event_moved", recipient=address.upper())
    assert set(suppressed_among(session, [again], {}, NOW)) == {1}


def test_what_came_back_goes_after_a_month_and_what_was_lifted_after_a_year(session: Session, held: Held) -> None:
    assert ADDRESSES.retire(session, Times(), now=NOW + timedelta(days=29)) == 0
    assert ADDRESSES.retire(session, Times(), now=NOW + timedelta(days=31)) == 3
    rows = session.scalars(select(Suppression)).all()
    rows[0].lifted_at = NOW
    session.flush()
    assert ADDRESSES.retire(session, Times(), now=NOW + timedelta(days=364)) == 0
    assert ADDRESSES.retire(session, Times(), now=NOW + timedelta(days=366)) == 1
    assert session.scalars(select(Suppression.id)).all() == [rows[1].id]
