"""A mail server that takes every letter and never says so: three copies at most, and an end."""

from collections import Counter
from datetime import timedelta

from flask import Flask

from programme.engines.mail.delivery.fates import RESENDS_WHEN_UNANSWERED
from programme.engines.mail.states import OutboxState
from programme.scheduler import run_due
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

LETTERS = 25


def test_every_answer_lost_ends_in_unknown_after_two_further_copies(
    app: Flask, office: PostOffice, smtp_peer: Peer
) -> None:
    smtp_peer.drop("DATA")
    app.extensions["mail_room"] = office.room
    for number in range(LETTERS):
        office.put(f"letter-{number}")
    counts = [run_due(app, START + timedelta(minutes=10 * turn))["dispatch"].count for turn in range(5)]
    assert counts == [LETTERS, LETTERS, LETTERS, 0, 0]
    assert set(office.states().values()) == {OutboxState.UNKNOWN}
    copies = Counter((received.recipients[0], received.message["Message-ID"]) for received in smtp_peer.received)
    assert Counter(copies.values()) == {1 + RESENDS_WHEN_UNANSWERED: LETTERS}, "each under one Message-ID"
