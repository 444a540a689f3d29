"""Letters go encrypted to a server that proves who it is, or they stay; they never go in clear instead."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from programme.engines.mail.states import OutboxState
from tests.bed.application import settings_for
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer, listening, presenting, presenting_itself
from tests.engines.mail.post_office import PostOffice

pytestmark = pytest.mark.one_database
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

Reached = Callable[[Peer], PostOffice]
WRONG: Mapping[str, Callable[[trustme.CA, Path], ssl.SSLContext]] = {
    "unable to get local issuer certificate": lambda _ours, _folder: presenting(trustme.CA().issue_cert("127.0.0.1")),
    "self-signed certificate": lambda _ours, folder: presenting_itself(trustme.CA(), folder),
    "IP address mismatch": lambda ours, _folder: presenting(ours.issue_cert("mail.elsewhere.example")),
    "certificate has expired": lambda ours, _folder: presenting(
        ours.issue_cert("127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO.replace(year=2021))
    ),
}
"""What no server may present to us, by what is said of it."""


@pytest.fixture
def reached(office: PostOffice, authority_file: Path, database_url: str, tmp_path: Path) -> Reached:
    """The post office as an operator sets it up for a peer: by MAIL_URL and SSL_CERT_FILE."""

    def set_up(peer: Peer) -> PostOffice:
        url = peer.url.replace("//", "//relay:sesame@") + "?starttls=1"
        settings = settings_for(database_url, store=tmp_path, MAIL_URL=url, SSL_CERT_FILE=str(authority_file))
        return PostOffice(office.factory, replace(office.room, server=settings.mail))

    return set_up


def test_letter_goes_encrypted_to_a_server_with_the_right_certificate(reached: Reached, authority: trustme.CA) -> None:
    with listening(presenting(authority.issue_cert("127.0.0.1"))) as peer:
        office = reached(peer)
        row_id = office.put("one")
        assert office.dispatch().fault == ""
        assert [received.is_secured for received in peer.received] == [True]
        assert peer.logins == [("relay", "sesame")]
        assert office.row(row_id).state is OutboxState.SENT


@pytest.mark.parametrize("reason", WRONG)
def test_wrong_certificate_is_refused_and_the_letter_waits_with_the_reason(
    reached: Reached, authority: trustme.CA, tmp_path: Path, reason: str
) -> None:
    with listening(WRONG[reason](authority, tmp_path)) as peer:
        office = reached(peer)
        row_id = office.put("one")
        fault = office.dispatch().fault
        assert fault.startswith("The mail server cannot be used: its certificate is not trusted: ")
        assert reason in fault
        row = office.row(row_id)
        assert (row.state, row.attempts, row.due_at, row.last_error) == (OutboxState.PENDING, 0, START, fault)
        assert (peer.received, peer.logins) == ([], [])
    with listening(presenting(authority.issue_cert("127.0.0.1"))) as mended:
        assert reached(mended).dispatch().sent == 1
        assert len(mended.received) == 1


def test_server_without_encryption_gets_nothing_in_clear(reached: Reached) -> None:
    with listening() as peer:
        office = reached(peer)
        row_id = office.put("one")
        fault = office.dispatch().fault
        assert "it offers no encryption (STARTTLS), and letters must not go in clear" in fault
        assert (peer.received, peer.logins) == ([], [])
        assert "MAIL" not in peer.commands
        row = office.row(row_id)
        assert (row.state, row.attempts, row.last_error) == (OutboxState.PENDING, 0, fault)


def test_encryption_that_was_not_asked_for_is_not_needed(office: PostOffice, smtp_peer: Peer) -> None:
    office.put("one")
    assert office.dispatch().sent == 1
    assert [received.is_secured for received in smtp_peer.received] == [False]


def test_signing_in_to_the_relay(office: PostOffice, smtp_peer: Peer) -> None:
    server = replace(office.room.server, user="relay", password="sesame")
    PostOffice(office.factory, replace(office.room, server=server)).put("one")
    PostOffice(office.factory, replace(office.room, server=server)).dispatch()
    assert smtp_peer.logins == [("relay", "sesame")]
