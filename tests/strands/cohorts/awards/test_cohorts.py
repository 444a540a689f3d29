"""Cohorts: made for a year, shown by home university, followed by groups that letters and events can be for."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.groups.models import Group, GroupMember
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.strands.cohorts.awards import actions
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.models import Cohort, FundingAward
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import LONG_AGO, Cast, assemble, person

TYPED = {"title": "Corridor cohort 2026", "entry_year": "2026", "entry_on": "", "target_size": "12"}


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.olga)


@pytest.fixture
def award(session: Session, cast: Cast) -> FundingAward:
    """Liverpool's award, shared with Oxford."""
    row = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    session.commit()
    return row


def members(session: Session, organisation: Organisation) -> list[str]:
    """Who is in the group of the only cohort at a university."""
    session.rollback()
    found = select(Person.name).join(GroupMember, GroupMember.person_id == Person.id).join(Group)
    owned = found.where(Group.organisation_id == organisation.id, Group.owner_kind == "cohort")
    return list(session.scalars(owned.order_by(Person.name)))


def test_cohort_is_made_with_the_usual_entry_date_and_once_a_year(
    olga: FlaskClient, award: FundingAward, session: Session
) -> None:
    made = olga.post(f"/organise/awards/{award.id}/cohorts", data=TYPED)
    cohort = session.scalars(select(Cohort)).one()
    assert made.location == f"/organise/cohorts/{cohort.id}"
    assert cohort.entry_on.isoformat() == "2026-10-01"
    page = olga.get(made.location).text
    assert "0 researchers of 12 wanted" in page
    assert "Nobody is in it yet" in page
    again = olga.post(f"/organise/awards/{award.id}/cohorts", data={**TYPED, "title": "Another"})
    assert again.status_code == 422
    assert "has a cohort of that year already" in again.text
    other = {**TYPED, "entry_year": "2027", "entry_on": "2026-10-01"}
    assert "is not in the academic year 2027" in olga.post(f"/organise/awards/{award.id}/cohorts", data=other).text
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "cohort"))
    assert list(verbs) == ["cohort made"]


def test_groups_follow_who_is_under_way_and_who_runs_the_award(
    olga: FlaskClient, award: FundingAward, cast: Cast, session: Session
) -> None:
    olga.post(f"/organise/awards/{award.id}/cohorts", data=TYPED)
    cohort = session.scalars(select(Cohort)).one()
    alice = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool)
    cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.liverpool)
    keep_in_step(session, cohort, now=LONG_AGO)
    session.commit()
    assert members(session, cast.liverpool) == members(session, cast.oxford) == ["Alice Aldgrove", "Bob Birchfield"]
    alice.state = CandidatureState.WITHDRAWN
    keep_in_step(session, cohort, now=LONG_AGO)
    session.commit()
    assert members(session, cast.liverpool) == ["Bob Birchfield"]
    actions.share(session, award.id, [], actor=actor_of(cast.olga), now=LONG_AGO)
    session.commit()
    assert members(session, cast.oxford) == []
    left = session.scalars(select(Group).where(Group.organisation_id == cast.oxford.id)).one()
    assert (left.owner_kind, left.owner_id) == (None, None)
    group = session.scalars(select(Group).where(Group.organisation_id == cast.liverpool.id)).one()
    assert (
        "This group follows"
        in olga.post(f"/organise/groups/{group.id}/people", data={"people": "new@example.org"}).text
    )
    olga.post(f"/organise/cohorts/{cohort.id}/details", data={**TYPED, "title": "Renamed"})
    look_again(session)
    assert group.title == "Renamed"


def test_page_shows_people_by_home_what_is_next_and_what_is_asked_for(
    app: Flask, olga: FlaskClient, award: FundingAward, cast: Cast, session: Session
) -> None:
    cohort = cohorts.cohort(session, award=award, target_size=3)
    cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    bob = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford)
    session.commit()
    page = olga.get(f"/organise/cohorts/{cohort.id}").text
    for words in (
        "2 researchers of 3 wanted",
        "Registered at Liverpool",
        "Registered at Oxford",
        "Portfolio of activity",
    ):
        assert words in page
    assert page.index("Alice Aldgrove") < page.index("Registered at Oxford") < page.index("Bob Birchfield")
    assert f"/records/{bob.id}" in page
    narrowed = olga.get(f"/organise/cohorts/{cohort.id}?home=oxford&q=birch").text
    assert "Alice Aldgrove" not in narrowed
    assert "Nobody fits" in olga.get(f"/organise/cohorts/{cohort.id}?state=withdrawn").text
    odd = olga.get(f"/organise/cohorts/{cohort.id}?home=nowhere&state=asleep")
    assert odd.status_code == 400
    assert "Alice Aldgrove" in odd.text
    omar = signed_in(app, session, cast.omar)
    assert omar.get(f"/organise/cohorts/{cohort.id}").status_code == 200


def test_cohort_is_not_there_for_the_other_university(app: Flask, cast: Cast, session: Session) -> None:
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    omar = signed_in(app, session, cast.omar)
    for path in ("", "/details", "/researchers/new"):
        assert omar.get(f"/organise/cohorts/{cohort.id}{path}").status_code == 404, path


def test_pages_ask_as_much_for_thirty_as_for_one(
    app: Flask, olga: FlaskClient, award: FundingAward, cast: Cast, session: Session
) -> None:
    cohort = cohorts.cohort(session, award=award)
    cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    session.commit()
    pages = (f"/organise/cohorts/{cohort.id}", "/organise/awards", f"/organise/awards/{award.id}")
    for page in pages:
        olga.get(page)
    few = {page: counted(app, olga, page) for page in pages}
    for number in range(29):
        somebody = person(session, f"Nora {number}", f"nora{number}@example.org")
        cohorts.candidature(session, cohort=cohort, person=somebody, home=cast.oxford, partner=cast.liverpool)
        cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford]))
    session.commit()
    assert {page: counted(app, olga, page) for page in pages} == few


def counted(app: Flask, browser: FlaskClient, page: str) -> int:
    """How many statements a page takes."""
    with statements(app) as seen:
        assert browser.get(page).status_code == 200
    return len(seen)
