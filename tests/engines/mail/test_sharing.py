"""Dispatchers share the mail server: its connections, its rate, and its rest after a fault."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.mail.relay.models import RelayLane
from programme.engines.mail.relay.rates import FIRST_REST, LONGEST_REST, longer, refilled
from programme.engines.mail.relay.sharing import HELD, may_call, note_fault, note_success, share_of
from programme.engines.mail.states import OutboxState
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

SECOND = timedelta(seconds=1)


def test_first_dispatcher_has_every_lane_and_the_next_one_what_is_left(office: PostOffice, smtp_peer: Peer) -> None:
    shared = office.with_limits(connections=4)
    with share_of(shared.factory, shared.room, clock=lambda: START) as first:
        assert first.lanes == 4
        with share_of(shared.factory, shared.room, clock=lambda: START) as second:
            assert second.lanes == 0
    with share_of(shared.factory, shared.room, clock=lambda: START) as third:
        assert third.lanes == 4


def test_dispatcher_leaves_lanes_to_others_where_it_is_told_to(office: PostOffice, smtp_peer: Peer) -> None:
    shared = office.with_limits(connections=5, connections_each=3)
    with share_of(shared.factory, shared.room, clock=lambda: START) as first:
        assert first.lanes == 3
        with share_of(shared.factory, shared.room, clock=lambda: START) as second:
            assert second.lanes == 2


def test_lanes_of_a_dispatcher_that_died_are_free_after_a_minute(office: PostOffice, smtp_peer: Peer) -> None:
    shared = office.with_limits(connections=2)
    with shared.factory() as session:
        for number in (1, 2):
            server = f"{smtp_peer.host}:{smtp_peer.port}"
            session.add(RelayLane(server=server, number=number, holder="of the dead", held_until=START + HELD))
        session.commit()
    with share_of(shared.factory, shared.room, clock=lambda: START) as early:
        assert early.lanes == 0
    with share_of(shared.factory, shared.room, clock=lambda: START + HELD) as late:
        assert late.lanes == 2


def test_dispatcher_that_slept_too_long_takes_up_nothing_more(office: PostOffice, smtp_peer: Peer) -> None:
    shared = office.with_limits(connections=2)
    with share_of(shared.factory, shared.room, clock=lambda: START) as asleep:
        later = START + 2 * HELD
        with share_of(shared.factory, shared.room, clock=lambda: later) as awake:
            assert awake.lanes == 2
            with shared.factory() as session:
                assert asleep.renewed(session, wanted=2, now=later) == 0
        assert asleep.lanes == 0


def test_dispatchers_at_once_never_have_more_lanes_than_there_are(office: PostOffice, smtp_peer: Peer) -> None:
    shared, had, all_in = office.with_limits(connections=5), list[int](), threading.Barrier(6)

    def hold() -> None:
        all_in.wait()
        with share_of(shared.factory, shared.room, clock=lambda: START) as share:
            had.append(share.lanes)
            all_in.wait()

    racers = [threading.Thread(target=hold) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert len(had) == 6
    assert sum(had) == 5


@given(
    steps=st.lists(st.tuples(st.floats(0, 200), st.integers(0, 500)), min_size=1, max_size=60),
    rate=st.integers(1, 6_000),
)
def test_no_minute_has_more_letters_than_the_rate_allows(steps: list[tuple[float, int]], rate: int) -> None:
    tokens, since, now, went = 0.0, None, START, list[tuple[float, int]]()
    for seconds, wanted in steps:
        now += timedelta(seconds=seconds)
        tokens = refilled(tokens, since=since, now=now, rate=rate)
        allowed = min(wanted, int(tokens))
        tokens, since = tokens - allowed, now
        went.append(((now - START).total_seconds(), allowed))
    for first, _ in went:
        assert sum(number for at, number in went if first <= at < first + 60) <= max(rate, 1)


def test_rate_holds_letters_back_until_the_minute_allows_them(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(30):
        office.put(f"letter-{number}")
    slow = office.with_limits(connections=4, rate=60)
    assert slow.dispatch().sent == 6
    assert slow.dispatch().sent == 0
    assert slow.dispatch(START + 10 * SECOND).sent == 6
    waiting = [state for state in office.states().values() if state is OutboxState.PENDING]
    assert len(waiting) == 18


@pytest.mark.one_database
def test_letters_go_in_the_end_however_slow_the_rate(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(5):
        office.put(f"letter-{number}")
    slow, now = office.with_limits(connections=4, rate=1), START
    for _ in range(6):
        slow.dispatch(now)
        now += timedelta(minutes=2)
    assert set(office.states().values()) == {OutboxState.SENT}


def test_rest_after_a_fault_is_everybodys_and_one_tries_first(office: PostOffice, smtp_peer: Peer) -> None:
    factory, server = office.factory, office.room.server
    assert may_call(factory, server, now=START)
    note_fault(factory, server, "421 closing", now=START)
    assert not may_call(factory, server, now=START + timedelta(seconds=FIRST_REST - 1))
    over = START + timedelta(seconds=FIRST_REST)
    assert [may_call(factory, server, now=over) for _ in range(3)] == [True, False, False]
    note_fault(factory, server, "421 closing", now=over)
    assert not may_call(factory, server, now=over + timedelta(seconds=2 * FIRST_REST - 1))
    note_success(factory, server)
    assert may_call(factory, server, now=over + SECOND)


def test_rest_doubles_up_to_a_quarter_of_an_hour() -> None:
    rests = [0]
    for _ in range(8):
        rests.append(longer(rests[-1]))
    assert rests[1:4] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]
    assert rests[-1] == LONGEST_REST
