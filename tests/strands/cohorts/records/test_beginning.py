"""A record that has hardly begun says what to do first, to whoever can do it; who is suspended is late with nothing."""

from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.models import Person
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.models import Candidature, Suspension
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import signed_in
from tests.factories.cast import Cast, assemble

pytestmark = pytest.mark.one_database
DECEMBER = datetime(2027, 12, 14, 9, tzinfo=UTC)
NOBODY, FIRST_MEETING = "Nobody supervises yet.", "No supervision meeting is logged yet."


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford, whom nobody supervises yet."""
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.oxford))
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford)
    session.commit()
    return row


def page(app: Flask, session: Session, who: Person, address: str) -> str:
    """What somebody reads."""
    return " ".join(unescape(signed_in(app, session, who).get(address).get_data(as_text=True)).split())


def test_organiser_is_led_to_name_who_is_lacking(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    here = f"/records/{bob.id}"
    told = page(app, session, cast.omar, here)
    assert NOBODY in told
    assert f'href="{here}/supervision/new"' in told
    assert "No partner university is named" in told
    bob.partner_organisation_id = cast.liverpool.id
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    session.commit()
    assert "To begin with" not in page(app, session, cast.omar, here)


def test_researcher_is_led_to_log_a_first_meeting(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    here = f"/records/{bob.id}"
    told = page(app, session, cast.bob, here)
    assert "Whoever runs your cohort names them." in told
    assert FIRST_MEETING in told
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    said = Logged(bob.registered_on, frozenset({cast.charlie.id}), "Chapter one.")
    log(session, bob.id, said, actor=actor_of(cast.bob), now=DECEMBER)
    session.commit()
    assert "To begin with" not in page(app, session, cast.bob, here)
    assert "To begin with" not in page(app, session, cast.charlie, here)


def test_whoever_is_admitted_reads_when_it_begins_and_whoever_is_through_that_it_is_over(
    app: Flask, session: Session, cast: Cast, bob: Candidature
) -> None:
    bob.state = CandidatureState.ADMITTED
    session.commit()
    told = page(app, session, cast.bob, f"/records/{bob.id}")
    assert "Your course begins on Thursday 1 October 2026." in told
    assert FIRST_MEETING not in told
    bob.state = CandidatureState.COMPLETED
    session.commit()
    told = page(app, session, cast.bob, f"/records/{bob.id}")
    assert "The course is over" in told
    assert "To begin with" not in told


def test_whoever_is_suspended_is_late_with_nothing_on_any_page(
    app: Flask, session: Session, clock: Clock, cast: Cast, bob: Candidature
) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    session.commit()
    clock.set(DECEMBER)
    places = {cast.omar: f"/organise/cohorts/{bob.cohort_id}", cast.charlie: "/records", cast.bob: f"/records/{bob.id}"}
    for who, address in places.items():
        assert "days late" in page(app, session, who, address), address
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 3, units=1, granted_at=DECEMBER))
    session.flush()
    renew_milestones(session, [bob.id], now=DECEMBER)
    session.commit()
    for who, address in places.items():
        told = page(app, session, who, address)
        assert "days late" not in told, address
        assert "suspended" in told.lower(), address
