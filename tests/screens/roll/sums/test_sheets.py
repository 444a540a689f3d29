"""Sheets and files: the sign-in sheet, totals without names, CSV and XLSX."""

import csv
import io
import re

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from tests.screens.roll.conftest import Evening, text_of


def test_sign_in_sheet_lists_those_with_a_place(evening: Evening, olga: FlaskClient) -> None:
    page = text_of(olga.get(f"{evening.home}/sheet"))
    assert "2 people expected" in page
    assert "Alice Aldgrove" in page
    assert "Charlie Chalkwell" not in page
    assert "alice@" not in page


def test_totals_count_answers_of_those_with_a_place_without_names(evening: Evening, olga: FlaskClient) -> None:
    page = text_of(olga.get(f"{evening.home}/totals"))
    assert "2 people have a place" in page
    assert re.search('<span>Vegan</span><b class="num"><a href="[^"]*said=Vegan">2<', page)
    assert '<span>Halal</span><b class="num">0</b>' in page
    assert re.search('<span>Chemistry</span><b class="num"><a href="[^"]*said=Chemistry">2<', page)
    assert "Aldgrove" not in page
    only = text_of(olga.get(f"{evening.home}/totals?question={evening.department.id}"))
    assert "Halal" not in only


def test_csv_is_safe_and_leaves_out_what_was_not_asked_for(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    evening.alice.name = "=HYPERLINK(1)"
    session.commit()
    asked = {"format": "csv", "reach": "holding", "questions": [evening.department.id]}
    answer = olga.post(f"{evening.home}/export", data=asked)
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    lines = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert lines[0][-1] == "Department or group"
    assert lines[1][0] == "'=HYPERLINK(1)"
    assert "Vegan" not in str(lines)
    assert len(lines) == 3


def test_xlsx_holds_sensitive_answers_when_asked_and_the_trail_says_so(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    asked = {"format": "xlsx", "reach": "all", "sensitive": [evening.diet.id]}
    answer = olga.post(f"{evening.home}/export", data=asked)
    sheet = load_workbook(io.BytesIO(answer.get_data())).active
    assert [row[-1] for row in sheet.iter_rows(values_only=True)] == ["What do you eat?", "Vegan", "Vegan", "Vegan"]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "exported the roll")).one()
    assert entry.after == {"people": 3, "format": "xlsx", "reach": "all", "sensitive": ["What do you eat?"]}


def test_export_of_questions_that_are_not_there_is_refused(evening: Evening, olga: FlaskClient) -> None:
    for wrong in ({"questions": "999"}, {"questions": "x"}, {"format": "pdf"}, {"reach": "none"}):
        answer = olga.post(f"{evening.home}/export", data={"format": "csv", "reach": "all", **wrong})
        assert answer.status_code == 422, wrong
