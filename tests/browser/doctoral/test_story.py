"""A doctorate from its call to training that counts: one story, through the pages and letters alone."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.times import london_day
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.strands.cohorts.models import Admitted, Candidature, Milestone, Signature, TrainingEntry
from programme.strands.cohorts.states import CandidatureState, MilestoneState, SignatureState, TrainingState
from programme.strands.cohorts.supervising.agreement import standings
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.doctoral import applying, calling, judging, studying, supervising, training
from tests.browser.doctoral.people import Story, story

pytestmark = pytest.mark.one_database


@pytest.fixture
def it(app: Flask, session: Session, open_page: OpenPage, capture: Capture, clock: Clock) -> Story:
    return story(app, session, open_page, capture, clock)


def test_from_application_to_training_that_counts(it: Story) -> None:
    calling.make_cohort(it)
    calling.open_call(it)
    applying.begin_application(it)
    applying.send_application(it)
    applying.name_referees(it)
    applying.answer_as_referees(it)
    judging.name_reviewers(it)
    judging.review(it)
    judging.turn_keys(it)
    judging.accept(it)
    supervising.admit(it)
    supervising.name_team(it)
    supervising.sign_agreement(it)
    studying.begin(it)
    studying.hear_of_it(it)
    studying.hand_in(it)
    studying.sign_in_order(it)
    training.offer_event(it)
    training.attend(it)
    training.declare(it)
    training.assent(it)
    is_kept(it)


def is_kept(it: Story) -> None:
    """Say that the database holds what everybody saw."""
    session = it.session
    session.rollback()
    record = session.scalars(select(Candidature)).one()
    application = session.scalars(select(Registration).where(Registration.opening_id == 1)).one()
    assert application.state is RegistrationState.CONFIRMED
    assert session.scalars(select(Admitted)).one().candidature_id == record.id
    assert (record.state, record.home.slug) == (CandidatureState.ACTIVE, "oxford")
    assert standings(session, [record], today=london_day(it.clock.now))[record.id].is_joint
    done = session.scalars(select(Milestone).where(Milestone.state == MilestoneState.DONE)).all()
    assert [one.rule.code for one in done] == ["transfer"]
    assert set(session.scalars(select(Signature.state))) == {SignatureState.AGREED}
    entries = session.scalars(select(TrainingEntry).order_by(TrainingEntry.id)).all()
    assert [(one.minutes, one.codes, one.state) for one in entries] == [
        (7 * 60, ["D2"], TrainingState.AGREED),
        (14 * 60, ["A3"], TrainingState.AGREED),
    ]
