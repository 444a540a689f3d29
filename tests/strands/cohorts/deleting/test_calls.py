"""A call that nobody applied to can be deleted, once it is closed; by itself, or with its cohort."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.questionnaire.models import Question, Questionnaire
from programme.engines.registration.models import Opening
from programme.engines.registration.openings import actions as openings
from programme.engines.reminders.models import ReminderRule
from programme.people.identity import actor_of
from programme.strands.cohorts.models import (
    Admission,
    Cohort,
)
from tests.bed.clock import Clock
from tests.factories import admissions
from tests.factories.admissions import NOW
from tests.factories.cast import Cast
from tests.strands.cohorts.deleting.conftest import number, trail


@pytest.fixture
def call(session: Session, cast: Cast) -> Admission:
    row = admissions.call(session, cast, now=NOW)
    session.commit()
    return row


def test_call_is_closed_first_and_goes_with_its_form(
    olga: FlaskClient, call: Admission, cast: Cast, session: Session, clock: Clock
) -> None:
    where, opening_id = f"/organise/admissions/{call.id}/deletion", call.opening_id
    assert "It is open: close it first" in olga.get(where).text
    openings.close(session, opening_id, actor=actor_of(cast.olga), now=clock.now)
    session.commit()
    assert where in olga.get(f"/organise/cohorts/{call.cohort_id}/admission").text
    assert "Delete the call" in olga.get(where).text
    assert "is deleted" in olga.post(where, follow_redirects=True).text
    for model in (Admission, Opening, Questionnaire, Question):
        assert number(session, model) == 0, model
    rules = select(func.count()).where(ReminderRule.subject_id == opening_id, ReminderRule.subject_kind == "opening")
    assert session.scalar(rules) == 0
    assert trail(session, "deleted a call").subject_id == opening_id


def test_call_with_an_application_stays_and_keeps_its_cohort(
    olga: FlaskClient, call: Admission, cast: Cast, session: Session, clock: Clock
) -> None:
    admissions.apply(session, call, cast.alice, wishes=cast.liverpool)
    openings.close(session, call.opening_id, actor=actor_of(cast.olga), now=clock.now)
    session.commit()
    for where in (f"/organise/admissions/{call.id}/deletion", f"/organise/cohorts/{call.cohort_id}/deletion"):
        assert "There is 1 application." in olga.get(where).text
        assert "There is 1 application." in olga.post(where, follow_redirects=True).text
    assert number(session, Admission) == 1


def test_cohort_goes_with_a_call_that_nobody_applied_to(
    olga: FlaskClient, call: Admission, cast: Cast, session: Session, clock: Clock
) -> None:
    openings.close(session, call.opening_id, actor=actor_of(cast.olga), now=clock.now)
    session.commit()
    where = f"/organise/cohorts/{call.cohort_id}/deletion"
    assert "1 call without applications" in olga.get(where).text
    olga.post(where)
    assert (number(session, Cohort), number(session, Admission), number(session, Opening)) == (0, 0, 0)
