"""`programme backup` and `programme restore`: from either database to either, into a new installation only."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.mail.actions import resume
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.reminders.actions import ensure_default_rule
from programme.people.models import Organisation, Person
from programme.people.permissions import Actor
from programme.scheduler import run_due
from tests.commands.machines import Machine, Rows
from tests.factories.cast import LONG_AGO
from tests.factories.things import SOON, event, opening, registration

ACROSS = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite")]


@pytest.mark.parametrize(("here", "there"), ACROSS)
@pytest.mark.parametrize("founded", [False, True])
def test_restored_installation_is_the_same_and_sends_nothing_until_resumed(
    machine: Callable[..., Machine], tmp_path: Path, *, here: str, there: str, founded: bool
) -> None:
    old, new, file = machine(here, has_tables=True), machine(there), tmp_path / "all.zip"
    lived_in(old)
    assert old.type("backup", str(file)).exit_code == 0
    if founded:
        assert new.type("init").exit_code == 0
    restored = new.type("restore", str(file))
    assert restored.exit_code == 0, restored.output
    assert differences(old.rows(), new.rows()) == ["installation"]
    assert (new.store / "uploads" / "deep" / "talks.csv").read_bytes() == b"\xff\x00talks"
    late = SOON - timedelta(hours=20)
    app = new.app()
    assert run_due(app, late)["dispatch"].trouble == "sending is paused"
    assert sent(new) == (0, ["pending"])
    with Session(new.engine) as session:
        resume(session, actor=Actor(name="Ada"), now=late)
        session.commit()
    assert run_due(app, late)["dispatch"].count == 1
    assert sent(new) == (1, ["sent"])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_rows_made_after_a_restore_have_numbers_of_their_own(
    machine: Callable[..., Machine], tmp_path: Path, kind: str
) -> None:
    old, new, file = machine("sqlite", has_tables=True), machine(kind, has_tables=True), tmp_path / "all.zip"
    lived_in(old)
    old.type("backup", str(file))
    new.type("init")
    new.type("restore", str(file))
    with Session(new.engine) as session:
        oxford = session.scalars(select(Organisation).where(Organisation.slug == "oxford")).one()
        made = event(session, lead=oxford, title="A talk after the move")
        assert made.id > 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_used_installation_is_never_overwritten(machine: Callable[..., Machine], tmp_path: Path, kind: str) -> None:
    old, used, file = machine("sqlite", has_tables=True), machine(kind, has_tables=True), tmp_path / "all.zip"
    lived_in(old)
    old.type("backup", str(file))
    used.type("init")
    with Session(used.engine) as session:
        session.add(
            Person(name="Nora", address="nora@example.org", address_key="nora@example.org", created_at=LONG_AGO)
        )
        session.commit()
    before = used.rows()
    refused = used.type("restore", str(file))
    assert (refused.exit_code, "in use already" in refused.output) == (1, True)
    assert used.rows() == before


def test_failed_restore_leaves_the_founded_installation_as_it_was(
    machine: Callable[..., Machine], tmp_path: Path
) -> None:
    new, file = machine("sqlite", has_tables=True), tmp_path / "none.zip"
    file.write_bytes(b"not a backup")
    new.type("init")
    before = new.rows()
    refused = new.type("restore", str(file))
    assert (refused.exit_code, "is not a backup" in refused.output) == (1, True)
    assert new.rows() == before


def lived_in(old: Machine) -> None:
    """Give an installation people, an event, a registration, a reminder that will be due, and a file."""
    assert old.type("init").exit_code == 0
    with Session(old.engine) as session:
        oxford = oxford_of(session)
        talk = event(session, lead=oxford, title="Zürich – 東京")
        person = Person(name="Zoë", address="zoe@example.org", address_key="zoe@example.org", created_at=LONG_AGO)
        session.add(person)
        session.flush()
        registration(session, to=opening(session, events=[talk]), who=person)
        ensure_default_rule(session, talk.id, LONG_AGO)
        session.add(CapturedMail(recipient="zoe@example.org", captured_at=LONG_AGO, raw=b"\xff\x00raw"))
        session.commit()
    (old.store / "uploads" / "deep").mkdir(parents=True)
    (old.store / "uploads" / "deep" / "talks.csv").write_bytes(b"\xff\x00talks")


def oxford_of(session: Session) -> Organisation:
    """Return Oxford, which `init` founded."""
    return session.scalars(select(Organisation).where(Organisation.slug == "oxford")).one()


def differences(old: Rows, new: Rows) -> list[str]:
    """Name the tables whose rows differ."""
    return [name for name, rows in old.items() if rows != new[name]]


def sent(new: Machine) -> tuple[int, list[str]]:
    """Return how many letters were handed over since the restore, and how each in the outbox stands."""
    with Session(new.engine) as session:
        captured = session.scalar(
            select(func.count()).select_from(CapturedMail).where(CapturedMail.outbox_message_id > 0)
        )
        return captured or 0, [state.value for state in session.scalars(select(OutboxMessage.state))]
