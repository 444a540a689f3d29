"""Where researchers go is asked half a year after they completed, then yearly, by a link; told as sums alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.people.models import Organisation, Role, RoleGrant, Strand
from programme.strands.cohorts.models import Candidature, Cohort, Destination
from programme.strands.cohorts.states import CandidatureState, Occupation, Region, Sector
from programme.strands.cohorts.talent.actions import ASKED, ask_due, years_due
from programme.strands.cohorts.talent.letters import still_wanted
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast, assemble, cookie_for, person

COMPLETED = date(2026, 7, 1)
DUE = datetime(2027, 1, 4, 9, tzinfo=UTC)
SAID = {"occupation": "research", "region": "oxfordshire", "sector": "materials", "employer": "Isis Vale (demo)"}


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """A cohort that both universities share."""
    return cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford]))


@pytest.fixture
def alice(session: Session, cast: Cast, cohort: Cohort) -> Candidature:
    """Alice, who completed in July."""
    done: dict[str, Any] = {"state": CandidatureState.COMPLETED, "state_since": COMPLETED}
    row = cohorts.candidature(session, cohort=cohort, person=cast.alice, home=cast.liverpool, **done)
    session.commit()
    return row


def letters(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.letter == ASKED).order_by(OutboxMessage.id)))


def path(app: Flask, session: Session) -> str:
    row = session.scalars(select(Destination).order_by(Destination.id)).first()
    assert row is not None
    token: str = app.extensions["destination_links"].token(row)
    return f"/destinations/{token}"


def test_first_destination_is_due_after_half_a_year_then_one_a_year_up_to_the_fifth() -> None:
    days = [179, 180, 544, 545, 180 + 5 * 365, 180 + 9 * 365]
    assert [years_due(COMPLETED, COMPLETED + timedelta(days=one)) for one in days] == [None, 0, 0, 1, 5, 5]


def test_who_completed_is_asked_once_and_again_a_year_later(session: Session, alice: Candidature) -> None:
    assert ask_due(session, datetime(2026, 12, 1, tzinfo=UTC)) == 0
    assert [ask_due(session, DUE), ask_due(session, DUE)] == [1, 0]
    assert ask_due(session, DUE + timedelta(days=366)) == 1
    years = session.scalars(select(Destination.years).where(Destination.candidature_id == alice.id))
    assert sorted(years) == [0, 1]
    assert len(letters(session)) == 2


def test_who_is_still_at_it_or_withdrew_is_not_asked(session: Session, alice: Candidature) -> None:
    for state in (CandidatureState.ACTIVE, CandidatureState.WITHDRAWN):
        alice.state = state
        session.flush()
        assert ask_due(session, DUE) == 0


def test_answer_by_link_needs_no_account_and_can_be_changed(
    app: Flask, client: FlaskClient, session: Session, alice: Candidature
) -> None:
    ask_due(session, DUE)
    session.commit()
    here = path(app, session)
    assert "Where are you now?" in client.get(here).text
    assert client.post(here, data=SAID).status_code == 303
    assert 'value="Isis Vale (demo)"' in client.get(here).text
    client.post(here, data={**SAID, "occupation": "looking", "region": "abroad"})
    session.rollback()
    session.expire_all()
    row = session.scalars(select(Destination)).one()
    assert (row.occupation, row.region, row.sector, row.employer) == (Occupation.LOOKING, Region.ABROAD, None, "")
    assert still_wanted(session, letters(session), now=DUE) == set()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient, session: Session, alice: Candidature
) -> None:
    ask_due(session, DUE)
    session.commit()
    answer = client.post(path(app, session), data={**SAID, "sector": ""})
    assert answer.status_code == 422
    assert "Choose the sector you work in." in answer.text
    assert 'value="Isis Vale (demo)"' in answer.text
    assert client.get(path(app, session)[:-3] + "xyz").status_code == 404


def test_who_asks_to_be_left_in_peace_is_and_what_they_said_goes(
    app: Flask, client: FlaskClient, session: Session, alice: Candidature
) -> None:
    ask_due(session, DUE)
    session.commit()
    client.post(path(app, session), data=SAID)
    assert client.post(path(app, session) + "/refusal").status_code == 303
    session.rollback()
    session.expire_all()
    row = session.scalars(select(Destination)).one()
    assert (row.occupation, row.employer, row.answered_at) == (None, "", None)
    assert ask_due(session, DUE + timedelta(days=800)) == 0


def test_link_of_what_was_deleted_opens_nobody_else_s(
    app: Flask, client: FlaskClient, session: Session, alice: Candidature
) -> None:
    ask_due(session, DUE)
    session.commit()
    old = path(app, session)
    row = session.scalars(select(Destination)).one()
    number = row.id
    session.delete(row)
    session.flush()
    session.add(Destination(id=number, candidature_id=alice.id, years=0, asked_at=DUE))
    session.commit()
    assert client.get(old).status_code == 404
    assert client.get(path(app, session)).status_code == 200


def many(session: Session, cohort: Cohort, home: Organisation, where: list[Region]) -> None:
    """Let so many have said where they are."""
    for number, region in enumerate(where):
        who = person(session, f"Person {number}", f"p{number}@example.ac.uk")
        done: dict[str, Any] = {"state": CandidatureState.COMPLETED, "state_since": COMPLETED}
        row = cohorts.candidature(session, cohort=cohort, person=who, home=home, **done)
        said = {"occupation": Occupation.RESEARCH, "region": region, "sector": Sector.HEALTH, "answered_at": DUE}
        session.add(Destination(candidature_id=row.id, years=0, asked_at=DUE, **said))
    session.commit()


@pytest.mark.one_database
def test_sums_are_for_those_who_share_the_award_and_hide_what_is_small(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    many(session, cohort, cast.liverpool, [Region.LIVERPOOL] * 12 + [Region.ABROAD] * 11 + [Region.UK] * 3)
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    page = client.get("/organise/talent").text
    assert "26" in page
    assert "58 %" in page
    assert "Too few have answered to say it" in page
    assert "hidden" in page
    assert "Answers: 26; researchers who completed: 26" in page
    assert "Person 1" not in page
    session.add(
        RoleGrant(person_id=cast.charlie.id, role=Role.PARTNER, organisation_id=cast.council.id, granted_at=DUE)
    )
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.charlie))
    theirs = client.get("/organise/talent").text
    assert "Answers: 26." in theirs
    cohort.award.co_owners = []
    session.commit()
    assert "Nobody has said yet where they are" in client.get("/organise/talent").text, "one university's own award"
    assert client.get("/organise/talent.csv").status_code == 200


@pytest.mark.one_database
def test_an_organiser_of_another_strand_sees_nothing_of_it(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort
) -> None:
    many(session, cohort, cast.liverpool, [Region.LIVERPOOL] * 12)
    assert "100 %" in shown_to_omar(client, session, cast)
    for grant in cast.omar.grants:
        grant.strand = Strand.EXCHANGE
    session.commit()
    assert "100 %" not in shown_to_omar(client, session, cast)


def shown_to_omar(client: FlaskClient, session: Session, cast: Cast) -> str:
    """Return the page as Omar sees it."""
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    return client.get("/organise/talent").text
