"""The mailbox of bounces is read over a real socket: a little at a time, never in clear by a slip, nothing lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from programme.clockwork import tick
from programme.core import clock
from programme.engines.mail.addresses.inbox import emptying
from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.addresses.verp import envelope_sender
from programme.engines.mail.queries import late_ticks
from programme.jobs.working import work_of
from programme.scheduler import JOBS
from programme.settings.inbox import inbox_at
from tests.bed.clock import START
from tests.bed.imap.server import ImapPeer, serving
from tests.bed.servers.smtp import presenting
from tests.engines.mail.addresses import returns
from tests.engines.mail.post_office import PostOffice

KEYWORD = "ProgrammeLeftThis"


@pytest.fixture
def peer() -> Iterator[ImapPeer]:
    """A mailbox in clear, as on the machine itself."""
    with serving() as running:
        yield running


@pytest.fixture
def post(office: PostOffice, peer: ImapPeer) -> PostOffice:
    """A post office that reads it."""
    return reading(office, peer.url())


def reading(office: PostOffice, url: str, authority_file: Path | None = None) -> PostOffice:
    """A post office that reads the mailbox of a setting."""
    inbox = inbox_at(url, authorities=authority_file)
    return PostOffice(office.factory, replace(office.room, bounce_address="bounces@programme.example", inbox=inbox))


def empty(post: PostOffice) -> emptying.Emptied:
    """One tick."""
    return emptying.empty(post.factory, post.room, now=lambda: START)


def bounced(post: PostOffice, key: str = "one") -> bytes:
    """A letter that came back."""
    row_id = post.put(key, to=f"{key}@liverpool.example")
    post.dispatch()
    path = envelope_sender(post.room, post.row(row_id))
    return returns.postfix(to=path, recipient=f"{key}@liverpool.example")


def meanings(post: PostOffice) -> list[Meaning]:
    """What was taken in."""
    with post.factory() as session:
        return list(session.scalars(select(InboxMessage.meaning).order_by(InboxMessage.id)))


def test_what_is_understood_is_marked_as_read_and_what_is_not_is_left_to_people(
    post: PostOffice, peer: ImapPeer
) -> None:
    dead, answer, away = peer.put(bounced(post)), peer.put(b"Subject: Dear all\r\n\r\nx"), peer.put(returns.absence())
    assert (empty(post).count, empty(post).count) == (3, 0)
    assert meanings(post) == [Meaning.HARD, Meaning.UNKNOWN, Meaning.AUTOMATIC]
    assert peer.flags() == {dead: {r"\Seen"}, answer: {KEYWORD}, away: {r"\Seen"}}
    with post.factory() as session:
        assert session.scalars(select(Suppression.address)).all() == ["one@liverpool.example"]


def test_where_keywords_do_not_last_all_is_marked_as_read(post: PostOffice, peer: ImapPeer) -> None:
    peer.permanent_flags = r"\Answered \Seen"
    number = peer.put(b"Subject: Dear all\r\n\r\nx")
    assert (empty(post).count, empty(post).count) == (1, 0)
    assert peer.flags() == {number: {r"\Seen"}}


POISON = {
    "sqlite": """
        CREATE TRIGGER poison BEFORE INSERT ON inbox_message WHEN NEW.subject_line = 'poison'
        BEGIN SELECT RAISE(ABORT, 'nobody foresaw this'); END""",
    "postgresql": "ALTER TABLE inbox_message ADD CONSTRAINT poison CHECK (subject_line <> 'poison')",
}


def test_poisoned_message_stops_no_other_and_is_left_to_people(
    post: PostOffice, peer: ImapPeer, database_kind: str
) -> None:
    run(post, POISON[database_kind])
    poison, dead = peer.put(b"Subject: poison\r\n\r\n"), peer.put(bounced(post))
    assert empty(post) == emptying.Emptied(2)
    assert peer.flags() == {poison: {KEYWORD}, dead: {r"\Seen"}}
    assert empty(post).count == 0


def test_nothing_is_marked_before_it_is_committed(post: PostOffice, peer: ImapPeer) -> None:
    number = peer.put(bounced(post))
    run(post, "ALTER TABLE inbox_message RENAME TO elsewhere")
    with pytest.raises(DBAPIError):
        empty(post)
    assert peer.flags() == {number: set()}
    run(post, "ALTER TABLE elsewhere RENAME TO inbox_message")
    assert empty(post).count == 1
    assert meanings(post) == [Meaning.HARD]


def run(post: PostOffice, statement: str) -> None:
    """Change the database itself."""
    with post.factory() as session:
        session.execute(text(statement))
        session.commit()


@pytest.mark.parametrize("verb", ["AUTHENTICATE", "SELECT", "SEARCH", "FETCH", "STORE"])
@pytest.mark.parametrize("how", ["refuses", "drops"])
def test_trouble_of_the_mail_server_is_told_and_nothing_is_lost(
    post: PostOffice, peer: ImapPeer, verb: str, how: str
) -> None:
    peer.put(bounced(post))
    getattr(peer, how).add(verb)
    assert empty(post).trouble.startswith("The inbox ")
    getattr(peer, how).clear()
    assert empty(post) == emptying.Emptied(1)
    assert meanings(post) == [Meaning.HARD]


def test_tick_reads_a_little_at_a_time(post: PostOffice, peer: ImapPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emptying, "MOST_MESSAGES", 3)
    for number in range(5):
        peer.put(b"Subject: %d\r\nAuto-Submitted: auto-replied\r\n\r\n" % number)
    assert [empty(post).count for _ in range(3)] == [3, 2, 0]
    monkeypatch.setattr(emptying, "MOST_OCTETS", 50)
    for number in range(5):
        peer.put(b"Subject: again %d\r\nAuto-Submitted: auto-replied\r\n\r\n" % number)
    assert [empty(post).count for _ in range(3)] == [2, 2, 1]


def test_of_a_huge_message_only_the_beginning_is_fetched(post: PostOffice, peer: ImapPeer) -> None:
    peer.put(bounced(post) + b"x" * 5_000_000)
    assert empty(post) == emptying.Emptied(1)
    assert meanings(post) == [Meaning.HARD]


def test_signing_in_with_a_name_and_password_of_any_letters(office: PostOffice, peer: ImapPeer) -> None:
    peer.user, peer.password = 'bo"un\\ces', 'se"sa\\me %!'
    url = f"imap://bo%22un%5Cces:se%22sa%5Cme%20%25%21@{peer.host}:{peer.port}?starttls=0"
    assert empty(reading(office, url)).trouble == ""
    peer.capabilities = ("IMAP4rev1",)
    assert empty(reading(office, url)).trouble == ""
    assert "LOGIN" in peer.commands
    peer.password = "another"
    assert "wrong name or password" in empty(reading(office, url)).trouble


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_mailbox_is_read_encrypted(
    office: PostOffice, authority: trustme.CA, authority_file: Path, scheme: str
) -> None:
    context = presenting(authority.issue_cert("127.0.0.1"))
    with serving(tls=context, at_once=scheme == "imaps") as peer:
        post = reading(office, peer.url(scheme, ""), authority_file)
        peer.put(bounced(post))
        assert empty(post) == emptying.Emptied(1)
        signed_in = peer.commands.index("AUTHENTICATE")
        assert peer.secured[signed_in:] == [True] * len(peer.secured[signed_in:])


@pytest.mark.one_database
@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_wrong_certificate_is_refused_before_anybody_signs_in(
    office: PostOffice, authority: trustme.CA, authority_file: Path, scheme: str
) -> None:
    for wrong in (trustme.CA().issue_cert("127.0.0.1"), authority.issue_cert("mail.elsewhere.example")):
        with serving(tls=presenting(wrong), at_once=scheme == "imaps") as peer:
            trouble = empty(reading(office, peer.url(scheme, ""), authority_file)).trouble
            assert "certificate is not trusted" in trouble
            assert not {"AUTHENTICATE", "LOGIN"} & set(peer.commands)


@pytest.mark.one_database
def test_server_without_encryption_is_not_read_in_clear(office: PostOffice, peer: ImapPeer) -> None:
    assert "nothing must go in clear" in empty(reading(office, peer.url("imap", ""))).trouble
    assert not {"AUTHENTICATE", "LOGIN"} & set(peer.commands)


def test_clock_reads_the_inbox_and_its_trouble_is_the_tick_s(app: Flask, post: PostOffice, peer: ImapPeer) -> None:
    app.extensions["mail_room"] = post.room
    peer.put(bounced(post))
    job = next(job for job in JOBS if job.name == "inbox")
    work = work_of(app, lambda: START)
    assert job.run(work).count == 1
    peer.refuses.add("SELECT")
    tick(app, job, work)
    with post.factory() as session:
        assert late_ticks(session, now=clock.now()) == {}
    assert "not today" in job.run(work).trouble


def test_installation_without_an_inbox_has_nothing_to_read(office: PostOffice) -> None:
    assert empty(office) == emptying.Emptied()
