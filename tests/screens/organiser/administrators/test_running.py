"""The home of those who run the installation: what it needs of them, each with a way there, or nothing."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from programme.clockwork import tick
from programme.engines.calendar.models import AcademicPeriod, ImportFile
from programme.engines.calendar.states import PeriodStatus
from programme.engines.mail.actions import pause
from programme.engines.mail.models import Heartbeat, OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import OutboxState
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.jobs.working import work_of
from programme.people.identity import actor_of
from programme.people.models import OrganisationDomain, Person, Role, Strand
from programme.scheduler import JOBS
from programme.screens.organiser.home.sources import running
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import Cast, cookie_for, grant


@pytest.fixture
def ada(app: Flask, client: FlaskClient, session: Session, cast: Cast, clock: Clock) -> FlaskClient:
    """Ada, who runs an installation in which all is well."""
    for person in session.scalars(select(Person)):
        person.signed_in_at = clock.now
    for university, day in ((cast.liverpool, "2026-09-28"), (cast.oxford, "2026-10-11")):
        session.add(
            AcademicPeriod(
                organisation_id=university.id,
                label="A term",
                code="T",
                first_day=clock.now.date().fromisoformat(day),
                weeks=12,
                status=PeriodStatus.CONFIRMED,
            )
        )
    session.commit()
    for job in JOBS:
        tick(app, job, work_of(app, lambda: clock.now))
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    return client


def home(client: FlaskClient) -> str:
    """The page, as it is read."""
    return unescape(client.get("/organise").text)


def test_nothing_is_said_where_nothing_is_needed(ada: FlaskClient) -> None:
    page = home(ada)
    assert "Nothing waits for you" in page
    assert '<ul class="todo">' not in page
    assert "Keeps time" in page


def test_every_job_of_the_scheduler_has_words() -> None:
    assert {job.name for job in JOBS} == set(running.JOBS)


def test_scheduler_that_stands_still_is_told_with_what_to_do(ada: FlaskClient, clock: Clock) -> None:
    clock.forward(hours=1)
    page = home(ada)
    assert "The scheduler does not keep time" in page
    assert "programme scheduler" in page
    assert "sending letters" in page
    assert 'href="/organise#installation"' in page


def test_data_past_their_time_are_told_when_nobody_deletes_them(
    ada: FlaskClient, session: Session, clock: Clock
) -> None:
    session.get_one(Heartbeat, "housekeep").succeeded_at = clock.now - timedelta(days=2)
    session.commit()
    assert "Personal data past their time were not deleted" in home(ada)


def test_schema_that_is_behind_is_told(ada: FlaskClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    assert "The database waits for a migration" in home(ada)


def test_paused_sending_is_told_with_its_reason(ada: FlaskClient, session: Session, cast: Cast, clock: Clock) -> None:
    pause(session, actor=actor_of(cast.ada), reason="moving the mail server", now=clock.now)
    session.commit()
    page = home(ada)
    assert "Sending is paused" in page
    assert "moving the mail server" in page


def test_mail_server_at_fault_is_told(ada: FlaskClient, session: Session) -> None:
    session.get_one(Heartbeat, "dispatch").last_error = "The mail server cannot be used: refused"
    session.commit()
    assert "The mail server refuses our letters" in home(ada)


def test_failed_and_forgotten_letters_are_counted_and_not_read(
    ada: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    for key in ("failed", "waits"):
        letter = Post("role_granted", key, Recipient("secret.person@example.org"), ("x", 1))
        post(session, letter, now=clock.now - timedelta(hours=2))
    failed = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == "failed")).one()
    failed.state = OutboxState.FAILED
    session.commit()
    page = home(ada)
    assert "1 letter could not be sent" in page
    assert "1 letter should have left an hour ago" in page
    assert "secret.person" not in page


def test_dates_missing_of_any_university_are_told(ada: FlaskClient, session: Session, cast: Cast) -> None:
    for row in session.scalars(select(AcademicPeriod).where(AcademicPeriod.organisation_id == cast.liverpool.id)):
        session.delete(row)
    session.commit()
    page = home(ada)
    assert "Enter Liverpool’s dates for 2026–27" in page
    assert "Ask its organisers to." in page


def test_university_without_domains_or_organiser_is_told_and_can_be_completed(
    ada: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.oxford.privacy_address = ""
    for row in session.scalars(select(OrganisationDomain).where(OrganisationDomain.organisation_id == cast.oxford.id)):
        session.delete(row)
    for held in list(cast.omar.grants):
        session.delete(held)
    session.commit()
    page = home(ada)
    assert "Complete University of Oxford" in page
    assert "no address proves who is a member); whom people ask about their data" in page
    assert "Nobody organises for University of Oxford" in page
    typed = {
        "domains": "ox.ac.uk\noxford.example.ac.uk",
        "contact_address": "programme@ox.ac.uk",
        "privacy_address": "data@ox.ac.uk",
    }
    answer = ada.post(f"/organise/organisations/{cast.oxford.id}", data=typed, follow_redirects=True)
    assert "University of Oxford is saved." in answer.text
    assert "Complete University of Oxford" not in home(ada)


def test_roles_that_nobody_ever_used_are_told(ada: FlaskClient, session: Session, cast: Cast) -> None:
    cast.charlie.signed_in_at = None
    grant(session, cast.charlie, Role.HELPER, organisation=cast.oxford)
    session.commit()
    assert "1 person with a role never signed in" in home(ada)
    page = unescape(ada.get("/organise/people?never=1").text)
    assert "Charlie Chalkwell" in page
    assert "Omar Otterbrook" not in page


def test_imports_with_odd_rows_are_told_to_their_organisers_and_counted_for_administrators(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    values = {"organisation_id": cast.liverpool.id, "strand": Strand.EXCHANGE, "uploaded_at": clock.now}
    odd = {"odd": [{"line": 2}, {"line": 5}]}
    session.add(ImportFile(filename="talks.csv", stored_as="a", confirmed_at=clock.now, counts=odd, **values))
    session.add(ImportFile(filename="waits.csv", stored_as="b", **values))
    session.commit()
    page = home(ada)
    assert "1 import with odd rows in the last fortnight" in page
    assert "talks.csv (2)" in page
    assert "waits.csv" not in page
    olga = app.test_client()
    olga.set_cookie("programme_session", cookie_for(session, cast.olga))
    hers = home(olga)
    assert "2 odd rows in talks.csv" in hers
    assert "Confirm or drop the import of waits.csv" in hers


def test_organisers_hear_nothing_of_the_installation(
    app: Flask, ada: FlaskClient, session: Session, cast: Cast
) -> None:
    session.get_one(Heartbeat, "dispatch").last_error = "The mail server cannot be used: refused"
    session.commit()
    olga = app.test_client()
    olga.set_cookie("programme_session", cookie_for(session, cast.olga))
    page = home(olga)
    assert "The mail server refuses" not in page
    assert "The scheduler</h2>" not in page


def test_people_who_wait_for_a_decision_or_a_draw_are_told(
    app: Flask, session: Session, cast: Cast, clock: Clock
) -> None:
    talk = things.event(session, lead=cast.liverpool, title="Pitch night")
    decided = things.opening(session, events=[talk], places_by=PlacesBy.DECISION, title="Founders")
    past: dict[str, Any] = {"closes_at": clock.now - timedelta(hours=1), "places_by": PlacesBy.BALLOT}
    drawn = things.opening(session, events=[talk], title="By hand", **past)
    by_itself = things.opening(session, events=[talk], title="By itself", ballot_at=clock.now, **past)
    for to in (decided, drawn, by_itself):
        things.registration(session, to=to, who=cast.alice, state=RegistrationState.PENDING)
    session.commit()
    olga = app.test_client()
    olga.set_cookie("programme_session", cookie_for(session, cast.olga))
    page = home(olga)
    assert "1 person waits for your decision" in page
    assert f"/organise/openings/{decided.id}?state=pending" in page
    assert "Draw the ballot: By hand" in page
    assert "Draw the ballot: By itself" not in page
