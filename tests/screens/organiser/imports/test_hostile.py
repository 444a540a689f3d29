"""Hostile and broken files get a sentence, never a crash, and leave nothing behind."""

import io
import zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import ImportFile
from programme.flows.importing.files import folder
from tests.engines.calendar.reading.sheet.test_weighing import crafted
from tests.factories.cast import Cast
from tests.screens.organiser.imports.conftest import HOME, Upload, sheet

MOSS = "On moss,Moss,02/02/2027 13:00,02/02/2027 14:00"


def bomb() -> bytes:
    """Return a workbook that would fill the memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 250_000_000)
    return out.getvalue()


def broken_workbook() -> bytes:
    """Return a zip file that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return out.getvalue()


BAD = {
    "empty.csv": b"",
    "blank.csv": b" \r\n\t",
    "junk.csv": bytes(range(256)) * 400,
    "nul.csv": b"\0" * 5_000,
    "one-line.csv": b"x" * 10_000_000,
    "headless.csv": b"a,b,c\n1,2,3\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "old.xls": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "truncated.xlsx": b"PK\x03\x04" + b"\0" * 100,
    "broken.xlsx": broken_workbook(),
    "page.html": b"<html><body><script>alert(1)</script></body></html>",
    "no-events.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "table.ics": b"Title,Start\nOn moss,02/02/2027 13:00\n",
}


@pytest.mark.one_database
@pytest.mark.parametrize("name", BAD)
def test_bad_file_gets_a_sentence(app: Flask, session: Session, upload: Upload, name: str) -> None:
    answer = upload(BAD[name], name)
    assert answer.status_code == 422
    assert "There is 1 thing to put right" in answer.text
    assert 'id="file-error"' in answer.text
    assert not list(folder(app.extensions["settings"].store).glob("*"))
    assert session.scalar(select(func.count()).select_from(ImportFile)) == 0


@pytest.mark.one_database
def test_workbook_that_unpacks_to_a_mountain_is_refused(upload: Upload) -> None:
    answer = upload(bomb(), "bomb.xlsx")
    assert answer.status_code == 422
    assert "too large when unpacked" in answer.text


@pytest.mark.one_database
def test_file_that_is_too_large_brings_back_the_page_with_a_sentence(upload: Upload) -> None:
    answer = upload(b"Title,Start\n" + b"x" * 22_500_000)
    assert answer.status_code == 413
    assert "The file is too large: 20 MB is the most." in answer.text
    assert 'id="file-error"' in answer.text
    assert f'action="{HOME}"' in answer.text


@pytest.mark.one_database
def test_too_large_a_confirmation_gets_the_usual_page(omar: FlaskClient, upload: Upload) -> None:
    address = upload(sheet(MOSS)).location
    answer = omar.post(f"{address}/confirmation", data={"publish": "x" * 22_500_000})
    assert answer.status_code == 413
    assert "That is too large" in answer.text


@pytest.mark.one_database
def test_workbook_with_one_long_text_in_very_many_cells_is_refused(upload: Upload) -> None:
    answer = upload(crafted(cells=2_000), "talks.xlsx")
    assert answer.status_code == 422
    assert "The cells hold more than 50,000,000 characters together." in answer.text


@pytest.mark.one_database
def test_no_file_is_asked_for(cast: Cast, omar: FlaskClient) -> None:
    for form in ({}, {"file": "text"}, {"file": (io.BytesIO(b""), "")}):
        given = {**form, "organisation": str(cast.oxford.id), "strand": "exchange"}
        answer = omar.post(HOME, data=given, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert "Choose the file to import." in answer.text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("organisation", "strand"), [("x", "exchange"), (2**63, "exchange"), ("", "nonsense"), (-1, "\0")]
)
def test_nonsense_in_the_form_is_refused(upload: Upload, organisation: object, strand: str) -> None:
    assert upload(organisation=organisation, strand=strand).status_code == 422


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\temp\\talks.csv", "a\u202eb.csv", "x" * 900 + ".csv", "<b>.csv"]
)
def test_strange_file_names_are_only_words(app: Flask, omar: FlaskClient, upload: Upload, name: str) -> None:
    answer = upload(sheet(MOSS), name)
    assert answer.status_code == 303
    assert omar.get(answer.location).status_code == 200
    assert "<b>.csv" not in omar.get(HOME).text
    assert len(list(folder(app.extensions["settings"].store).glob("*"))) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252", "utf-16-le"])
def test_encodings_are_read(omar: FlaskClient, upload: Upload, encoding: str) -> None:
    text = "Title;Series;Start\r\nCafé – “quoted”;Été;02/02/2027 13:00\r\n"
    page = omar.get(upload(text.encode(encoding)).location).text
    assert "Café – “quoted”" in page
    assert "Été" in page


def test_hostile_text_is_shown_as_text(omar: FlaskClient, upload: Upload) -> None:
    rows = ("<script>alert(1)</script>,{{ 7 * 7 }},02/02/2027 13:00,", "%s %d,\u202eabc,02/02/2027 13:00,")
    address = upload(sheet(*rows)).location
    page = omar.get(address).text
    assert "<script>alert" not in page
    assert "{{ 7 * 7 }}" in page
    assert omar.post(f"{address}/confirmation", data={"publish": "yes"}).status_code == 303


def test_answers_that_make_no_sense_are_refused(omar: FlaskClient, upload: Upload) -> None:
    address = upload().location
    assert omar.post(f"{address}/confirmation", data={"publish": "maybe"}).status_code == 422
    assert omar.post(f"{address}/confirmation", data={"publish": "\0"}).status_code == 422
