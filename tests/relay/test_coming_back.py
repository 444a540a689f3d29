"""What a real Postfix sends back reaches the letter it is about, and stops an address only where that is dead."""

import pytest
from sqlalchemy import text

from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.states import OutboxState, Scope
from tests.bed.servers.smtp import Peer
from tests.engines.mail.addresses import returns
from tests.relay.installation import ALICE, BOB, TRY_AGAIN, Installation
from tests.relay.postfix import Relay

pytestmark = pytest.mark.one_database

NO_SUCH_MOUSE = "550 5.1.1 no such mouse"
UNWELCOME = "550 5.7.1 we do not take mail from your kind"


def return_path_to(address: str, world: Peer) -> str:
    """Where a letter that arrived says it is to be returned to."""
    (path,) = [received.sender for received in world.received if received.recipients == [address]]
    return path


def test_address_that_does_not_exist_gets_no_further_letter(installation: Installation, world: Peer) -> None:
    world.answer("RCPT", NO_SUCH_MOUSE, recipient=ALICE)
    installation.write()
    assert installation.letter_to(ALICE).state is OutboxState.SENT  # the relay has taken it
    assert installation.take_in() == 0
    letter = installation.letter_to(ALICE)
    assert (letter.bounced_at is not None, letter.bounce_status) == (True, "5.1.1")
    assert "no such mouse" in letter.bounce_detail
    assert installation.stopped() == [(ALICE, Scope.EVERYTHING, Cause.BOUNCED)]
    installation.write()
    assert [row.state for row in installation.letters_to(ALICE)] == [OutboxState.SENT, OutboxState.SUPPRESSED]
    installation.relay.wait_until(lambda: len(world.received) == 2, "Bob's letters have not arrived")
    assert [received.recipients for received in world.received] == [[BOB], [BOB]]
    assert installation.letters_to(BOB)[0].bounced_at is None


def test_refusal_for_policy_stops_nothing_and_is_told_to_administrators(
    installation: Installation, world: Peer
) -> None:
    world.answer("RCPT", UNWELCOME, recipient=ALICE)
    installation.write()
    assert installation.alerts() == []
    assert installation.take_in() == 0
    assert (installation.meanings(), installation.letter_to(ALICE).bounce_status) == ([Meaning.POLICY], "5.7.1")
    assert installation.stopped() == []
    (why,) = installation.alerts()
    assert "we do not take mail from your kind" in why


def test_forged_return_path_is_ignored(installation: Installation, relay: Relay, world: Peer) -> None:
    """The report is true: somebody else wrote to a dead address in our name, and knows one of our letters well."""
    installation.write()
    relay.wait_until(lambda: len(world.received) == 2, "the letters have not arrived")
    (received,) = [received for received in world.received if received.recipients == [ALICE]]
    before, _, domain = received.sender.partition("@")
    world.answer("RCPT", NO_SUCH_MOUSE, recipient=ALICE)
    relay.submit(f"{before[:-12]}{'a' * 12}@{domain}", ALICE, received.data)
    assert installation.take_in() == 0
    (row,) = installation.taken_in()
    assert (row.meaning, row.status, row.outbox_message_id) == (Meaning.FORGED, "5.1.1", None)
    assert installation.letter_to(ALICE).bounced_at is None
    assert installation.stopped() == []


def test_answering_machine_is_ignored(installation: Installation, relay: Relay, world: Peer) -> None:
    installation.write()
    relay.wait_until(lambda: len(world.received) == 2, "the letters have not arrived")
    path = return_path_to(ALICE, world)
    relay.submit("", path, returns.absence(to=path))
    assert installation.take_in() == 0
    (row,) = installation.taken_in()
    letter = installation.letter_to(ALICE)
    assert (row.meaning, row.outbox_message_id) == (Meaning.AUTOMATIC, letter.id)
    assert (letter.bounced_at, letter.bounce_status) == (None, "")
    assert (installation.stopped(), installation.alerts()) == ([], [])


def test_relay_keeps_what_came_back_while_the_database_is_away(installation: Installation, world: Peer) -> None:
    world.answer("RCPT", NO_SUCH_MOUSE, recipient=ALICE)
    installation.write()
    rename(installation, "inbox_message", to="elsewhere")
    assert installation.take_in() == TRY_AGAIN
    rename(installation, "elsewhere", to="inbox_message")
    assert installation.take_in() == 0
    assert installation.stopped() == [(ALICE, Scope.EVERYTHING, Cause.BOUNCED)]


def rename(installation: Installation, table: str, *, to: str) -> None:
    """Take a table away, or bring it back."""
    installation.session.rollback()
    installation.session.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))
    installation.session.commit()
