"""Whoever is admitted becomes active on the day of their registration, by itself, once, and the trail says so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.permissions import NOBODY
from programme.scheduler import run_due
from programme.strands.cohorts.candidatures.beginning import begin, to_begin
from programme.strands.cohorts.candidatures.moving import move_on
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import signed_in
from tests.factories.cast import Cast, assemble

REGISTERED = date(2027, 6, 14)
EVE, DAY = datetime(2027, 6, 13, 22, 59, tzinfo=UTC), datetime(2027, 6, 13, 23, 0, tzinfo=UTC)
"""The last minute of the day before in London, whose summer is an hour ahead, and the first of the day itself."""


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob, admitted to Oxford."""
    award = cohorts.award(session, lead=cast.oxford)
    cohort = cohorts.cohort(session, award=award, entry_year=2027, entry_on=REGISTERED)
    row = cohorts.candidature(
        session, cohort=cohort, person=cast.bob, home=cast.oxford, state=CandidatureState.ADMITTED
    )
    session.commit()
    return row


def moves(session: Session) -> list[AuditEntry]:
    """What the trail says of where people stand."""
    return list(session.scalars(select(AuditEntry).where(AuditEntry.verb == "status moved")))


def test_course_begins_on_the_day_and_not_before(app: Flask, session: Session, bob: Candidature) -> None:
    assert run_due(app, EVE)["courses"].count == 0
    assert run_due(app, DAY)["courses"].count == 1
    session.expire_all()
    assert (bob.state, bob.state_since) == (CandidatureState.ACTIVE, REGISTERED)
    [entry] = moves(session)
    assert (entry.person_id, entry.before, entry.after) == (
        None,
        {"stands": "admitted", "since": "2027-06-14"},
        {"stands": "active", "since": "2027-06-14", "reason": ""},
    )
    assert run_due(app, DAY + timedelta(days=1))["courses"].count == 0


@pytest.mark.one_database
def test_trail_of_the_record_says_who_did_it_and_what(
    app: Flask, session: Session, cast: Cast, clock: Clock, bob: Candidature
) -> None:
    run_due(app, DAY)
    omar = signed_in(app, session, cast.omar)
    page = omar.get(f"/records/{bob.id}/changes").get_data(as_text=True)
    assert "changed the status" in page
    assert "The programme" in page


def test_registration_that_was_put_earlier_begins_since_that_day(session: Session, bob: Candidature) -> None:
    bob.registered_on = REGISTERED - timedelta(days=7)
    session.flush()
    assert to_begin(session, EVE) == [bob.id]
    assert begin(session, bob.id, EVE)
    assert bob.state_since == REGISTERED - timedelta(days=7)


def test_whoever_withdrew_meanwhile_does_not_begin(session: Session, bob: Candidature) -> None:
    assert to_begin(session, DAY) == [bob.id]
    who = {"reason": "Went elsewhere.", "actor": NOBODY, "now": DAY}
    move_on(session, bob.id, CandidatureState.WITHDRAWN, on=REGISTERED, **who)  # type: ignore[arg-type]
    assert not begin(session, bob.id, DAY)
    assert bob.state is CandidatureState.WITHDRAWN
    assert to_begin(session, DAY) == []
