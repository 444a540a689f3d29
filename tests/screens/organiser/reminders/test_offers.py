"""The reminders of an opening's offers: seen, changed, taken off, put back; the other university is an outsider."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.models import ReminderRule
from programme.flows.reminding import remind_of_offers
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, cookie_for

pytestmark = pytest.mark.one_database


@pytest.fixture
def opening(session: Session, cast: Cast, clock: Clock) -> Opening:
    """A talk of Liverpool's where places are offered; Alice is offered one for two days."""
    row = things.opening(session, events=[things.event(session, lead=cast.liverpool)], offer_hours=48)
    offered = {"offered_at": clock.now, "answer_by": clock.now + timedelta(hours=48)}
    things.registration(session, to=row, who=cast.alice, state=RegistrationState.OFFERED, **offered)
    remind_of_offers(session, row, now=LONG_AGO)
    session.commit()
    return row


def home(opening: Opening) -> str:
    return f"/organise/openings/{opening.id}/offers/reminders"


def rule_of(session: Session, opening: Opening) -> ReminderRule:
    session.rollback()
    session.expire_all()
    found = select(ReminderRule).where(ReminderRule.subject_kind == "offer", ReminderRule.is_active)
    return session.scalars(found.where(ReminderRule.subject_id == opening.id)).one()


def test_they_are_listed_with_whom_they_go_to_and_what_one_reads(
    olga: FlaskClient, session: Session, opening: Opening
) -> None:
    page = olga.get(home(opening)).text
    assert "12 hours before the deadline of an offer" in page
    one = olga.get(f"{home(opening)}/{rule_of(session, opening).id}").text
    for words in ("Alice Aldgrove", "A place still waits for your answer", "Thursday 14 January"):
        assert words in one
    assert "/offers/reminders" in olga.get(f"/organise/openings/{opening.id}/reminders").text
    assert home(opening) in olga.get("/organise/mail/to-come").text


def test_one_is_changed_removed_and_put_back(olga: FlaskClient, session: Session, opening: Opening) -> None:
    rule = rule_of(session, opening)
    wish = {"amount": 6, "unit": "hours", "side": "before:deadline", "audience": "offered"}
    assert olga.post(f"{home(opening)}/{rule.id}", data=wish).status_code == 303
    changed = rule_of(session, opening)
    assert changed.offset == -6
    assert olga.post(f"{home(opening)}/{changed.id}/removal").location.endswith(home(opening))
    olga.post(f"{home(opening)}/{changed.id}/return")
    assert rule_of(session, opening).id == changed.id
    odd = olga.post(home(opening), data={**wish, "audience": "organisers"})
    assert odd.status_code == 422


def test_the_other_university_sees_none(client: FlaskClient, session: Session, cast: Cast, opening: Opening) -> None:
    omar = client
    omar.set_cookie("programme_session", cookie_for(session, cast.omar))
    assert omar.get(home(opening)).status_code == 403
    assert omar.post(f"{home(opening)}/{rule_of(session, opening).id}/removal").status_code == 403


def test_where_nobody_is_offered_a_place_it_says_so(olga: FlaskClient, session: Session, opening: Opening) -> None:
    opening.offer_hours = None
    session.commit()
    assert "Places are given at once here." in olga.get(home(opening)).text


def test_of_several_deadlines_the_last_one_is_shown(
    olga: FlaskClient, session: Session, cast: Cast, opening: Opening, clock: Clock
) -> None:
    for who, days in ((cast.bob, 4), (cast.charlie, 3)):
        until = clock.now + timedelta(days=days)
        offered = {"offered_at": clock.now, "answer_by": until}
        things.registration(session, to=opening, who=who, state=RegistrationState.OFFERED, **offered)
    session.commit()
    page = olga.get(home(opening)).text
    assert "Fri 15 Jan 2027, 21:00 GMT" in page
    assert "Each offer has a deadline of its own" in page
