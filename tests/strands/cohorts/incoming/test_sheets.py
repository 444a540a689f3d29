"""An existing cohort comes in from a spreadsheet: looked at row by row, then all of it or nothing, and once."""

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.core.web.downloads import xlsx_bytes
from programme.people.groups.models import GroupMember
from programme.people.models import Person
from programme.strands.cohorts.incoming.carrying_out import headings_of
from programme.strands.cohorts.incoming.columns import TEMPLATE
from programme.strands.cohorts.incoming.plan import RowKind, plan
from programme.strands.cohorts.incoming.reading import read_sheet
from programme.strands.cohorts.models import Candidature, Cohort, CohortSheet, Milestone
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble

HEAD = "Name,E-mail,Home university,Partner university,Registration starts,Term of entry,Funded until,Mode,Supervisor"
TODAY = date(2027, 1, 12)
RIGHT = "Nora Nettleford,nora@example.ac.uk,Oxford,Liverpool,1 October 2025,,31/03/2029,part time,Dr Somebody"


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.olga)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """The cohort of 2025 of an award that both universities run, with Bob of Oxford in it."""
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    row = cohorts.cohort(session, award=award, entry_year=2025)
    cohorts.candidature(session, cohort=row, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    return row


def upload(browser: FlaskClient, cohort: Cohort, data: bytes, name: str = "cohort.csv") -> TestResponse:
    return browser.post(f"/organise/cohorts/{cohort.id}/sheets", data={"file": (io.BytesIO(data), name)})


def written(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode()


def seen(page: str) -> dict[str, str]:
    return {"seen": page.partition('name="seen" value="')[2].partition('"')[0]}


def test_rows_are_looked_at_and_then_come_in_with_their_dates(
    olga: FlaskClient, cohort: Cohort, cast: Cast, session: Session
) -> None:
    bob = f"Bob Birchfield,{cast.bob.address},Oxford,Liverpool,1 October 2025,,1 April 2030,full time,"
    waiting = upload(
        olga, cohort, written(RIGHT, bob, f"Bob,{cast.bob.address.upper()},Oxford,,,,,,", "No Mail,,Oxford,,,,,,")
    )
    page = olga.get(waiting.location).text
    assert "Dr Somebody has no e-mail here" in page
    for words in ("1 researcher added", "1 record changed", "2 rows left out", "Funded until"):
        assert words in page
    assert "This e-mail stands on line 3 already" in page
    assert "There is no e-mail" in page
    assert session.scalar(select(func.count()).select_from(Candidature)) == 1, "nothing is written before"
    assert session.scalar(select(func.count()).where(Person.name == "Nora Nettleford")) == 0
    done = olga.post(f"{waiting.location}/confirmation", data=seen(page))
    assert done.location == f"/organise/cohorts/{cohort.id}"
    look_again(session)
    nora, known = (
        session.scalars(select(Candidature).join(Candidature.person).where(Person.name == name)).one()
        for name in ("Nora Nettleford", "Bob Birchfield")
    )
    assert (nora.registered_on, nora.funded_until, nora.rates[0].per_cent) == (date(2025, 10, 1), date(2029, 3, 31), 50)
    assert book_of(session, cast.oxford.id).units.name(nora.entry_unit) == "Michaelmas 2025"
    assert session.scalars(select(Milestone.code).where(Milestone.candidature_id == nora.id)).all()
    assert (known.funded_until, known.department) == (date(2030, 4, 1), "Chemistry"), "what a row does not say stays"
    assert session.scalar(select(func.count()).select_from(GroupMember)) == 4
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "researchers brought in")).one()
    assert entry.after == {"new": 1, "changed": 1, "same": 0, "odd": 2}
    again = olga.post(f"{waiting.location}/confirmation", data=seen(page), follow_redirects=True)
    assert "was brought in already" in again.text


def test_sheet_brought_in_twice_changes_nothing_the_second_time(
    olga: FlaskClient, cohort: Cohort, session: Session
) -> None:
    first = upload(olga, cohort, written(RIGHT)).location
    olga.post(f"{first}/confirmation", data=seen(olga.get(first).text))
    second = olga.get(upload(olga, cohort, written(RIGHT)).location).text
    assert "Everybody is here already, just as the file says" in second


def test_what_changed_meanwhile_is_looked_at_again(
    olga: FlaskClient, cohort: Cohort, cast: Cast, session: Session
) -> None:
    waiting = upload(olga, cohort, written(f"Alice,{cast.alice.address},Liverpool,,,,,,")).location
    page = olga.get(waiting).text
    cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.oxford)
    session.commit()
    answer = olga.post(f"{waiting}/confirmation", data=seen(page))
    assert answer.status_code == 422
    assert "The cohort changed while you had this open" in answer.text
    assert session.scalar(select(func.count()).select_from(CohortSheet)) == 1


ODD = (
    ("Nora,nora@example.ac.uk,Cambridge,,,,,,", "“Cambridge” is no university that runs this award"),
    ("Nora,not an address,Oxford,,,,,,", "Enter an e-mail address"),
    ("Nora,nora@example.ac.uk,,,,,,,", "There is no home university"),
    (",nora@example.ac.uk,Oxford,,,,,,", "There is no name"),
    ("Nora,nora@example.ac.uk,Oxford,,soon,,,,", "“soon” cannot be read as a date"),
    ("Nora,nora@example.ac.uk,Oxford,,10/31/2025,,,,", "only makes sense in American order"),
    ("Nora,nora@example.ac.uk,Oxford,,1/10/2025,,1/9/2025,,", "Funding ends before the registration begins"),
    ("Nora,nora@example.ac.uk,Oxford,,,Lent 2026,,,", "“Lent 2026” is no term here"),
    ("Nora,nora@example.ac.uk,Oxford,Oxford,,,,,", "The partner is another university"),
    ("Nora,nora@example.ac.uk,Oxford,,,,,sometimes,", "“sometimes” is no mode of study"),
)


def test_odd_rows_say_why_and_are_left_out(session: Session, cohort: Cohort) -> None:
    for row, reason in ODD:
        found = plan(session, cohort, read_sheet("x.csv", written(row)).rows, today=TODAY)
        assert found.rows[0].kind is RowKind.ODD, row
        assert reason in found.rows[0].reason
        assert found.rows[0].line == 2


def test_workbook_with_the_headings_of_the_template_comes_in(
    olga: FlaskClient, cohort: Cohort, session: Session
) -> None:
    row = ["Nora", "nora@example.ac.uk", "University of Liverpool", "oxford", "Physics", "", "", "FT", 80]
    data = xlsx_bytes("Sheet", TEMPLATE, [[*row, "2025-10-06", "November 2025", None, None, "yes", "Writing up"]])
    waiting = upload(olga, cohort, data, "cohort.xlsx").location
    olga.post(f"{waiting}/confirmation", data=seen(olga.get(waiting).text))
    look_again(session)
    nora = session.scalars(select(Candidature).where(Candidature.department == "Physics")).one()
    assert (nora.state, nora.has_sponsored_visa) == (CandidatureState.WRITING_UP, True)
    assert nora.entry_unit == 2025 * 12 + 10
    for ending in ("csv", "xlsx"):
        file = olga.get(f"/organise/cohorts/{cohort.id}/sheets/template.{ending}").data
        rows = read_sheet("t", file, known=headings_of(session, cohort)).rows
        assert [one.kind for one in plan(session, cohort, rows, today=TODAY).rows] == [RowKind.NEW]


UNREADABLE = (
    (b"", "is empty"),
    (b"a,b\n1,2", "No headings were found"),
    (HEAD.encode(), "There is no row below the headings"),
    (b"%PDF-1.7", "is a PDF"),
    (written(*["x"] * 501), "more than 500 rows"),
)


def test_file_that_cannot_be_read_is_refused_in_a_sentence(olga: FlaskClient, cohort: Cohort, session: Session) -> None:
    for data, sentence in UNREADABLE:
        answer = upload(olga, cohort, data)
        assert answer.status_code == 422, sentence
        assert sentence in answer.text
    assert "Choose the spreadsheet" in olga.post(f"/organise/cohorts/{cohort.id}/sheets", data={}).text
    assert session.scalar(select(func.count()).select_from(CohortSheet)) == 0
    with pytest.raises(Refusal, match="is too large: 2 MB is the most"):
        read_sheet("large.csv", b"x" * 2_000_001)


def test_sheets_are_not_there_for_the_other_university_and_can_be_thrown_away(
    app: Flask, olga: FlaskClient, cast: Cast, session: Session
) -> None:
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    other = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    session.commit()
    waiting = upload(olga, cohort, written(RIGHT)).location
    omar = signed_in(app, session, cast.omar)
    for page in (f"/organise/cohorts/{cohort.id}/sheets", waiting):
        assert omar.get(page).status_code == 404
    for verb in ("confirmation", "removal"):
        assert omar.post(f"{waiting}/{verb}").status_code == 404
    elsewhere = waiting.replace(f"/{cohort.id}/", f"/{other.id}/")
    assert olga.get(elsewhere).status_code == 404
    olga.post(f"{elsewhere}/removal")
    assert olga.get(waiting).status_code == 200
    assert olga.post(f"{waiting}/removal").status_code == 303
    assert olga.get(waiting).status_code == 404


def test_preview_asks_as_much_for_forty_rows_as_for_one(app: Flask, olga: FlaskClient, cohort: Cohort) -> None:
    def asked(rows: int) -> int:
        many = written(*[RIGHT.replace("nora@", f"nora{number}@") for number in range(rows)])
        page = upload(olga, cohort, many).location
        with statements(app) as seen_statements:
            assert olga.get(page).status_code == 200
        return len(seen_statements)

    asked(1)
    assert asked(40) == asked(1)
