"""`programme sign-in-link` and `programme grant`, as typed on the machine."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.engines.mail.models import OutboxMessage
from programme.people.models import Person, Role, RoleGrant, Strand
from tests.bed.application import PLAIN
from tests.commands.keyboard import Run, typed
from tests.factories.cast import assemble


@pytest.fixture
def run(settings: Settings, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command on an installation with the cast in it."""
    assemble(session)
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("STORE", str(tmp_path))
    monkeypatch.setenv("PROGRAMME_ENV", str(tmp_path / "absent.env"))
    return typed


def test_printed_link_signs_in(run: Run, client: FlaskClient) -> None:
    result = run("sign-in-link", "OLGA@liverpool.example.ac.uk")
    assert result.exit_code == 0
    assert result.output.startswith("http://localhost/sign-in/")
    client.post(result.output.strip().removeprefix("http://localhost"))
    assert "Olga Oakhurst" in client.get("/me/account").text


def test_link_for_nobody_is_refused_unless_named(run: Run, session: Session) -> None:
    refused = run("sign-in-link", "new@example.org")
    assert (refused.exit_code, "Add --name" in refused.output) == (1, True)
    assert run("sign-in-link", "new@example.org", "--name", "Nora Newly").exit_code == 0
    assert session.scalars(select(Person.name).where(Person.address_key == "new@example.org")).all() == ["Nora Newly"]


def test_role_is_given_and_told(run: Run, session: Session) -> None:
    words = ("grant", "bob@oxford.example.ac.uk", "organiser", "--organisation", "oxford", "--strand", "cohorts")
    first, again = run(*words), run(*words)
    assert first.output == ("bob@oxford.example.ac.uk: Organiser for University of Oxford, Doctoral cohorts.\n")
    assert "held already" in again.output
    row = session.scalars(select(RoleGrant).where(RoleGrant.strand == Strand.COHORTS)).one()
    assert (row.role, row.granted_by_id) == (Role.ORGANISER, None)
    assert session.scalars(select(OutboxMessage.letter)).all() == ["role_granted"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("bob@x.uk", "organiser", "--organisation", "atlantis"), "There are: liverpool, oxford"),
        (("bob@x.uk", "organiser"), "Choose the organisation"),
        (("nonsense", "administrator"), "like name@example.ac.uk"),
        (("bob@x.uk", "king"), "is not one of"),
    ],
)
def test_wrong_words_end_with_a_sentence(run: Run, words: tuple[str, ...], says: str) -> None:
    result = run("grant", *words)
    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output
