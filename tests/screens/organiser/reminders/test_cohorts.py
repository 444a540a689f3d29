"""The reminders of a cohort's milestones: seen, changed, taken off; the other university is an outsider."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.reminders.models import ReminderRule
from programme.strands.cohorts.models import Cohort
from programme.strands.cohorts.reminding.subject import remind_usually
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast, cookie_for

pytestmark = pytest.mark.one_database


@pytest.fixture
def cohort(session: Session, cast: Cast, clock: Clock) -> Cohort:
    """A cohort of Liverpool's alone, with Alice in it."""
    row = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    cohorts.candidature(session, cohort=row, person=cast.alice, home=cast.liverpool)
    remind_usually(session, row, now=LONG_AGO)
    session.commit()
    return row


def home(cohort: Cohort) -> str:
    return f"/organise/cohorts/{cohort.id}/reminders"


def rules(session: Session, cohort: Cohort) -> list[ReminderRule]:
    session.rollback()
    session.expire_all()
    found = select(ReminderRule).where(ReminderRule.subject_kind == "cohort", ReminderRule.is_active)
    return list(session.scalars(found.where(ReminderRule.subject_id == cohort.id).order_by(ReminderRule.offset)))


def test_they_are_listed_with_whom_they_go_to_and_what_one_reads(
    olga: FlaskClient, session: Session, cohort: Cohort, clock: Clock
) -> None:
    clock.set(datetime(2027, 3, 18, 9, tzinfo=UTC))
    page = olga.get(home(cohort)).text
    assert "70 days before the day a milestone is due" in page
    assert "1 day after the day a milestone is due" in page
    one = olga.get(f"{home(cohort)}/{rules(session, cohort)[0].id}").text
    for words in ("Alice Aldgrove", "Portfolio of activity 2027", "Monday 31 May 2027"):
        assert words in one
    assert home(cohort) in olga.get("/organise/mail/to-come").text


def test_one_is_changed_removed_and_put_back(olga: FlaskClient, session: Session, cohort: Cohort) -> None:
    rule = rules(session, cohort)[0]
    wish = {"amount": 60, "unit": "days", "side": "before:due", "audience": "concerned"}
    assert olga.post(f"{home(cohort)}/{rule.id}", data=wish).status_code == 303
    changed = rules(session, cohort)[0]
    assert changed.offset == -60
    assert olga.post(f"{home(cohort)}/{changed.id}/removal").location.endswith(home(cohort))
    olga.post(f"{home(cohort)}/{changed.id}/return")
    assert rules(session, cohort)[0].id == changed.id


def test_the_other_university_sees_none(client: FlaskClient, session: Session, cast: Cast, cohort: Cohort) -> None:
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    assert client.get(home(cohort)).status_code == 404
    assert cohort.title not in client.get("/organise/mail/to-come").text
