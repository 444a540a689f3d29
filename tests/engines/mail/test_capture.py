"""Captured letters, pausing, trying again and taking back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.mail import actions
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.people.permissions import Actor
from tests.bed.clock import START
from tests.bed.mail import Capture
from tests.engines.mail.post_office import PostOffice
from tests.factories.cast import assemble

OLGA = Actor()


def test_captured_letter_can_be_read_and_counts_as_sent(office: PostOffice, capture: Capture) -> None:
    office.put("one", to="alice@liverpool.example", context={"subject": "You have a place"})
    assert office.dispatch().sent == 1
    [message] = capture.to("alice@liverpool.example")
    assert message["Subject"] == "You have a place"
    assert office.states() == {"one": OutboxState.SENT}


def test_nothing_leaves_while_sending_is_paused(office: PostOffice, capture: Capture) -> None:
    found(office)
    office.put("one")
    office.put("short", valid_until=START + timedelta(hours=1))
    with office.factory() as session:
        actions.pause(session, actor=OLGA, reason="Restored from yesterday", now=START)
        session.commit()
    assert office.dispatch(START + timedelta(hours=2)).paused
    assert capture.messages == []
    with office.factory() as session:
        actions.resume(session, actor=OLGA, now=START)
        session.commit()
    office.dispatch(START + timedelta(hours=2))
    assert office.states() == {"one": OutboxState.SENT, "short": OutboxState.EXPIRED}
    assert len(capture.messages) == 1


def test_pausing_twice_and_resuming_twice_is_refused(office: PostOffice) -> None:
    found(office)
    with office.factory() as session:
        with pytest.raises(Refusal, match="not paused"):
            actions.resume(session, actor=OLGA, now=START)
        actions.pause(session, actor=OLGA, reason="Trial", now=START)
        with pytest.raises(Refusal, match="paused already"):
            actions.pause(session, actor=OLGA, reason="Trial", now=START)


def test_failed_letter_goes_out_when_tried_again(office: PostOffice, capture: Capture) -> None:
    row_id = office.put("one", letter="poison")
    office.dispatch()
    with office.factory() as session:
        row = session.get_one(OutboxMessage, row_id)
        row.letter = "plain"  # what poisoned it was put right
        actions.retry(session, row, actor=OLGA, now=START)
        session.commit()
    assert office.dispatch().sent == 1
    assert len(capture.messages) == 1


def test_letter_taken_back_is_not_sent_and_its_key_stays_used(office: PostOffice, capture: Capture) -> None:
    row_id = office.put("one")
    with office.factory() as session:
        actions.cancel(session, session.get_one(OutboxMessage, row_id), actor=OLGA, now=START)
        session.commit()
        assert session.scalars(select(AuditEntry.verb)).all() == ["take a letter back"]
    office.put("one")
    office.dispatch()
    assert (office.states(), capture.messages) == ({"one": OutboxState.CANCELLED}, [])


def test_letter_cancelled_before_it_was_tried_gives_its_key_back(office: PostOffice, capture: Capture) -> None:
    row_id = office.put("one", letter="unwanted")
    office.dispatch()
    assert office.row(row_id).state is OutboxState.CANCELLED
    assert office.put("one", letter="unwanted") == row_id
    assert office.row(row_id).state is OutboxState.PENDING


def test_sent_letter_is_neither_tried_again_nor_taken_back(office: PostOffice) -> None:
    row_id = office.put("one")
    office.dispatch()
    with office.factory() as session:
        row = session.get_one(OutboxMessage, row_id)
        with pytest.raises(Refusal, match="cannot be sent again"):
            actions.retry(session, row, actor=OLGA, now=START)
        with pytest.raises(Refusal, match="not waiting"):
            actions.cancel(session, row, actor=OLGA, now=START)


def test_letter_past_its_use_is_not_tried_again(office: PostOffice) -> None:
    row_id = office.put("one", letter="poison", valid_until=START + timedelta(hours=1))
    office.dispatch()
    with office.factory() as session, pytest.raises(Refusal, match="too late"):
        actions.retry(session, session.get_one(OutboxMessage, row_id), actor=OLGA, now=START + timedelta(hours=1))


def found(office: PostOffice) -> None:
    """Set the installation up."""
    with office.factory() as session:
        assemble(session)
