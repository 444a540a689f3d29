"""Files on the shelf: laid down whole or not at all, put to one thing only, and swept away when nobody holds them."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.documents import actions
from programme.engines.documents.models import Document
from programme.engines.documents.ports import Reader, may_read
from programme.engines.documents.shelf import Shelf
from programme.people.permissions import NOBODY
from tests.factories import files
from tests.factories.cast import LONG_AGO

SHEET, OTHER = ("answer_sheet", 7), ("answer_sheet", 8)
LATER = LONG_AGO + timedelta(days=2)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf of the test's own."""
    return Shelf(tmp_path)


def kept(session: Session, shelf: Shelf, name: str = "cv.pdf", content: bytes = files.PDF) -> Document:
    laid = shelf.lay(io.BytesIO(content), name, accepts=["pdf", "text"], most=1_000)
    return actions.take_in(session, laid, now=LONG_AGO)


def lying(shelf: Shelf) -> list[str]:
    return sorted(path.name for path in shelf.root.glob("*/*"))


def test_a_file_lies_under_a_random_name_that_only_we_can_read(session: Session, shelf: Shelf) -> None:
    first, second = kept(session, shelf), kept(session, shelf)
    path = shelf.path(first.token)
    assert path.read_bytes() == files.PDF
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert first.digest == second.digest
    assert first.token != second.token
    assert "cv" not in str(path.relative_to(shelf.store))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cv.pdf", files.PDF + bytes(1_000), "is too large: 1 KB is the most"),
        ("cv.pdf", b"", "is empty"),
        ("cv.pdf", files.HTML, "is not what its name says"),
        ("cv.exe", files.PROGRAM, "is not a file that we can take here"),
    ],
)
def test_what_is_refused_leaves_nothing_on_the_shelf(shelf: Shelf, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        shelf.lay(io.BytesIO(content), name, accepts=["pdf"], most=1_000)
    assert lying(shelf) == []


def test_a_file_belongs_to_one_thing_only(session: Session, shelf: Shelf) -> None:
    row = kept(session, shelf)
    actions.put_to(session, row.token, subject=SHEET, part=3, name=row.name)
    actions.put_to(session, row.token, subject=SHEET, part=3, name=row.name)
    with pytest.raises(Refusal, match="is not kept any more"):
        actions.put_to(session, row.token, subject=OTHER, part=3, name=row.name)
    with pytest.raises(Refusal):
        actions.put_to(session, "0" * 40, subject=OTHER, part=3, name="cv.pdf")


def test_nobody_may_read_what_nobody_answers_for(session: Session, shelf: Shelf) -> None:
    row = kept(session, shelf)
    asked: list[tuple[int, int | None]] = []

    def plug(_: Session, subject_id: int, part: int | None, __: Reader) -> bool:
        asked.append((subject_id, part))
        return True

    plugs = {"answer_sheet": plug}
    assert not may_read(plugs, session, row, Reader(NOBODY))
    row = actions.put_to(session, row.token, subject=SHEET, part=3, name=row.name)
    assert may_read(plugs, session, row, Reader(NOBODY))
    assert not may_read({}, session, row, Reader(NOBODY))
    assert asked == [(7, 3)]


def test_what_waits_too_long_is_swept_and_what_belongs_to_something_stays(session: Session, shelf: Shelf) -> None:
    stays, waits = kept(session, shelf, "stays.pdf"), kept(session, shelf, "waits.pdf")
    actions.put_to(session, stays.token, subject=SHEET, part=3, name=stays.name)
    actions.sweep(session, shelf, now=LONG_AGO + timedelta(hours=23))
    assert len(lying(shelf)) == 2
    actions.sweep(session, shelf, now=LATER)
    assert waits.token in lying(shelf), "its bytes go a turn later, when the mark is committed"
    actions.sweep(session, shelf, now=LATER)
    assert lying(shelf) == [stays.token]
    assert session.scalars(select(Document.token)).all() == [stays.token]


def test_a_forgotten_file_names_nobody_at_once(session: Session, shelf: Shelf) -> None:
    row = kept(session, shelf, "Alice Adams CV.pdf")
    actions.put_to(session, row.token, subject=SHEET, part=3, name=row.name)
    actions.forget_all(session, "answer_sheet", [7], now=LATER)
    session.expire_all()
    assert (row.name, row.digest, row.subject_kind, row.subject_id) == ("", "", "", None)
    with pytest.raises(Refusal):
        actions.put_to(session, row.token, subject=SHEET, part=3, name="cv.pdf")


def test_only_some_parts_or_all_but_some_can_be_forgotten(session: Session, shelf: Shelf) -> None:
    rows = [kept(session, shelf, f"{number}.pdf") for number in range(3)]
    for number, row in enumerate(rows):
        actions.put_to(session, row.token, subject=SHEET, part=number, name=row.name)
    actions.forget_parts(session, "answer_sheet", [(7, 0), (8, 1)], now=LATER)
    actions.forget_others(session, SHEET, kept=[rows[1].token], now=LATER)
    session.expire_all()
    assert [row.name for row in rows] == ["", "1.pdf", ""]


def test_bytes_without_a_row_are_swept_once_they_are_a_day_old(session: Session, shelf: Shelf) -> None:
    known = kept(session, shelf)
    stray = shelf.lay(io.BytesIO(files.PDF), "stray.pdf", accepts=["pdf"], most=1_000)
    old = LONG_AGO.timestamp()
    for token in (known.token, stray.token):
        os.utime(shelf.path(token), (old, old))
    actions.put_to(session, known.token, subject=SHEET, part=3, name="cv.pdf")
    assert actions.sweep(session, shelf, now=LATER) == 1
    assert lying(shelf) == [known.token]


def test_a_flood_of_files_that_belong_to_nothing_is_stopped(session: Session, shelf: Shelf) -> None:
    row = kept(session, shelf)
    actions.refuse_flood(session)
    row.size = actions.MOST_WAITING
    session.flush()
    with pytest.raises(Refusal, match="everything else you typed is still here"):
        actions.refuse_flood(session)
