"""Letters that can never go, among many that can: the others go, and nobody tries the poison for ever."""

from datetime import timedelta

from flask import Flask

from programme.engines.mail.states import OutboxState
from programme.scheduler import run_due
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer
from tests.engines.mail.post_office import PostOffice

LETTERS = 200


def test_poison_among_many_fails_with_its_reason_and_is_not_tried_again(
    app: Flask, office: PostOffice, smtp_peer: Peer
) -> None:
    smtp_peer.answer("DATA", "552 5.3.4 too big for me", recipient="small@liverpool.example")
    app.extensions["mail_room"], poison = office.room, dict[int, str]()
    for number in range(LETTERS):
        if number == LETTERS // 2:
            poison = poured_in(office)
        office.put(f"letter-{number}")
    assert run_due(app, START)["dispatch"].count == LETTERS + len(poison)
    failed = {row_id: office.row(row_id) for row_id in poison}
    assert {row_id: row.last_error for row_id, row in failed.items()} == poison
    assert {(row.state, row.attempts <= 1, row.lease_token) for row in failed.values()} == {
        (OutboxState.FAILED, True, None)
    }
    arrived = [received.recipients[0] for received in smtp_peer.received]
    assert sorted(arrived) == sorted(f"letter-{number}@liverpool.example" for number in range(LETTERS))
    tried = smtp_peer.commands.count("DATA")
    assert run_due(app, START + timedelta(days=1))["dispatch"].count == 0
    assert smtp_peer.commands.count("DATA") == tried == LETTERS + 1


def poured_in(office: PostOffice) -> dict[int, str]:
    """Queue letters that can never go, and return why each cannot."""
    return {
        office.put("unrenderable", letter="poison"): "This letter cannot be written: KeyError: 'what it was about'",
        office.put("nameless", letter="unheard-of"): (
            "This letter cannot be written: UnknownLetter: There is no kind of letter called unheard-of."
        ),
        office.put("nowhere", to="not an address"): (
            "This letter cannot be built: not an address cannot be an e-mail address."
        ),
        office.put("film", letter="film"): "This letter cannot be built: It has 80 MB; mail takes 25 at most.",
        office.put("small"): "5.3.4 too big for me",
    }
