"""The milestones of a record as its people see them, and nobody else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Extension, Milestone, Suspension
from programme.strands.cohorts.states import MilestoneState
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.progress.conftest import Browse, once

HILARY = 2026 * 3 + 1


@pytest.fixture
def home(bob: Candidature) -> str:
    return f"/records/{bob.id}"


@pytest.fixture
def omars(browse: Browse, cast: Cast) -> FlaskClient:
    """Omar, who runs the cohort, signed in."""
    return browse(cast.omar)


def text_of(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_everybody_of_a_record_sees_its_milestones_and_nobody_else(
    session: Session, cast: Cast, bob: Candidature, home: str, browse: Browse, stranger: Person
) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    session.commit()
    transfer = once(bob, "transfer")
    for person in (cast.bob, cast.omar, cast.olga, cast.charlie):
        page = text_of(browse(person), f"{home}/milestones")
        assert "Transfer of status" in page
        assert "4 December 2027" in page
    for person in (cast.alice, stranger, cast.ada):
        for address in ("milestones", f"milestones/{transfer.id}", f"milestones/{transfer.id}/file", "suspensions/new"):
            text_of(browse(person), f"{home}/{address}", status=404)
    looks = select(AuditEntry.person_id).where(AuditEntry.verb == "looked at a record")
    assert set(session.scalars(looks)) == {cast.omar.id, cast.olga.id, cast.charlie.id}


@pytest.mark.one_database
def test_only_whoever_runs_the_cohort_moves_milestones(
    session: Session, cast: Cast, bob: Candidature, home: str, browse: Browse, stranger: Person
) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    session.commit()
    transfer = once(bob, "transfer")
    sent = {"first_unit": HILARY, "units": 1}
    verbs = ["extension", "day", "exemption", "completion", "extension/preview"]
    for person in (cast.bob, cast.charlie, cast.alice, stranger):
        client = browse(person)
        assert client.post(f"{home}/suspensions", data=sent).status_code == 404
        assert client.post(f"{home}/approver", data={"name": "Mole", "address": "m@example.org"}).status_code == 404
        for verb in verbs:
            assert client.post(f"{home}/milestones/{transfer.id}/{verb}").status_code == 404
    session.rollback()
    assert session.scalars(select(Suspension)).all() == []


def test_preview_says_what_moves_before_it_is_saved(
    session: Session, home: str, omars: FlaskClient, bob: Candidature
) -> None:
    sent = {"first_unit": HILARY, "units": 1, "reason": "Long illness"}
    page = omars.post(f"{home}/suspensions/preview", data=sent).get_data(as_text=True)
    for said in ("4 December 2027", "11 March 2028", "22 June 2030", "Michaelmas 2030", "its dates are not known yet"):
        assert said in page
    assert 'href="/organise/dates/new">add them here' in page
    assert "Long illness" in page
    session.rollback()
    assert session.scalars(select(Suspension)).all() == []
    omars.post(f"{home}/suspensions", data=sent)
    session.rollback()
    row = session.scalars(select(Suspension)).one()
    assert (row.first_unit, row.units, row.reason) == (HILARY, 1, "Long illness")
    page = text_of(omars, f"{home}/milestones")
    assert "Michaelmas 2030, dates not known" in page
    assert "11 March 2028" in page
    session.refresh(bob)
    for word in ("", "/preview"):
        again = omars.post(f"{home}/suspensions{word}", data={**sent, "units": 2, "reason": "Once more"})
        assert again.status_code == 422
        assert "It is suspended already from Hilary 2027" in again.get_data(as_text=True)
        assert "Once more" in again.get_data(as_text=True)


@pytest.mark.one_database
def test_link_to_add_dates_is_for_those_who_enter_them(session: Session, cast: Cast, home: str, browse: Browse) -> None:
    sent = {"first_unit": HILARY, "units": 1}
    page = browse(cast.olga).post(f"{home}/suspensions/preview", data=sent).get_data(as_text=True)
    assert "its dates are not known yet" in page
    assert "add them here" not in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wrong", [{"units": ""}, {"units": "0"}, {"units": "x"}, {"first_unit": "1"}, {"first_unit": ""}]
)
def test_nonsense_is_answered_with_a_sentence_and_kept(home: str, omars: FlaskClient, wrong: dict[str, str]) -> None:
    sent = {"first_unit": str(HILARY), "units": "1", "reason": "Kept words", **wrong}
    for word in ("", "/preview"):
        answer = omars.post(f"{home}/suspensions{word}", data=sent)
        assert answer.status_code == 422
        assert "Kept words" in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_suspension_is_changed_and_taken_back(session: Session, home: str, omars: FlaskClient) -> None:
    omars.post(f"{home}/suspensions", data={"first_unit": HILARY, "units": 1})
    session.rollback()
    row = session.scalars(select(Suspension)).one()
    page = omars.post(f"{home}/suspensions/{row.id}/preview", data={"first_unit": HILARY, "units": 2})
    assert "11 March 2028" in page.get_data(as_text=True)
    assert "17 June 2028" in page.get_data(as_text=True)
    omars.post(f"{home}/suspensions/{row.id}", data={"first_unit": HILARY, "units": 2})
    assert "Hilary 2027 to Trinity 2027" in text_of(omars, f"{home}/milestones")
    omars.post(f"{home}/suspensions/{row.id}/removal")
    assert "4 December 2027" in text_of(omars, f"{home}/milestones")
    assert omars.get(f"{home}/suspensions/{row.id}").status_code == 404


def test_one_milestone_is_moved_by_its_page(session: Session, bob: Candidature, home: str, omars: FlaskClient) -> None:
    transfer = once(bob, "transfer")
    here = f"{home}/milestones/{transfer.id}"
    page = omars.post(f"{here}/extension/preview", data={"extension-units": "2"}).get_data(as_text=True)
    assert "17 June 2028" in page
    answer = omars.post(f"{here}/extension", data={"extension-units": "3", "extension-reason": "Kept"})
    assert answer.status_code == 422
    assert "Kept" in answer.get_data(as_text=True)
    omars.post(f"{here}/extension", data={"extension-units": "2"})
    assert "17 June 2028" in text_of(omars, here)
    session.rollback()
    made = session.scalars(select(Extension)).one()
    omars.post(f"{home}/extensions/{made.id}/removal")
    assert omars.post(f"{here}/day", data={"day-day": "2027-11-01"}).status_code == 422
    omars.post(f"{here}/day", data={"day-day": "2027-11-01", "day-reason": "Interview"})
    assert "Set by hand: Interview" in text_of(omars, here)
    omars.post(f"{here}/day/removal")
    assert "4 December 2027" in text_of(omars, here)
    omars.post(f"{here}/exemption", data={"exemption-reason": "Done at another place"})
    assert "Does not apply" in text_of(omars, here)
    omars.post(f"{here}/exemption/removal")
    assert omars.post(f"{here}/completion", data={"done-done_on": "2027-06-01"}).status_code == 422
    omars.post(f"{here}/completion", data={"done-done_on": "2027-01-10", "done-words": "Passed"})
    session.rollback()
    row = session.get_one(Milestone, transfer.id)
    assert (row.state, row.words, str(row.done_on)) == (MilestoneState.DONE, "Passed", "2027-01-10")
    omars.post(f"{here}/completion/removal")
    assert "open again" in text_of(omars, here)


@pytest.mark.one_database
def test_milestone_of_another_record_is_not_there(alice: Candidature, home: str, omars: FlaskClient) -> None:
    other = once(alice, "submission")
    assert omars.get(f"{home}/milestones/{other.id}").status_code == 404
    sent = {"exemption-reason": "Wrong door"}
    assert omars.post(f"{home}/milestones/{other.id}/exemption", data=sent).status_code in {404, 422}
    assert other.state is MilestoneState.OPEN


@pytest.mark.one_database
def test_line_is_drawn_with_today_and_what_rests(home: str, omars: FlaskClient) -> None:
    page = text_of(omars, f"{home}/milestones")
    assert page.count('class="course-line__number"') == 5
    assert ">today</text>" in page
    assert "course-line__pause" not in page
    omars.post(f"{home}/suspensions", data={"first_unit": HILARY, "units": 1})
    page = text_of(omars, f"{home}/milestones")
    assert page.count("course-line__pause") == 1
    assert "style=" not in page
