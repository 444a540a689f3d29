"""A peer that takes commands in one breath (RFC 2920) is talked to so, and every no means what it means one by one."""

import socket
import threading
from dataclasses import replace

import pytest

from programme.engines.mail.states import OutboxState
from programme.settings.mail import MailServer
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

pytestmark = pytest.mark.one_database


@pytest.fixture
def hasty(office: PostOffice, smtp_peer: Peer) -> PostOffice:
    """A post office of one connection, at a peer that offers PIPELINING."""
    smtp_peer.pipelines = True
    return office.with_limits(connections=1)


def test_letters_arrive_over_one_connection(hasty: PostOffice, smtp_peer: Peer) -> None:
    for number in range(3):
        hasty.put(f"letter-{number}")
    assert hasty.dispatch().sent == 3
    assert smtp_peer.commands.count("EHLO") == 1
    assert [received.recipients for received in smtp_peer.received] == [
        [f"letter-{number}@liverpool.example"] for number in range(3)
    ]


@pytest.mark.parametrize(
    ("verb", "answer", "state"),
    [
        ("RCPT", "550 5.1.1 nobody here", OutboxState.FAILED),
        ("RCPT", "451 4.2.1 busy", OutboxState.PENDING),
        ("DATA", "554 5.6.0 not this", OutboxState.FAILED),
        ("MAIL", "552 5.3.4 too large", OutboxState.FAILED),
    ],
)
def test_no_to_one_letter_lets_the_next_one_go(
    hasty: PostOffice, smtp_peer: Peer, verb: str, answer: str, state: OutboxState
) -> None:
    smtp_peer.answer(verb, answer, times=1)
    hasty.put("first")
    hasty.put("second")
    assert hasty.dispatch().sent == 1
    assert hasty.states() == {"first": state, "second": OutboxState.SENT}
    assert smtp_peer.commands.count("EHLO") == 1


@pytest.mark.parametrize(("verb", "answer"), [("MAIL", "550 5.7.1 who are you"), ("RCPT", "421 4.3.2 closing")])
def test_fault_of_the_relay_costs_no_attempt(hasty: PostOffice, smtp_peer: Peer, verb: str, answer: str) -> None:
    smtp_peer.answer(verb, answer)
    row_id = hasty.put("letter")
    assert hasty.dispatch().fault
    assert (hasty.row(row_id).state, hasty.row(row_id).attempts) == (OutboxState.PENDING, 0)


def test_lost_answer_leaves_it_unanswered(hasty: PostOffice, smtp_peer: Peer) -> None:
    smtp_peer.drop("DATA", times=1)
    row_id = hasty.put("lost")
    hasty.dispatch()
    assert (hasty.row(row_id).state, hasty.row(row_id).ambiguous_count) == (OutboxState.PENDING, 1)


def test_peer_that_asks_for_content_of_a_refused_letter_gets_none(office: PostOffice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard = list[bytes]()
        peer = threading.Thread(target=absent_minded, args=(listener, heard))
        peer.start()
        server = MailServer(host="127.0.0.1", port=listener.getsockname()[1])
        there = PostOffice(office.factory, replace(office.room, server=server, limits={"connections": 1}))
        row_id = there.put("refused")
        there.dispatch()
        peer.join(10)
    assert there.row(row_id).state is OutboxState.FAILED
    assert b".\r\n" in heard
    assert not any(b"Subject" in line for line in heard)


def absent_minded(listener: socket.socket, heard: list[bytes]) -> None:
    """Play a peer that refuses the recipient and asks for the content all the same."""
    connection, _ = listener.accept()
    answers = {
        b"EHLO": b"250-there\r\n250 PIPELINING\r\n",
        b"MAIL": b"250 OK\r\n",
        b"RCPT": b"550 5.1.1 nobody\r\n",
        b"DATA": b"354 go on\r\n",
        b".\r\n": b"554 5.5.1 no valid recipients\r\n",
        b"RSET": b"250 OK\r\n",
        b"QUIT": b"221 bye\r\n",
    }
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 there\r\n")
        for line in lines:
            heard.append(line)
            connection.sendall(answers[line[:4].upper() if line != b".\r\n" else line])
            if line.startswith(b"QUIT"):
                return
