"""The SMTP peer keeps bytes and misbehaves as its script says."""

import smtplib

import pytest

from tests.bed.servers.smtp import Peer

LETTER = b"Subject: Caf\xc3\xa9\r\n\r\n.dot and \x00 nul\r\n"


def send(peer: Peer, *recipients: str) -> dict[str, tuple[int, bytes]]:
    """Hand one letter over as a plain client does."""
    with smtplib.SMTP(peer.host, peer.port, timeout=1) as client:
        return client.sendmail("from@programme.example", recipients, LETTER)


def test_peer_keeps_every_byte(smtp_peer: Peer) -> None:
    send(smtp_peer, "alice@liverpool.example", "bob@oxford.example")
    [received] = smtp_peer.received
    assert received.recipients == ["alice@liverpool.example", "bob@oxford.example"]
    assert received.data == LETTER


def test_peer_refuses_one_recipient_and_takes_the_other(smtp_peer: Peer) -> None:
    smtp_peer.answer("RCPT", "550 5.1.1 nobody of that name", recipient="bob@oxford.example")
    refused = send(smtp_peer, "alice@liverpool.example", "bob@oxford.example")
    assert refused == {"bob@oxford.example": (550, b"5.1.1 nobody of that name")}
    assert smtp_peer.received[0].recipients == ["alice@liverpool.example"]


def test_peer_is_busy_once_and_then_takes_it(smtp_peer: Peer) -> None:
    smtp_peer.answer("DATA", "451 4.2.1 busy", times=1)
    with pytest.raises(smtplib.SMTPDataError):
        send(smtp_peer, "alice@liverpool.example")
    assert smtp_peer.received == []
    send(smtp_peer, "alice@liverpool.example")
    assert len(smtp_peer.received) == 1


def test_peer_drops_the_line_after_the_last_byte(smtp_peer: Peer) -> None:
    smtp_peer.drop("DATA", times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_peer, "alice@liverpool.example")
    assert len(smtp_peer.received) == 1


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_peer_hangs_where_told(smtp_peer: Peer, verb: str) -> None:
    smtp_peer.hang(verb)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send(smtp_peer, "alice@liverpool.example")


def test_peer_notes_who_signs_in(smtp_peer: Peer) -> None:
    with smtplib.SMTP(smtp_peer.host, smtp_peer.port, timeout=1) as client:
        client.login("relay", "sesame")
    assert smtp_peer.logins == [("relay", "sesame")]
