"""`programme import`, as typed on the machine."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from tests.bed.application import PLAIN
from tests.bed.clock import Clock
from tests.commands.keyboard import Run, typed
from tests.data.invented import FEED, SPREADSHEET
from tests.factories.cast import assemble


@pytest.fixture
def run(settings: Settings, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Run:
    """Import a file on an installation with the cast in it."""
    assemble(session)
    for name, value in {**PLAIN, "DATABASE_URL": settings.database_url, "STORE": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PROGRAMME_ENV", str(tmp_path / "absent.env"))

    def imported(file: Path, *words: str) -> Result:
        result = typed("import", str(file), *words)
        session.rollback()
        return result

    return imported


def test_counts_and_odd_rows_are_printed(run: Run, session: Session) -> None:
    result = run(SPREADSHEET, "--organisation", "oxford", "--publish")
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert "invented-talks.csv: 60 rows read. new 60 55 published, 5 drafts; 0 over already" in words
    assert "changed 0 moved 0 same 0 odd 8" in words
    assert "venue: There is no venue. Left open: venue to be announced." in result.stdout
    assert session.scalar(select(func.count()).select_from(Event)) == 60


def test_json_is_one_object(run: Run) -> None:
    told = json.loads(run(SPREADSHEET, "--organisation", "oxford", "--json").stdout)
    assert {name: told[name] for name in ("read", "new", "changed", "same", "odd_rows")} == {
        "read": 60,
        "new": 60,
        "changed": 0,
        "same": 0,
        "odd_rows": 8,
    }
    assert len(told["odd"]) == 8
    assert set(told["odd"][0]) == {"line", "field", "reason", "default"}


def test_same_file_twice_is_the_same(run: Run, session: Session) -> None:
    run(FEED, "--organisation", "oxford", "--publish")
    told = json.loads(run(FEED, "--organisation", "oxford", "--publish", "--json").stdout)
    assert (told["new"], told["changed"], told["same"]) == (0, 0, 24)
    assert session.scalar(select(func.count()).select_from(Event)) == 24


def test_without_publish_all_are_drafts(run: Run, session: Session) -> None:
    run(SPREADSHEET, "--organisation", "liverpool", "--strand", "placements")
    assert set(session.scalars(select(Event.state))) == {EventState.DRAFT}
    assert set(session.scalars(select(Event.strand))) == {"placements"}


@pytest.mark.parametrize(
    ("moves", "events", "says"), [("new", 2, "made a new event"), ("follow", 1, "changed the event")]
)
def test_likely_moves_are_told_and_done_as_asked(
    run: Run, session: Session, tmp_path: Path, moves: str, events: int, says: str
) -> None:
    file = tmp_path / "talks.csv"
    file.write_text("Title,Start\nOn moss,02/02/2027 13:00\n", encoding="utf-8")
    run(file, "--organisation", "oxford", "--publish")
    file.write_text("Title,Start\nOn moss,03/02/2027 13:00\n", encoding="utf-8")
    result = run(file, "--organisation", "oxford", "--publish", "--moves", moves)
    assert says in result.stdout
    assert session.scalar(select(func.count()).select_from(Event)) == events


def test_table_without_a_status_is_published_with_leave(run: Run, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "talks.csv"
    file.write_text("Title,Start\nOn moss,02/02/2027 13:00\n", encoding="utf-8")
    assert "1 event stays a draft: 1 as publishing was not asked for." in run(file, "--organisation", "oxford").stdout
    told = json.loads(run(file, "--organisation", "oxford", "--publish", "--json").stdout)
    assert (told["same"], told["published"], told["drafts_that_stay"]) == (1, 1, {})
    assert session.scalars(select(Event.state)).all() == [EventState.PUBLISHED]


def test_progress_goes_to_the_other_stream(run: Run) -> None:
    result = run(SPREADSHEET, "--organisation", "oxford", "--json")
    assert "Importing" in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x89PNG\r\n"])
def test_file_that_cannot_be_read_is_refused_with_a_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "talks.csv"
    file.write_bytes(content)
    result = run(file, "--organisation", "oxford")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.output


def test_unknown_organisation_is_refused_by_name(run: Run) -> None:
    result = run(SPREADSHEET, "--organisation", "atlantis")
    assert result.exit_code == 1
    assert "There is no organisation “atlantis”. There are: liverpool, oxford" in result.stderr
