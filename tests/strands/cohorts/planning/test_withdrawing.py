"""A residential withdrawn as a whole: nothing is left of drafts, what was seen is cancelled, nobody is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.states import RegistrationState
from programme.flows import scheduling
from programme.people.identity import actor_of
from programme.people.models import BrowserSession, RoleGrant
from programme.people.states import Role, Strand
from programme.strands.cohorts.models import Cohort, Residential
from tests.factories import cohorts, things
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for, everybody, once
from tests.strands.cohorts.planning.test_residentials import asked, filled

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from tests.bed.clock import Clock


@pytest.fixture
def told(client: FlaskClient, session: Session, clock: Clock) -> dict[str, int]:
    """A residential that Olga of Liverpool has made, for the cohort of an award of Liverpool's that Oxford shares."""

    def tell() -> dict[str, int]:
        cast = assemble(session)
        row = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford]))
        session.commit()
        sign_in(client, session, cast.olga)
        address = f"/organise/cohorts/{row.id}/residentials"
        looked = filled(client.post(f"{address}/preview", data=asked(client, row)).text)
        made = client.post(address, data=looked)
        assert made.status_code == 303
        session.rollback()
        session.execute(delete(BrowserSession))
        series = session.scalars(select(Residential.series_id)).one()
        assert made.location == f"{address}/{series}"
        return {"cohort": row.id, "series": series}

    return once(session, ("residential", clock.now), tell)


@pytest.fixture
def cast(session: Session, told: dict[str, int]) -> Cast:
    found = everybody(session)
    session.commit()
    return found


@pytest.fixture
def cohort(session: Session, told: dict[str, int]) -> Cohort:
    """The cohort that the residential is for."""
    row = session.get_one(Cohort, told["cohort"])
    session.commit()
    return row


@pytest.fixture
def home(client: FlaskClient, session: Session, cast: Cast, told: dict[str, int]) -> str:
    """The page of the residential; Olga is signed in."""
    sign_in(client, session, cast.olga)
    return f"/organise/cohorts/{told['cohort']}/residentials/{told['series']}"


def sign_in(client: FlaskClient, session: Session, who: Person) -> None:
    """Let the browser be somebody's."""
    client.set_cookie("programme_session", cookie_for(session, who))


def events(session: Session) -> list[Event]:
    """Return the days as they are now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.starts_at)))


def publish(session: Session, cast: Cast, *rows: Event) -> None:
    """Publish days."""
    for row in rows:
        scheduling.publish(session, row.id, actor=actor_of(cast.olga), now=LONG_AGO)
    session.commit()


def test_nothing_is_left_of_drafts_though_somebody_worked_on_them(
    client: FlaskClient, session: Session, cast: Cast, home: str
) -> None:
    row = events(session)[0]
    row.summary = "Bring boots."
    session.commit()
    assert "Withdraw the residential" in client.get(home).text
    answer = client.post(f"{home}/withdrawal", follow_redirects=True)
    assert "is withdrawn: 5 drafts deleted." in answer.text
    assert events(session) == []
    assert session.scalars(select(Series.id)).all() == []
    assert session.scalars(select(Residential.series_id)).all() == []
    assert client.get(home).status_code == 404
    assert session.scalars(select(AuditEntry.verb).where(AuditEntry.verb == "withdrew a residential")).one()


def test_what_was_published_stays_as_cancelled_and_the_series_with_it(
    client: FlaskClient, session: Session, cast: Cast, home: str
) -> None:
    publish(session, cast, *events(session)[:2])
    answer = client.post(f"{home}/withdrawal", follow_redirects=True)
    assert "3 drafts deleted and 2 events cancelled" in answer.text
    assert [row.state for row in events(session)] == [EventState.CANCELLED, EventState.CANCELLED]
    assert session.scalars(select(Series.id)).one()
    assert session.scalars(select(OutboxMessage.id)).all() == []


@pytest.mark.parametrize(
    "state", [RegistrationState.CONFIRMED, RegistrationState.WAITLISTED, RegistrationState.CANCELLED]
)
def test_once_somebody_registered_it_stays_and_the_page_says_what_to_do(
    client: FlaskClient, session: Session, cast: Cast, home: str, state: RegistrationState
) -> None:
    rows = events(session)
    publish(session, cast, *rows)
    opening = things.opening(session, events=rows[2:4])
    things.registration(session, to=opening, who=cast.alice, state=state)
    session.commit()
    assert "1 person has registered already" in client.get(home).text
    assert "Withdraw the residential" not in client.get(home).text
    refused = client.post(f"{home}/withdrawal", follow_redirects=True)
    assert "cancel its days on their own pages, and everybody gets a letter." in refused.text
    assert {row.state for row in events(session)} == {EventState.PUBLISHED}


def test_a_form_that_is_only_begun_keeps_nothing(client: FlaskClient, session: Session, cast: Cast, home: str) -> None:
    rows = events(session)
    publish(session, cast, *rows)
    opening = things.opening(session, events=rows)
    things.registration(session, to=opening, who=cast.alice, state=RegistrationState.DRAFT)
    session.commit()
    answer = client.post(f"{home}/withdrawal", follow_redirects=True)
    assert "5 events cancelled" in answer.text
    assert {row.state for row in events(session)} == {EventState.CANCELLED}


def test_what_has_begun_is_not_withdrawn(
    client: FlaskClient, session: Session, cast: Cast, home: str, clock: Clock
) -> None:
    rows = events(session)
    publish(session, cast, rows[0])
    clock.set(rows[0].starts_at)
    sign_in(client, session, cast.olga)
    refused = client.post(f"{home}/withdrawal", follow_redirects=True)
    assert "It began on Monday 15 February 2027" in refused.text
    assert len(events(session)) == 5


def test_only_who_leads_it_withdraws_it(
    client: FlaskClient, session: Session, cast: Cast, cohort: Cohort, home: str
) -> None:
    sign_in(client, session, cast.omar)
    page = client.get(home)
    assert page.status_code == 200
    assert "Liverpool leads this residential, and withdraws it." in page.text
    client.post(f"{home}/withdrawal")
    assert len(events(session)) == 5
    cohort.award.co_owners = []
    session.commit()
    assert client.get(home).status_code == 404
    assert client.post(f"{home}/withdrawal").status_code == 404
    other = cohorts.cohort(session, award=cohorts.award(session, lead=cast.oxford, title="Another"))
    session.commit()
    number = home.rpartition("/")[2]
    assert client.post(f"/organise/cohorts/{other.id}/residentials/{number}/withdrawal").status_code == 404
    assert len(events(session)) == 5


def test_a_series_that_somebody_helps_with_stays(client: FlaskClient, session: Session, cast: Cast, home: str) -> None:
    number = int(home.rpartition("/")[2])
    values = {"organisation_id": cast.liverpool.id, "strand": Strand.COHORTS, "granted_at": LONG_AGO}
    grant = RoleGrant(person_id=cast.charlie.id, role=Role.HELPER, subject_kind="series", subject_id=number, **values)
    session.add(grant)
    session.commit()
    client.post(f"{home}/withdrawal")
    assert events(session) == []
    assert session.scalars(select(Series.id)).all() == [number]
    session.execute(delete(RoleGrant).where(RoleGrant.id == grant.id))
    session.commit()
    client.post(f"{home}/withdrawal")
    session.rollback()
    assert session.scalars(select(Series.id)).all() == []


def test_the_planning_page_leads_to_it(client: FlaskClient, session: Session, cohort: Cohort, home: str) -> None:
    text = client.get(f"/organise/cohorts/{cohort.id}/planning?year=2026").text
    assert text.count(f'href="{home}"') == 1, "once, with its first day"


@pytest.mark.parametrize("kept", ["cohorts", "awards"])
def test_cohort_and_award_stay_until_their_residential_is_withdrawn(
    client: FlaskClient, session: Session, cohort: Cohort, home: str, kept: str
) -> None:
    title = session.scalars(select(Series.title)).one()
    where = f"/organise/{kept}/{cohort.id if kept == 'cohorts' else cohort.award_id}/deletion"
    refused = client.post(where, follow_redirects=True).text
    assert f"The residential “{title}” is planned: withdraw it first." in refused
    assert len(events(session)) == 5
    assert client.get(home).status_code == 200
    client.post(f"{home}/withdrawal")
    client.post(where)
    session.rollback()
    assert session.scalars(select(Cohort.id)).all() == []
    assert events(session) == []


def test_draft_of_a_day_with_a_part_is_deleted_with_it(
    client: FlaskClient, session: Session, cast: Cast, home: str
) -> None:
    day = events(session)[0]
    times = {"starts_at": day.starts_at, "series_id": day.series_id, "strand": Strand.COHORTS}
    state = {"state": EventState.DRAFT, "published_at": None}
    things.event(session, lead=cast.liverpool, title="Tea", part_of_id=day.id, **times, **state)
    session.commit()
    answer = client.post(f"{home}/withdrawal", follow_redirects=True)
    assert "is withdrawn: 6 drafts deleted." in answer.text
    assert events(session) == []
    assert session.scalars(select(Series.id)).all() == []
