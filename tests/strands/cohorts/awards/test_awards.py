"""Awards are made by organisers of doctoral cohorts, shared with the other university, and nobody else's business."""

from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.identity import actor_of
from programme.people.models import Person, Role, Strand
from programme.people.permissions import Verb, may
from programme.strands.cohorts.models import FundingAward
from programme.strands.cohorts.rights import award_scope, awards_of
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble, grant, person

TYPED = {
    "title": "Corridor Doctoral Award",
    "kind": "focal",
    "funder": "EPSRC",
    "begins_on": "2026-10-01",
    "ends_on": "2034-09-30",
    "placement_days": "60",
    "training_target": "10",
    "training_unit": "days",
}


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.olga)


@pytest.fixture
def omar(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.omar)


@pytest.fixture
def award(session: Session, cast: Cast) -> FundingAward:
    """Liverpool's award, shared with nobody."""
    row = cohorts.award(session, lead=cast.liverpool)
    session.commit()
    return row


def test_award_is_made_edited_and_shared_with_its_trail(olga: FlaskClient, cast: Cast, session: Session) -> None:
    made = olga.post("/organise/awards", data={**TYPED, "lead": cast.liverpool.id})
    award = session.scalars(select(FundingAward)).one()
    assert made.location == f"/organise/awards/{award.id}"
    assert (award.placement_days, award.ends_on and award.ends_on.year) == (60, 2034)
    olga.post(f"{made.location}/details", data={**TYPED, "funder": "BBSRC"})
    olga.post(f"{made.location}/co-owners", data={"organisations": [cast.oxford.id]})
    look_again(session)
    assert (award.funder, [row.slug for row in award.co_owners]) == ("BBSRC", ["oxford"])
    verbs = select(AuditEntry.verb).where(AuditEntry.subject_kind == "funding_award").order_by(AuditEntry.id)
    assert list(session.scalars(verbs)) == ["award made", "award edited", "award shared"]
    trail = olga.get("/organise/audit").text
    assert "changed who shares the award" in trail
    assert "“Corridor Doctoral Award”" in trail


def test_award_that_ends_before_it_begins_is_refused_and_nothing_typed_is_lost(olga: FlaskClient, cast: Cast) -> None:
    answer = olga.post("/organise/awards", data={**TYPED, "lead": cast.liverpool.id, "ends_on": "2025-01-01"})
    assert answer.status_code == 422
    assert "The award ends before it begins" in answer.text
    assert 'value="EPSRC"' in answer.text


def test_second_of_two_who_edit_is_told(olga: FlaskClient, award: FundingAward, session: Session) -> None:
    page = f"/organise/awards/{award.id}/details"
    seen = olga.get(page).text.partition('name="seen" value="')[2].partition('"')[0]
    assert olga.post(page, data={**TYPED, "title": "First", "seen": seen}).status_code == 303
    second = olga.post(page, data={**TYPED, "title": "Second", "seen": seen})
    assert second.status_code == 422
    assert "Somebody else changed this" in second.text
    look_again(session)
    assert award.title == "First"


def test_award_is_not_there_for_the_other_university(omar: FlaskClient, award: FundingAward) -> None:
    for path in ("", "/details", "/co-owners", "/cohorts/new"):
        assert omar.get(f"/organise/awards/{award.id}{path}").status_code == 404, path


def test_award_stands_in_no_list_and_no_trail_of_outsiders(
    app: Flask, session: Session, cast: Cast, olga: FlaskClient, omar: FlaskClient
) -> None:
    olga.post("/organise/awards", data={**TYPED, "lead": cast.liverpool.id})
    exchange = person(session, "Edith Elmhurst", "edith@liverpool.example.ac.uk")
    grant(session, exchange, Role.ORGANISER, organisation=cast.liverpool, strand=Strand.EXCHANGE)
    edith = signed_in(app, session, exchange)
    for outsider in (omar, edith):
        for page in ("/organise/awards", "/organise/audit", "/organise/audit?kind=funding_award"):
            assert "Corridor" not in outsider.get(page).text
    assert "Corridor" in olga.get("/organise/audit").text
    assert ">Cohorts</a>" not in edith.get("/organise").text
    assert ">Cohorts</a>" in olga.get("/organise").text
    assert edith.get("/organise/awards/new").status_code == 403


def test_co_owner_edits_and_does_not_share(
    omar: FlaskClient, award: FundingAward, cast: Cast, session: Session
) -> None:
    award.co_owners = [cast.oxford]
    session.commit()
    page = f"/organise/awards/{award.id}"
    assert omar.get(page).status_code == 200
    assert omar.post(f"{page}/details", data={**TYPED, "title": "Ours"}).status_code == 303
    assert omar.post(f"{page}/co-owners", data={"organisations": []}).status_code == 403
    assert omar.get(f"{page}/cohorts/new").status_code == 403


def test_university_with_researchers_cannot_be_left_out(
    olga: FlaskClient, award: FundingAward, cast: Cast, session: Session
) -> None:
    award.co_owners = [cast.oxford]
    row = cohorts.cohort(session, award=award)
    cohorts.candidature(session, cohort=row, person=cast.alice, home=cast.liverpool, partner=cast.oxford)
    session.commit()
    answer = olga.post(f"/organise/awards/{award.id}/co-owners", data={"organisations": []})
    assert answer.status_code == 422
    assert "Change their home or partner first" in answer.text
    look_again(session)
    assert [owner.slug for owner in award.co_owners] == ["oxford"]


GRANTS: tuple[dict[str, Any], ...] = (
    {"role": Role.ORGANISER},
    {"role": Role.ORGANISER, "strand": Strand.COHORTS},
    {"role": Role.ORGANISER, "strand": Strand.PLACEMENTS},
    {"role": Role.PARTNER},
    {"role": Role.HELPER},
)


def test_condition_says_what_the_table_says(session: Session, cast: Cast) -> None:
    awards = [cohorts.award(session, lead=cast.liverpool, shared_with=shared) for shared in ([], [cast.oxford])]
    for number, (given, at) in enumerate(product(GRANTS, (cast.liverpool, cast.oxford, cast.council))):
        somebody = person(session, "Sam Sorrel", f"sam{number}@example.org")
        grant(session, somebody, organisation=at, **given)
        actor = actor_of(session.get_one(Person, somebody.id, populate_existing=True))
        found = set(session.scalars(awards_of(actor)))
        assert found == {award.id for award in awards if may(actor, Verb.SEE_PEOPLE, award_scope(award))}, (given, at)
