"""The grid of a cohort, what is overdue, and their file: for whoever runs the cohort, in a steady number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Suspension
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import CandidatureState, MilestoneState
from tests.bed.clock import Clock
from tests.factories import cast as people
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.screens.roll.test_roll import queries_of
from tests.strands.cohorts.progress.conftest import Browse, once

AFTER_TRANSFER = datetime(2027, 12, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def home(cohort: Cohort, alice: Candidature, bob: Candidature) -> str:
    return f"/organise/cohorts/{cohort.id}/milestones"


@pytest.fixture
def omars(browse: Browse, cast: Cast) -> FlaskClient:
    """Omar, who runs the cohort, signed in."""
    return browse(cast.omar)


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_grid_has_a_table_for_each_university_with_its_own_milestones(home: str, omars: FlaskClient) -> None:
    page = text_of(omars, home)
    liverpool, oxford = page.split("Registered at Oxford</h2>")
    assert "Alice Aldgrove" in liverpool
    assert "Annual report 2027<small>June</small>" in liverpool
    assert "Annual report 2028" in liverpool
    assert "Annual report 2029" not in liverpool
    assert "Bob Birchfield" in oxford
    assert "Transfer of status<small>end of 4th term</small>" in oxford
    assert "4 Dec 27" in oxford
    assert "Appointment of examiners" not in oxford


def test_nobody_but_whoever_runs_it_finds_a_cohort_by_any_door(
    session: Session, clock: Clock, home: str, browse: Browse, cast: Cast, stranger: Person, cohort: Cohort
) -> None:
    clock.set(AFTER_TRANSFER)
    for person in (stranger, cast.bob, cast.charlie, cast.ada):
        client = browse(person)
        assert client.get(home).status_code == 404
        assert client.post(f"{home}/file").status_code == 404
        answer = client.get("/organise/cohorts/overdue")
        assert answer.status_code in {200, 403}
        assert "days late" not in answer.get_data(as_text=True)
    assert session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "cohort")).all() == []
    assert "Birchfield" in text_of(browse(cast.olga), home)
    cohort.award.co_owners = []
    session.commit()
    olga = browse(cast.olga)
    assert olga.get(home).status_code == 404
    assert "Birchfield" not in text_of(olga, "/organise/cohorts/overdue")
    assert "Birchfield" in text_of(browse(cast.omar), "/organise/cohorts/overdue")


@pytest.mark.one_database
def test_looking_at_many_is_noted(
    session: Session, clock: Clock, cohort: Cohort, home: str, omars: FlaskClient
) -> None:
    text_of(omars, home)
    omars.post(f"{home}/file")
    clock.set(AFTER_TRANSFER)
    text_of(omars, "/organise/cohorts/overdue")
    noted = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "cohort").order_by(AuditEntry.id)).all()
    assert [row.verb for row in noted] == ["looked at a cohort", "downloaded a cohort", "looked at a cohort"]
    assert {(row.subject_id, row.organisation_id) for row in noted} == {(cohort.id, cohort.award.lead_organisation_id)}


def test_filters_find_by_name_university_and_how_milestones_stand(
    session: Session, clock: Clock, cast: Cast, home: str, omars: FlaskClient, bob: Candidature, alice: Candidature
) -> None:
    assert "Birchfield" not in text_of(omars, f"{home}?q=ALDGROVE")
    assert "Aldgrove" not in text_of(omars, f"{home}?home=oxford")
    assert "Nobody fits" in text_of(omars, f"{home}?show=overdue")
    assert "Nobody fits" in text_of(omars, f"{home}?status=withdrawn")
    once(bob, "transfer").state = MilestoneState.HANDED_IN
    session.commit()
    assert "Birchfield" in text_of(omars, f"{home}?show=handed_in")
    clock.set(AFTER_TRANSFER)
    page = text_of(omars, f"{home}?show=overdue")
    assert "Birchfield" in page
    assert "days late" in page
    alice.suspensions.append(Suspension(first_unit=2027 * 12 + 11, units=3, granted_at=AFTER_TRANSFER))
    session.flush()
    renew_milestones(session, [alice.id], now=AFTER_TRANSFER)
    session.commit()
    assert "Aldgrove" not in text_of(omars, f"{home}?show=overdue")
    assert "Aldgrove" in text_of(omars, f"{home}?show=suspended")
    assert omars.get(f"{home}?show=nonsense").status_code == 400


@pytest.mark.one_database
def test_who_has_left_is_asked_for_nothing(
    session: Session, clock: Clock, home: str, omars: FlaskClient, bob: Candidature
) -> None:
    clock.set(AFTER_TRANSFER)
    bob.state = CandidatureState.WITHDRAWN
    session.commit()
    page = text_of(omars, f"{home}?home=oxford")
    assert "days late" not in page
    assert "exempt" in page
    assert "Birchfield" not in text_of(omars, "/organise/cohorts/overdue")


def test_overdue_stand_by_university_the_longest_first(
    session: Session, clock: Clock, cast: Cast, home: str, omars: FlaskClient, bob: Candidature
) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    session.commit()
    clock.set(AFTER_TRANSFER)
    page = text_of(omars, "/organise/cohorts/overdue")
    assert page.index("Registered at Liverpool") < page.index("Annual report 2027") < page.index("Registered at Oxford")
    assert page.index("Research integrity training") < page.index("Transfer of status")
    assert "10 days late" in page
    assert "Charlie Chalkwell" in page


@pytest.mark.one_database
def test_what_is_late_and_has_no_column_is_said_beside_the_name(clock: Clock, home: str, omars: FlaskClient) -> None:
    clock.set(datetime(2028, 2, 1, 9, 0, tzinfo=UTC))
    page = text_of(omars, f"{home}?home=liverpool")
    assert "Late as well: Portfolio of activity 2027" in page.replace("\n", "")
    assert "Annual report 2029" in page


@pytest.mark.one_database
def test_file_has_a_line_for_each_milestone_and_no_formulas(
    session: Session, home: str, omars: FlaskClient, cast: Cast
) -> None:
    cast.bob.name = "=Bob Birchfield"
    session.commit()
    answer = omars.post(f"{home}/file?home=oxford")
    rows = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert rows[0].startswith("Researcher,Registered at")
    assert (
        "'=Bob Birchfield,University of Oxford,Chemistry,active,Transfer of status,,Michaelmas 2027,2027-12-04,ahead,"
        in rows
    )
    assert not any("Aldgrove" in row for row in rows)


def test_grid_and_overdue_ask_no_more_of_the_database_for_more_people(
    session: Session, clock: Clock, cast: Cast, cohort: Cohort, home: str, omars: FlaskClient, alice: Candidature
) -> None:
    clock.set(AFTER_TRANSFER)
    addresses = (home, f"{home}?show=overdue", "/organise/cohorts/overdue", f"/records/{alice.id}/milestones")
    few = [queries_of(session, omars, address) for address in addresses]
    for number in range(30):
        one = people.person(session, f"Person {number}", f"person{number}@oxford.example.ac.uk")
        at = cast.oxford if number % 2 else cast.liverpool
        row = cohorts.candidature(session, cohort=cohort, person=one, home=at)
        row.suspensions.append(Suspension(first_unit=row.entry_unit + 60, units=1, granted_at=AFTER_TRANSFER))
        cohorts.supervision(session, candidature=row, person=cast.charlie, organisation=at)
    session.commit()
    assert [queries_of(session, omars, address) for address in addresses] == few
    assert "Person 29" in text_of(omars, home)


@pytest.mark.one_database
def test_days_are_reckoned_in_london(session: Session, clock: Clock, home: str, omars: FlaskClient) -> None:
    due = session.scalars(select(Milestone.due_on).where(Milestone.code == "transfer")).one()
    assert due == date(2027, 12, 4)
    clock.set(datetime(2027, 12, 4, 23, 59, tzinfo=UTC))
    assert "days late" not in text_of(omars, f"{home}?q=birchfield").split("Transfer of status: ")[1].split("</td>")[0]
    clock.set(clock.now + timedelta(minutes=1))
    assert "1 day late" in text_of(omars, f"{home}?q=birchfield")


def test_columns_stand_as_they_do_for_most_though_somebody_came_years_before(
    session: Session, cast: Cast, cohort: Cohort, home: str, omars: FlaskClient
) -> None:
    early, late = (people.person(session, f"Person {one}", f"{one}@liverpool.example.ac.uk") for one in ("a", "b"))
    begun: dict[Person, date] = {early: date(2023, 10, 1), late: date(2025, 10, 1)}
    for person, day in begun.items():
        cohorts.candidature(session, cohort=cohort, person=person, home=cast.liverpool, registered_on=day)
    session.commit()
    liverpool, _ = text_of(omars, home).split("Registered at Oxford</h2>")
    assert liverpool.index("Annual report 2028<small>") < liverpool.index("Submission<small>")
