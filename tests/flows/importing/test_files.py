"""Files that nobody confirms are forgotten after a week; what is confirmed stays as a report."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.models import ImportFile
from programme.flows.importing import files
from programme.people.states import Strand
from tests.data.invented import SPREADSHEET
from tests.factories.cast import Cast
from tests.flows.importing.conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def waiting(session: Session, cast: Cast, tmp_path: Path) -> ImportFile:
    """A file that waits."""
    row = ImportFile(
        organisation_id=cast.oxford.id,
        strand=Strand.EXCHANGE,
        filename="talks.csv",
        stored_as=files.stash(tmp_path, SPREADSHEET.read_bytes(), filename="talks.csv", around=TODAY),
        uploaded_at=NOW,
    )
    session.add(row)
    session.commit()
    return row


def kept(tmp_path: Path) -> int:
    """Return how many files are kept."""
    return len(list(files.folder(tmp_path).glob("*")))


def test_unconfirmed_file_is_forgotten_after_a_week(session: Session, waiting: ImportFile, tmp_path: Path) -> None:
    assert files.forget_unconfirmed(session, tmp_path, now=NOW + timedelta(days=7)) == 0
    assert kept(tmp_path) == 1
    assert files.forget_unconfirmed(session, tmp_path, now=NOW + timedelta(days=7, seconds=1)) == 1
    assert kept(tmp_path) == 0
    assert session.scalar(select(func.count()).select_from(ImportFile)) == 0


def test_confirmed_file_is_not_forgotten(session: Session, waiting: ImportFile, tmp_path: Path) -> None:
    assert files.claim(session, waiting.id, now=NOW)
    assert not files.claim(session, waiting.id, now=NOW)
    session.commit()
    assert files.forget_unconfirmed(session, tmp_path, now=NOW + timedelta(days=70)) == 0


@pytest.mark.one_database
def test_file_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        files.stash(tmp_path, b"nothing to see", filename="talks.csv", around=TODAY)
    assert kept(tmp_path) == 0
