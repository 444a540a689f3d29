"""Delivery over a real SMTP peer: once, to the right person, with the relay's and the recipient's faults told apart."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from programme.engines.mail.delivery.fates import RETRY_MINUTES
from programme.engines.mail.states import OutboxState
from programme.settings.mail import MailServer
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

MINUTE = timedelta(minutes=1)


def test_letter_is_delivered_once(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("one", to="alice@liverpool.example", sender_name="Olga Oakhurst", reply_to="olga@x.example")
    assert office.dispatch().sent == 1
    assert office.dispatch().claimed == 0
    [received] = smtp_peer.received
    assert received.recipients == ["alice@liverpool.example"]
    assert str(received.message["From"]) == "Olga Oakhurst <programme@programme.example>"
    assert received.message["Reply-To"].addresses[0].addr_spec == "olga@x.example"
    row = office.row(row_id)
    assert (row.state, row.attempts, row.last_code) == (OutboxState.SENT, 1, 250)
    assert row.accepted_at == START
    assert row.message_id == received.message["Message-ID"]


def test_many_letters_use_one_connection(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(5):
        office.put(f"letter-{number}")
    assert office.with_limits(connections=1).dispatch().sent == 5
    assert smtp_peer.commands.count("EHLO") == 1
    assert [len(received.recipients) for received in smtp_peer.received] == [1] * 5


def test_many_letters_go_side_by_side_on_as_many_connections_as_allowed(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(30):
        office.put(f"letter-{number}")
    assert office.with_limits(connections=3).dispatch().sent == 30
    assert 1 <= smtp_peer.commands.count("EHLO") <= 3
    assert len({received.recipients[0] for received in smtp_peer.received}) == 30


@pytest.mark.one_database
def test_silent_connection_holds_up_no_other_letter(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.hang("DATA", recipient="silent@liverpool.example")
    silent = office.put("silent", priority=2)
    for number in range(20):
        office.put(f"letter-{number}", priority=1 if not number else 3)
    patient = office.with_limits(connections=2, final_answer_seconds=4)
    round_of = threading.Thread(target=patient.dispatch)
    round_of.start()
    deadline = time.monotonic() + 3.5
    while list(office.states().values()).count(OutboxState.SENT) < 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(office.states().values()).count(OutboxState.SENT) == 20, "they went while the silent one was waited for"
    assert office.row(silent).state is OutboxState.SENDING
    round_of.join(20)
    assert (office.row(silent).state, office.row(silent).ambiguous_count) == (OutboxState.PENDING, 1)


@pytest.mark.one_database
def test_relay_at_fault_is_met_by_one_connection(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("MAIL", "421 4.3.2 closing")
    for number in range(20):
        office.put(f"letter-{number}")
    assert office.with_limits(connections=5).dispatch().fault
    assert smtp_peer.commands.count("EHLO") == 1
    assert set(office.states().values()) == {OutboxState.PENDING}


@pytest.mark.one_database
def test_connection_is_renewed_after_its_share(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(5):
        office.put(f"letter-{number}")
    assert office.with_limits(messages_a_connection=2, connections=1).dispatch().sent == 5
    assert smtp_peer.commands.count("EHLO") == 3


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
def test_busy_recipient_is_tried_again_by_the_schedule(office: PostOffice, smtp_peer: Peer, verb: str) -> None:
    smtp_peer.answer(verb, "451 4.2.1 busy", recipient="busy@liverpool.example")
    row_id, now = office.put("busy"), START
    for number, minutes in enumerate(RETRY_MINUTES, start=1):
        assert office.dispatch(now).claimed == 1
        row = office.row(row_id)
        assert (row.state, row.attempts, row.last_code) == (OutboxState.PENDING, number, 451)
        assert 0.8 * minutes * MINUTE <= row.due_at - now <= 1.2 * minutes * MINUTE
        assert office.dispatch(row.due_at - MINUTE / 60).claimed == 0
        now = row.due_at
    office.dispatch(now)
    row = office.row(row_id)
    assert (row.state, row.last_error) == (OutboxState.FAILED, "4.2.1 busy")


def test_busy_recipient_gets_it_later_under_the_same_message_id(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("DATA", "451 4.2.1 busy", times=1)
    row_id = office.put("later")
    office.dispatch()
    before = office.row(row_id).message_id
    assert office.dispatch(office.row(row_id).due_at).sent == 1
    assert smtp_peer.received[0].message["Message-ID"] == before


def test_retry_past_its_use_expires_instead(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("RCPT", "451 4.2.1 busy")
    row_id = office.put("short", valid_until=START + MINUTE / 2)
    office.dispatch()
    row = office.row(row_id)
    assert (row.state, row.last_error) == (OutboxState.EXPIRED, "4.2.1 busy")


def test_unknown_recipient_fails_at_once_and_says_why(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.answer("RCPT", "550 5.1.1 nobody of that name", recipient="nobody@liverpool.example")
    refused, fine = office.put("nobody"), office.put("somebody")
    office.dispatch()
    assert office.row(refused).state is OutboxState.FAILED
    assert (office.row(refused).last_code, office.row(refused).attempts) == (550, 1)
    assert office.row(refused).last_error == "5.1.1 nobody of that name"
    assert office.row(fine).state is OutboxState.SENT


def test_poisoned_letter_fails_and_the_others_go(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(4):
        office.put(f"good-{number}")
    poison = office.put("bad", letter="poison", priority=1)
    nameless = office.put("nameless", letter="unheard-of", priority=1)
    impossible = office.put("impossible", to="not an address", priority=1)
    assert office.dispatch().sent == 4
    assert office.row(poison).state is OutboxState.FAILED
    assert "what it was about" in office.row(poison).last_error
    assert "no kind of letter called unheard-of" in office.row(nameless).last_error
    assert "cannot be an e-mail address" in office.row(impossible).last_error
    assert office.dispatch(START + timedelta(days=1)).claimed == 0


def test_letter_wanted_no_more_is_cancelled_unsent(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("gone", letter="unwanted")
    office.dispatch()
    assert (office.row(row_id).state, smtp_peer.received) == (OutboxState.CANCELLED, [])


def test_letter_past_its_use_expires_unsent(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("late", valid_until=START + MINUTE)
    office.dispatch(START + MINUTE)
    assert (office.row(row_id).state, smtp_peer.received) == (OutboxState.EXPIRED, [])


def test_unreachable_relay_costs_no_attempt(office: PostOffice) -> None:
    away = PostOffice(office.factory, replace(office.room, server=MailServer(host="127.0.0.1", port=9)))
    rows = [away.put(f"letter-{number}") for number in range(3)]
    done = away.dispatch()
    assert "cannot be used" in done.fault
    for row_id in rows:
        row = away.row(row_id)
        assert (row.state, row.attempts, row.due_at, row.lease_token) == (OutboxState.PENDING, 0, START, None)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("MAIL", "550 5.7.1 who are you"),
        ("MAIL", "421 4.3.2 closing"),
        ("RCPT", "421 4.3.2 closing"),
        ("DATA", "421 4.3.2 closing"),
    ],
)
def test_fault_of_the_relay_stops_the_round_and_costs_no_attempt(
    office: PostOffice, smtp_peer: Peer, verb: str, answer: str
) -> None:
    smtp_peer.answer(verb, answer)
    rows = [office.put(f"letter-{number}") for number in range(3)]
    assert office.dispatch().fault
    assert [(office.row(row_id).state, office.row(row_id).attempts) for row_id in rows] == [
        (OutboxState.PENDING, 0)
    ] * 3
    smtp_peer.behave()
    assert office.dispatch(START + 2 * MINUTE).sent == 2, "the others first: it may be that letter's doing"
    assert office.dispatch(START + 20 * MINUTE).sent == 1


def test_letter_that_makes_the_relay_hang_up_does_not_hold_up_the_others(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.drop("RCPT", recipient="first@liverpool.example")
    office.put("first")
    office.put("second")
    assert office.dispatch().fault
    assert office.dispatch(START + timedelta(seconds=3)).sent == 1
    assert office.states() == {"first": OutboxState.PENDING, "second": OutboxState.SENT}


def test_lost_answer_is_resent_twice_and_then_unknown(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.drop("DATA")
    row_id, now = office.put("lost"), START
    for _ in range(10):
        office.dispatch(now)
        now = max(now, office.row(row_id).due_at) + MINUTE
    assert office.row(row_id).state is OutboxState.UNKNOWN
    assert len(smtp_peer.received) == 3
    assert len({received.message["Message-ID"] for received in smtp_peer.received}) == 1


@pytest.mark.one_database
def test_silence_after_the_final_dot_is_a_lost_answer(office: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.hang("DATA", times=1)
    row_id = office.put("silent")
    office.with_limits(final_answer_seconds=1).dispatch()
    assert (office.row(row_id).state, office.row(row_id).ambiguous_count) == (OutboxState.PENDING, 1)


def test_two_dispatchers_send_each_letter_once(office: PostOffice, smtp_peer: Peer) -> None:
    for number in range(30):
        office.put(f"letter-{number}")
    racers = [threading.Thread(target=office.dispatch, kwargs={"limit": 20}) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    while office.dispatch().claimed:
        pass
    written_to = sorted(received.recipients[0] for received in smtp_peer.received)
    assert written_to == sorted(f"letter-{number}@liverpool.example" for number in range(30))
    assert set(office.states().values()) == {OutboxState.SENT}


def test_letters_are_sent_most_urgent_first(office: PostOffice, smtp_peer: Peer) -> None:
    office.put("bulk", priority=9)
    office.put("urgent", priority=1)
    office.dispatch(limit=1)
    assert office.states() == {"bulk": OutboxState.PENDING, "urgent": OutboxState.SENT}


def test_secret_of_a_letter_is_forgotten_once_it_went(office: PostOffice, smtp_peer: Peer) -> None:
    row_id = office.put("link", context={"token": "sesame", "browser": "Firefox"})
    office.dispatch()
    assert office.row(row_id).context == {"token": "hidden", "browser": "Firefox"}
