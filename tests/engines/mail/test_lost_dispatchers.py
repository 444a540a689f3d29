"""A dispatcher that dies, oversleeps or loses the database: nothing in its hands is lost or doubled."""

from collections import deque
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from programme.core.database import begin_writing
from programme.engines.mail.delivery.claiming import LEASE, claimed, ours
from programme.engines.mail.delivery.dispatching import Delivery, complete_and_mark, deliver
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wire.outcomes import Refused
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

MINUTE = timedelta(minutes=1)


def test_dispatcher_that_died_before_handing_over_costs_nothing(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("left")
    left_by_a_dispatcher(office, row_id, in_flight=False)
    assert office.dispatch().claimed == 0
    assert office.dispatch(START + LEASE + MINUTE).sent == 1
    assert office.row(row_id).ambiguous_count == 0


def test_dispatcher_that_died_while_handing_over_leaves_it_unanswered(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("left")
    left_by_a_dispatcher(office, row_id, in_flight=True)
    office.dispatch(START + LEASE + MINUTE)
    assert (office.row(row_id).state, office.row(row_id).ambiguous_count) == (OutboxState.PENDING, 1)
    assert office.dispatch(office.row(row_id).due_at).sent == 1
    assert len(smtp_peer.received) == 1


def left_by_a_dispatcher(office: PostOffice, row_id: int, *, in_flight: bool) -> None:
    """Leave a row as a dispatcher leaves it that is killed."""
    with office.factory() as session:
        begin_writing(session)
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == row_id)
            .values(
                state=OutboxState.SENDING,
                lease_token="of the dead",
                lease_until=START + LEASE,
                inflight_at=START if in_flight else None,
            )
        )
        session.commit()


def test_dispatcher_that_lost_its_lease_changes_nothing(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("slow")
    claim = claimed(office.factory, office.room, lambda: START, limit=10)
    stopped = Delivery(office.factory, office.room, lambda: START, claim.token, waiting=deque(claim.rows))
    assert office.dispatch(START + 2 * LEASE).sent == 1
    deliver(stopped)
    with office.factory() as session:
        assert not ours(session, claim.token, [row_id])
    assert (stopped.done.ended, len(smtp_peer.received)) == ({}, 1)


def test_letter_that_was_answered_too_late_is_completed_by_nobody(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("slow")
    claim = claimed(office.factory, office.room, lambda: START, limit=10)
    stopped = Delivery(office.factory, office.room, lambda: START, claim.token, waiting=deque(claim.rows))
    assert office.dispatch(START + 2 * LEASE).sent == 1
    complete_and_mark(stopped, {row_id: Refused(550, "no")}, [])
    assert (office.row(row_id).state, office.row(row_id).attempts) == (OutboxState.SENT, 1)


@pytest.mark.parametrize("letters", [1, 7])
def test_answer_is_written_down_although_the_database_failed_once(
    office: PostOffice, smtp_peer: Peer, letters: int
) -> None:
    for number in range(letters):
        office.put(f"letter-{number}")
    engine, failures = office.factory.kw["bind"], ["database is away"]

    def fail_once(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if smtp_peer.received and failures and statement.startswith("UPDATE outbox_message"):
            raise OperationalError(statement, None, Exception(failures.pop()))

    event.listen(engine, "before_cursor_execute", fail_once)
    done = office.dispatch()
    event.remove(engine, "before_cursor_execute", fail_once)
    assert failures == []
    assert done.ended == {OutboxState.SENT: letters}
    assert set(office.states().values()) == {OutboxState.SENT}
    assert len(smtp_peer.received) == letters
