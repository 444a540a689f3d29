"""The sums of doctoral cohorts: for partner authorities those that universities share, and no number under 10."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.people.models import Organisation, Person, Role
from programme.strands.cohorts.models import Candidature, Cohort, TrainingEntry
from programme.strands.cohorts.states import CandidatureState, MilestoneState, TrainingEvidence, TrainingState
from programme.strands.cohorts.training.frameworks.loading import found_framework
from programme.strands.cohorts.training.frameworks.queries import framework_now
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.browsers import signed_in
from tests.factories.cast import LONG_AGO, Cast, assemble, grant, person

HERE = "/organise/cohorts/sums"
COMPLETED: dict[str, Any] = {"state": CandidatureState.COMPLETED, "state_since": date(2026, 12, 1)}


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """A cohort of 2025 that both universities share."""
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    return cohorts.cohort(session, award=award, entry_year=2025)


@pytest.fixture
def authority(session: Session, cast: Cast) -> Person:
    """Somebody of the county council."""
    row = person(session, "Parker Portway", "parker@example.org")
    grant(session, row, Role.PARTNER, organisation=cast.council)
    session.commit()
    return row


def enrol(session: Session, cohort: Cohort, number: int, home: Organisation, **given: Any) -> list[Candidature]:
    """Let so many more be researchers; commits."""
    first = session.scalar(select(func.count()).select_from(Candidature)) or 0
    people = [person(session, "Rowena Rushbrook", f"r{first + one}@example.ac.uk") for one in range(number)]
    rows = [cohorts.candidature(session, cohort=cohort, person=who, home=home, **given) for who in people]
    session.commit()
    return rows


def test_authority_reads_what_there_is_of_shared_awards_and_no_number_under_ten(
    app: Flask, session: Session, cast: Cast, cohort: Cohort, authority: Person
) -> None:
    enrol(session, cohort, 14, cast.liverpool)
    enrol(session, cohort, 3, cast.oxford, **COMPLETED)
    own = cohorts.cohort(session, award=cohorts.award(session, lead=cast.oxford), entry_year=2026)
    enrol(session, own, 12, cast.oxford)
    page = " ".join(signed_in(app, session, authority).get(HERE).text.split("<main")[1].split())
    assert "17 researchers have been registered" in page
    assert "2025/26" in page
    assert "2026/27" not in page, "what Oxford runs alone is its own"
    for number in ("14", "3", "12", "29"):
        assert f">{number}<" not in page, number
    assert "hidden" in page
    assert "Rowena" not in page


def test_fewer_than_ten_are_not_counted_at_all(
    app: Flask, session: Session, cast: Cast, cohort: Cohort, authority: Person
) -> None:
    browser = signed_in(app, session, authority)
    assert "No researcher yet" in browser.get(HERE).text
    enrol(session, cohort, 9, cast.liverpool)
    page = browser.get(HERE).text
    assert "Too few to count" in page
    assert "By university" not in page


def test_shares_of_milestones_and_training_are_told_once_no_side_is_a_few(
    app: Flask, session: Session, cast: Cast, cohort: Cohort, authority: Person
) -> None:
    found_framework(session, now=LONG_AGO)
    rows = enrol(session, cohort, 20, cast.liverpool)
    for number, row in enumerate(rows):
        reach(row, days_late=-3 if number < 10 else 3)
        train(session, row, days=10 if number < 12 else 9)
    session.commit()
    browser = signed_in(app, session, authority)
    page = " ".join(browser.get(HERE).text.split())
    assert "<b>50 %</b>, 10 of 20" in page
    assert "Too few to say it" in page, "8 have not had ten days"
    for row in rows[12:]:
        train(session, row, days=1)
    session.commit()
    assert "<b>100 %</b>, 20 of 20 under way" in " ".join(browser.get(HERE).text.split())


def reach(row: Candidature, *, days_late: int) -> None:
    """Let somebody reach their next milestone, so many days after its day."""
    next_one = min((one for one in row.milestones if one.due_on), key=lambda one: one.due_on or date.max)
    assert next_one.due_on is not None
    next_one.state, next_one.done_on = MilestoneState.DONE, next_one.due_on + timedelta(days=days_late)


def train(session: Session, row: Candidature, *, days: int) -> None:
    """Let somebody have so many days of training in 2025/26, assented to."""
    entry = TrainingEntry(candidature_id=row.id, framework_id=framework_now(session).id, title="A course")
    entry.begins_on = entry.ends_on = date(2026, 3, 2)
    entry.minutes, entry.evidence, entry.state = days * 7 * 60, TrainingEvidence.ORGANISER, TrainingState.AGREED
    entry.handed_in_at = entry.changed_at = LONG_AGO
    session.add(entry)


def test_organisers_read_the_sums_of_what_they_run_and_others_nothing(
    app: Flask, session: Session, cast: Cast, cohort: Cohort
) -> None:
    cohort.award.co_owners = []
    enrol(session, cohort, 14, cast.liverpool)
    assert "14 researchers" in signed_in(app, session, cast.olga).get(HERE).text
    assert "No researcher yet" in signed_in(app, session, cast.omar).get(HERE).text
    assert signed_in(app, session, cast.alice).get(HERE).status_code == 403
    assert app.test_client().get(HERE).status_code == 303


@pytest.mark.one_database
def test_page_asks_as_much_for_many_as_for_ten(
    app: Flask, session: Session, cast: Cast, cohort: Cohort, authority: Person
) -> None:
    enrol(session, cohort, 10, cast.liverpool)
    browser = signed_in(app, session, authority)
    browser.get(HERE)
    with statements(app) as few:
        browser.get(HERE)
    enrol(session, cohort, 20, cast.oxford)
    with statements(app) as many:
        browser.get(HERE)
    assert len(many) == len(few)
