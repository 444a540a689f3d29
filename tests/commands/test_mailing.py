"""`programme inbox` and `programme mail-check`, as typed on the machine or by its mail system."""

from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from programme.app import create_app
from programme.cli import programme
from programme.config import Settings
from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.addresses.verp import envelope_sender
from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.extensions import db
from tests.bed.application import PLAIN
from tests.bed.clock import START
from tests.bed.imap.server import serving
from tests.bed.servers.smtp import Peer, listening, presenting
from tests.commands.keyboard import typed
from tests.engines.mail.addresses import returns

ADDRESS = "alice@liverpool.example"


@pytest.fixture(autouse=True)
def machine(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of an installation whose bounces are read."""
    given = {"DATABASE_URL": settings.database_url, "STORE": str(tmp_path)}
    given |= {"PROGRAMME_ENV": str(tmp_path / "absent.env"), "BOUNCE_ADDRESS": "bounces@programme.example"}
    for name, value in {**PLAIN, **given}.items():
        monkeypatch.setenv(name, value)


def piped(raw: bytes) -> Result:
    """What the mail system does."""
    made: list[Flask] = []

    def factory(chosen: Settings | None = None) -> Flask:
        made.append(create_app(chosen))
        return made[-1]

    result = CliRunner().invoke(programme, ["inbox"], obj=factory, input=raw)
    for app in made:
        with app.app_context():
            db.engine.dispose()
    return result


def bounced(app: Flask, session: Session) -> bytes:
    """A letter that came back."""
    letter = Post("event_moved", "one", Recipient(ADDRESS), ("event", 1))
    post(session, letter, now=START)
    session.commit()
    room = create_app().extensions["mail_room"]
    path = envelope_sender(room, session.scalars(select(OutboxMessage)).one())
    session.rollback()
    return returns.postfix(to=path)


def test_message_from_a_pipe_is_taken_in_once(app: Flask, session: Session) -> None:
    raw = bounced(app, session)
    for copy in (raw, b"From MAILER-DAEMON Tue Jan 12 09:00:01 2027\n" + raw.replace(b"\r\n", b"\n")):
        result = piped(copy)
        assert (result.exit_code, result.output) == (0, "")
    assert session.scalars(select(InboxMessage.meaning)).all() == [Meaning.HARD]
    assert session.scalars(select(Suppression.address)).all() == [ADDRESS]


@pytest.mark.one_database
def test_whatever_comes_by_the_pipe_is_accepted(session: Session) -> None:
    for raw in (b"", b"\0\xff" * 1_000, b"x" * 3_000_000):
        assert piped(raw).exit_code == 0
    assert set(session.scalars(select(InboxMessage.meaning))) == {Meaning.UNKNOWN}


def test_mail_system_tries_again_later_while_the_database_is_away(app: Flask, session: Session) -> None:
    raw = bounced(app, session)
    session.execute(text("ALTER TABLE inbox_message RENAME TO elsewhere"))
    session.commit()
    result = piped(raw)
    assert (result.exit_code, "try again later" in result.output) == (75, True)
    session.execute(text("ALTER TABLE elsewhere RENAME TO inbox_message"))
    session.commit()
    assert piped(raw).exit_code == 0


@pytest.mark.one_database
def test_mail_system_tries_again_later_while_settings_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert piped(b"x").exit_code == 75


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, smtp_peer: Peer) -> Peer:
    """The mail server that settings name."""
    monkeypatch.setenv("MAIL_URL", smtp_peer.url)
    return smtp_peer


def lines(result: Result) -> dict[str, str]:
    """What is told of each step, with its mark before it."""
    return {line[4:20].strip(): f"{line[:2].strip()} {line[20:]}".strip() for line in result.output.splitlines()}


@pytest.mark.one_database
@pytest.mark.parametrize("pipelines", [False, True])
def test_check_shows_every_step_of_a_letter_that_goes(peer: Peer, *, pipelines: bool) -> None:
    peer.pipelines = pipelines
    result = typed("mail-check", ADDRESS)
    assert result.exit_code == 0
    told = lines(result)
    assert told["Connection"].startswith(f"ok {peer.host}:{peer.port} is ")
    assert told["Sender"] == "ok 250 2.1.0 OK"
    assert told["Recipient"] == "ok 250 2.1.5 OK"
    assert told["Accepted"] == "ok 250 2.0.0 OK queued as 1"
    [received] = peer.received
    assert told["Message-ID"] == received.message["Message-ID"]
    assert received.recipients == [ADDRESS]
    assert received.sender.startswith("bounces+0.")
    assert "The mail server has the letter." in result.output


@pytest.mark.one_database
@pytest.mark.parametrize("pipelines", [False, True])
def test_check_names_the_step_that_failed_in_the_server_s_words(peer: Peer, *, pipelines: bool) -> None:
    peer.pipelines = pipelines
    for verb, name in {"MAIL": "Sender", "RCPT": "Recipient", "DATA": "Accepted"}.items():
        peer.answer(verb, "550 5.7.1 not today")
        result = typed("mail-check", ADDRESS)
        assert (result.exit_code, lines(result)[name]) == (1, "NO 550 5.7.1 not today")
        assert "The letter did not go." in result.output
        peer.behave()
    peer.drop("DATA")
    result = typed("mail-check", ADDRESS)
    assert (result.exit_code, lines(result)["Accepted"][:2]) == (1, "NO")


@pytest.mark.one_database
def test_check_says_that_nobody_listens(monkeypatch: pytest.MonkeyPatch, smtp_peer: Peer) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://127.0.0.1:1")
    result = typed("mail-check", ADDRESS)
    assert (result.exit_code, lines(result)["Connection"][:2]) == (1, "NO")
    assert "Traceback" not in result.output


@pytest.mark.one_database
def test_check_shows_encryption_and_sign_in(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, authority_file: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    with listening(presenting(authority.issue_cert("127.0.0.1"))) as peer:
        monkeypatch.setenv("MAIL_URL", peer.url.replace("//", "//relay:sesame@") + "?starttls=1")
        told = lines(typed("mail-check", ADDRESS))
        assert told["Encryption"].startswith("ok TLSv1.")
        assert told["Sign-in"] == "ok as relay"
    with listening(presenting(trustme.CA().issue_cert("127.0.0.1"))) as peer:
        monkeypatch.setenv("MAIL_URL", peer.url + "?starttls=1")
        result = typed("mail-check", ADDRESS)
        assert (result.exit_code, "certificate is not trusted" in lines(result)["Encryption"]) == (1, True)
    with listening() as peer:
        monkeypatch.setenv("MAIL_URL", peer.url + "?starttls=1")
        assert "offers no encryption" in lines(typed("mail-check", ADDRESS))["Encryption"]


@pytest.mark.one_database
def test_check_says_that_captured_letters_do_not_go() -> None:
    result = typed("mail-check", ADDRESS)
    assert (result.exit_code, "capture://" in lines(result)["Connection"]) == (1, True)


@pytest.mark.one_database
def test_check_refuses_what_is_no_address(peer: Peer) -> None:
    result = typed("mail-check", "nobody")
    assert (result.exit_code, "cannot be an e-mail address" in lines(result)["Recipient"]) == (1, True)


@pytest.mark.one_database
def test_check_looks_into_the_inbox(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fed by a pipe" in lines(typed("mail-check", ADDRESS))["Inbox"]
    with serving() as mailbox:
        mailbox.put(b"Subject: x\r\n\r\n")
        monkeypatch.setenv("IMAP_URL", mailbox.url())
        assert lines(typed("mail-check", ADDRESS))["Inbox"] == "ok INBOX of bounces can be read; 1 waiting there"
        mailbox.refuses.add("SELECT")
        result = typed("mail-check", ADDRESS)
        assert (result.exit_code, "not today" in lines(result)["Inbox"]) == (0, True)
    monkeypatch.delenv("IMAP_URL")
    monkeypatch.delenv("BOUNCE_ADDRESS")
    assert "nobody reads what comes back" in lines(typed("mail-check", ADDRESS))["Inbox"]


@pytest.mark.one_database
def test_bounce_of_the_trial_is_understood(app: Flask, session: Session, peer: Peer) -> None:
    typed("mail-check", ADDRESS)
    assert piped(returns.postfix(to=peer.received[0].sender)).exit_code == 0
    assert session.scalars(select(InboxMessage.meaning)).all() == [Meaning.HARD]
    assert session.scalars(select(Suppression.id)).all() == []
    factory = sessionmaker(session.get_bind())
    assert dispatch(factory, app.extensions["mail_room"], now=START).sent == 0
