"""An hour in which the mail server is at fault: no letter fails, it is hardly called, and all go once it works."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import trustme
from flask import Flask
from sqlalchemy import select

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.relay.sharing import may_call
from programme.engines.mail.states import OutboxState
from programme.jobs.job import Done
from programme.jobs.working import work_of
from programme.scheduler import JOBS
from tests.bed.application import settings_for
from tests.bed.clock import START
from tests.bed.servers.smtp import Peer, listening, presenting
from tests.engines.mail.post_office import PostOffice

LETTERS = 12
LONGEST = timedelta(minutes=15)
EVERY = 30
"""Seconds from tick to tick."""
CALLS = [0, 30, 90, 210, 450, 930, 1830, 2730]
"""Seconds of the hour at which the server is tried: rests of 30 s, 1, 2, 4, 8 and then 15 minutes lie between."""
Fault = Callable[["PostOffice", Path], AbstractContextManager["Trouble"]]
DISPATCH = next(job for job in JOBS if job.name == "dispatch")


@dataclass
class Trouble:
    """A mail server that may be mended, and the post office that knows it."""

    peer: Peer
    office: PostOffice
    mend: Callable[[], object]


def says_no(verb: str, answer: str) -> Fault:
    """Return how a server is at fault by what it answers."""

    @contextmanager
    def begin(office: PostOffice, store: Path) -> Iterator[Trouble]:
        with listening() as peer:
            peer.answer(verb, answer)
            url = peer.url.replace("//", "//relay:sesame@")
            yield Trouble(peer, reaching(office, store, MAIL_URL=url), peer.behave)

    return begin


@contextmanager
def shows_wrong_papers(office: PostOffice, store: Path) -> Iterator[Trouble]:
    """Let a server present a certificate of somebody else's, until it gets its own."""
    ours, file = trustme.CA(), store / "authority.pem"
    ours.cert_pem.write_to_path(str(file))
    papers = presenting(ours.issue_cert("mail.elsewhere.example"))
    with listening(papers) as peer:
        url = peer.url.replace("//", "//relay:sesame@") + "?starttls=1"
        reached = reaching(office, store, MAIL_URL=url, SSL_CERT_FILE=str(file))
        yield Trouble(peer, reached, lambda: ours.issue_cert("127.0.0.1").configure_cert(papers))


def reaching(office: PostOffice, store: Path, **told: str) -> PostOffice:
    """Return the post office as an operator sets it up for a server."""
    server = settings_for("sqlite://", store=store, **told).mail
    return PostOffice(office.factory, replace(office.room, server=server))


FAULTS: Mapping[str, tuple[Fault, str]] = {
    "greeting": (says_no("GREETING", "421 4.3.2 closing"), "cannot be used: 421 4.3.2 closing"),
    "AUTH": (says_no("AUTH", "535 5.7.8 wrong password"), "cannot be used: 535 5.7.8 wrong password"),
    "TLS": (shows_wrong_papers, "cannot be used: its certificate is not trusted: IP address mismatch"),
    "MAIL FROM": (says_no("MAIL", "550 5.7.1 who are you"), "refused the sender: 550 5.7.1 who are you"),
    "MAIL FROM, not now": (says_no("MAIL", "451 4.7.1 try later"), "refused the sender: 451 4.7.1 try later"),
    "RCPT": (says_no("RCPT", "421 4.7.0 too many"), "closed: 421 4.7.0 too many"),
    "DATA": (says_no("DATA", "421 4.3.2 closing"), "closed: 421 4.3.2 closing"),
}
"""What a server does wrong, and what is said of it."""


@pytest.mark.one_database
@pytest.mark.parametrize("kind", FAULTS)
def test_hour_of_a_fault_fails_no_letter_and_calls_once_a_rest(
    app: Flask, office: PostOffice, tmp_path: Path, kind: str
) -> None:
    begin, reason = FAULTS[kind]
    with begin(office, tmp_path) as trouble:
        for number in range(LETTERS):
            trouble.office.put(f"letter-{number}")
        called, troubles = an_hour(app, trouble)
        assert called == CALLS
        assert not {said for said in troubles if reason not in said}, "while it rests as well"
        assert [(row.state, row.attempts) for row in rows(trouble)] == [(OutboxState.PENDING, 0)] * LETTERS
        assert any(reason in row.last_error for row in rows(trouble))
        assert trouble.peer.received == []
        trouble.mend()
        rested = START + timedelta(seconds=CALLS[-1]) + LONGEST
        sent = ticked(app, trouble, rested).count
        assert sent >= LETTERS - 1, "all but the one that met the fault last, which lets the others go first"
        assert sent + ticked(app, trouble, rested + LONGEST).count == LETTERS
        assert [(row.state, row.attempts) for row in rows(trouble)] == [(OutboxState.SENT, 1)] * LETTERS
        assert len({received.recipients[0] for received in trouble.peer.received}) == LETTERS
        assert {received.is_secured for received in trouble.peer.received} == {kind == "TLS"}
        assert may_call(office.factory, trouble.office.room.server, now=START), "it is trusted again"


def an_hour(app: Flask, trouble: Trouble) -> tuple[list[int], set[str]]:
    """Let the dispatcher tick for an hour: the seconds at which it called the server, and what it said."""
    called, troubles = list[int](), set[str]()
    for second in range(0, 3600, EVERY):
        before = trouble.peer.connections
        troubles.add(ticked(app, trouble, START + timedelta(seconds=second)).trouble)
        called += [second] * (trouble.peer.connections - before)
    return called, troubles


def ticked(app: Flask, trouble: Trouble, at: datetime) -> Done:
    """One tick of the dispatcher."""
    return DISPATCH.run(replace(work_of(app, lambda: at), room=trouble.office.room))


def rows(trouble: Trouble) -> list[OutboxMessage]:
    """Every letter of the outbox."""
    with trouble.office.factory() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
