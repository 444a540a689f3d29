"""`programme init` and `programme demo`, as a newcomer types them."""

import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.commands.setting_up.installing import write_env_file
from programme.core.schema import moving
from programme.engines.calendar.models import Event
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.people.models import Installation, Organisation
from programme.people.states import Strand
from tests.commands.keyboard import Run, typed
from tests.factories import things

Look = Callable[[], AbstractContextManager[Session]]
TYPICAL = {
    RegistrationState.CONFIRMED,
    RegistrationState.WAITLISTED,
    RegistrationState.PENDING,
    RegistrationState.CANCELLED,
}


@pytest.fixture
def run(empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command in an empty place: the env file is written there, the database is named by the environment."""
    monkeypatch.setenv("PROGRAMME_ENV", str(tmp_path / ".env"))
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("STORE", str(tmp_path / "store"))
    return typed


@pytest.fixture
def look(empty_database_url: str) -> Look:
    """Open a session on what the command made."""

    @contextmanager
    def looking() -> Iterator[Session]:
        engine = moving.engine_for(empty_database_url)
        with Session(engine) as session:
            yield session
        engine.dispose()

    return looking


def test_env_file_is_for_the_owner_alone_and_never_written_again(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert write_env_file(path, demo=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_text(encoding="utf-8")
    assert not write_env_file(path, demo=True)
    assert path.read_text(encoding="utf-8") == first


def test_two_env_files_have_two_keys(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "two"):
        write_env_file(tmp_path / name, demo=True)
        keys.add((tmp_path / name).read_text(encoding="utf-8").splitlines()[0])
    assert len(keys) == 2


@pytest.mark.one_database("postgresql")
def test_demonstration_is_told_where_there_is_none_and_only_once(run: Run, look: Look) -> None:
    first = run("demo")
    assert first.exit_code == 0, first.output
    assert "olga.oakhurst@liverpool.example.ac.uk" in first.output
    assert "omar.otterbrook@oxford.example.ac.uk" in first.output
    told = typical_events(look)
    assert run("demo").exit_code == 0
    assert typical_events(look) == told


@pytest.mark.one_database
def test_demonstration_is_kept_and_begun_afresh_when_asked(run: Run, look: Look) -> None:
    """On SQLite, as `make` does it: to move down it copies tables, which have rows here. PostgreSQL tells it above."""
    assert run("init", "--demo").exit_code == 0
    with look() as session:
        things.event(session, lead=session.scalars(select(Organisation)).all()[0], title="Mine")
        session.commit()
    assert run("demo").exit_code == 0
    with look() as session:
        assert session.scalars(select(Event.title)).all() == ["Mine"]
    assert run("demo", "--fresh").exit_code == 0
    assert "Mine" not in typical_events(look)


def test_installation_in_earnest_is_no_demonstration(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "q8Xw2-kZ7vT4mN1cR9sJ5hB3gL6dF0pY_aEuKoIyW")
    monkeypatch.setenv("BASE_URL", "https://programme.example.ac.uk")
    monkeypatch.setenv("MAIL_URL", "smtp://localhost:25")
    monkeypatch.setenv("MAIL_FROM", "programme@example.ac.uk")
    run("init", "--uid-host", "calendar.example.ac.uk")
    refused = run("demo")
    assert refused.exit_code == 1
    assert "no demonstration" in refused.output


def test_uid_host_is_fixed_at_the_first_init(run: Run, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "q8Xw2-kZ7vT4mN1cR9sJ5hB3gL6dF0pY_aEuKoIyW")
    monkeypatch.setenv("MAIL_URL", "capture://")
    monkeypatch.setenv("MAIL_FROM", "programme@example.ac.uk")
    for base in ("https://first.example.ac.uk", "https://second.example.ac.uk"):
        monkeypatch.setenv("BASE_URL", base)
        assert run("init").exit_code == 0
    with look() as session:
        assert session.scalars(select(Installation.uid_host)).all() == ["first.example.ac.uk"]


def typical_events(look: Look) -> list[str]:
    """Return the titles of a demonstration, which has the typical things."""
    with look() as session:
        assert set(session.scalars(select(Event.strand))) == set(Strand)
        assert set(session.scalars(select(Registration.state))) >= TYPICAL
        return list(session.scalars(select(Event.title).order_by(Event.id)))
