"""Connections that end, answers that cannot be read, and a database that fails in the middle: nothing goes twice."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from programme.engines.mail.delivery.claiming import Claim, claimed, fresh_token
from programme.engines.mail.delivery.dispatching import Delivery, deliver, take_in
from programme.engines.mail.relay.sharing import Share
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wire.lanes import Lanes
from programme.engines.mail.wire.outcomes import Accepted, Unanswered
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

MINUTE = timedelta(minutes=1)


@pytest.mark.one_database
def test_server_that_ends_a_connection_which_has_served_is_called_again(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("RCPT", "421 4.7.0 enough on this connection", recipient="letter-2@liverpool.example", times=1)
    for number in range(4):
        office.put(f"letter-{number}")
    done = office.with_limits(connections=1).dispatch()
    assert (done.sent, done.fault) == (4, "")
    assert smtp_peer.connections == 2
    assert all(office.row(row).attempts == 1 for row in range(1, 5))


@pytest.mark.one_database
def test_server_that_ends_a_fresh_connection_is_at_fault(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("MAIL", "421 4.3.2 closing")
    office.put("one")
    assert office.dispatch().fault
    assert smtp_peer.commands.count("MAIL") == 1


@pytest.mark.one_database
def test_letter_that_alone_is_refused_with_its_sender_lets_others_go_first(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("MAIL", "550 5.6.7 not in these letters", times=1)
    first = office.put("first", priority=1)
    second = office.put("second", priority=5)
    one = office.with_limits(connections=1)
    assert one.dispatch().fault
    later = START + 15 * MINUTE
    assert one.dispatch(now=later).sent == 1
    assert (one.row(first).state, one.row(second).state) == (OutboxState.PENDING, OutboxState.SENT)
    assert one.dispatch(now=later + 2 * MINUTE).sent == 1


@pytest.mark.one_database
def test_letter_that_ends_the_connection_among_others_that_go_is_tried_by_its_schedule(
    office: PostOffice, smtp_peer: Peer
) -> None:
    smtp_peer.answer("RCPT", "421 4.4.2 not this one", recipient="bad@liverpool.example")
    bad = office.put("bad", priority=2)
    office.put("good", priority=1)
    one = office.with_limits(connections=1)
    done = one.dispatch()
    assert (done.sent, done.fault) == (1, "")
    assert (one.row(bad).state, one.row(bad).attempts, one.row(bad).last_code) == (OutboxState.PENDING, 1, 421)


@pytest.mark.one_database
@pytest.mark.parametrize("pipelines", [False, True])
def test_answer_that_cannot_be_read_is_none(office: PostOffice, smtp_peer: Peer, *, pipelines: bool) -> None:
    smtp_peer.pipelines = pipelines
    smtp_peer.answer("DATA", "what 250 stored", times=5)
    row = office.put("one")
    assert office.dispatch().fault == ""
    assert (office.row(row).state, office.row(row).ambiguous_count) == (OutboxState.PENDING, 1)


@pytest.mark.one_database
def test_what_was_answered_is_written_down_though_claiming_more_fails(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(4):
        office.put(f"letter-{number}")
    shared = office.with_limits(connections=2)
    delivery = delivery_of(shared)
    take_in(delivery, claimed(shared.factory, shared.room, delivery.clock, limit=2, token=delivery.token))
    delivery.more = failing
    deliver(delivery)
    assert sorted(office.states().values()) == [OutboxState.PENDING] * 2 + [OutboxState.SENT] * 2
    assert office.dispatch().sent == 2
    assert len(smtp_peer.received) == 4


@pytest.mark.one_database
def test_what_was_answered_is_written_down_though_the_round_ends_in_an_error(
    office: PostOffice, smtp_peer: Peer
) -> None:
    for number in range(4):
        office.put(f"letter-{number}")
    shared = office.with_limits(connections=2)
    delivery = delivery_of(shared)
    take_in(delivery, claimed(shared.factory, shared.room, delivery.clock, limit=4, token=delivery.token))
    beats = iter([None, None])
    delivery.pulse = lambda: next(beats)
    with pytest.raises(StopIteration):
        deliver(delivery)
    assert len(smtp_peer.received) == list(office.states().values()).count(OutboxState.SENT)
    assert OutboxState.SENDING not in office.states().values(), "what nobody came to is given back"
    office.dispatch()
    assert len(smtp_peer.received) == 4


def delivery_of(office: PostOffice) -> Delivery:
    """A round about to begin, with two lanes of its own."""
    share = Share(numbers=(1, 2))
    return Delivery(office.factory, office.room, lambda: START, fresh_token(), share=share)


def failing() -> Claim:
    """Claim, while the database is away."""
    raise OperationalError("SELECT 1", None, ConnectionError("the database is away"))


@pytest.mark.one_database
def test_lane_answers_whatever_happens_in_it(office: PostOffice, smtp_peer: Peer) -> None:
    def breaks(_: object) -> Accepted:
        raise SystemExit

    with Lanes[Accepted](office.room, 1) as lanes:
        lanes.start(1, breaks)
        assert isinstance(lanes.wait(5)[1], Unanswered)
