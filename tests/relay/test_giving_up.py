"""A full mailbox: a real Postfix tries again until it gives up, and then says 4.2.2 with an action of failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from programme.engines.mail.addresses.states import Meaning
from tests.bed.servers.smtp import Peer
from tests.relay import postfix
from tests.relay.installation import ALICE, Installation
from tests.relay.postfix import Relay


@pytest.fixture
def postfix_running(postfix_programs: Path, everybody: Peer) -> Iterator[Relay]:
    """A mail server that gives up after seconds instead of days."""
    with postfix.running(postfix_programs, next_hop=everybody.port, maximal_queue_lifetime="3s") as relay:
        yield relay


@pytest.mark.one_database
def test_full_mailbox_is_noted_when_the_relay_gives_up_and_stops_nothing(
    installation: Installation, relay: Relay, world: Peer
) -> None:
    world.answer("RCPT", "452 4.2.2 the mailbox is full", recipient=ALICE)
    installation.write()
    assert installation.take_in() == 0
    assert "status=deferred" in relay.log
    assert "status=expired, returned to sender" in relay.log
    assert installation.meanings() == [Meaning.SOFT]
    letter = installation.letter_to(ALICE)
    assert (letter.bounced_at is not None, letter.bounce_status) == (True, "4.2.2")
    assert "the mailbox is full" in letter.bounce_detail
    assert (installation.stopped(), installation.alerts()) == ([], [])
