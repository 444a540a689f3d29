"""When those who came are asked how it was: seen beforehand, changed, taken off; nothing for outsiders."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from programme.engines.registration.states import Attendance
from programme.engines.reminders.models import ReminderRule
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import Cast, cookie_for

pytestmark = pytest.mark.one_database


@pytest.fixture
def opening(session: Session, cast: Cast, clock: Clock) -> Opening:
    """A talk of Liverpool's at which Alice is marked as present beforehand."""
    row = things.opening(session, events=[things.event(session, lead=cast.liverpool)])
    things.registration(session, to=row, who=cast.alice).seats[0].attendance = Attendance.PRESENT
    things.registration(session, to=row, who=cast.bob)
    session.commit()
    return row


def home(opening: Opening) -> str:
    return f"/organise/openings/{opening.id}/feedback"


def begun(olga: FlaskClient, opening: Opening) -> str:
    assert olga.post(f"{home(opening)}/questions").status_code == 303
    return f"{home(opening)}/reminders"


def rule_of(session: Session) -> ReminderRule:
    session.rollback()
    session.expire_all()
    found = select(ReminderRule).where(ReminderRule.subject_kind == "feedback", ReminderRule.is_active)
    return session.scalars(found).one()


def test_the_dry_run_shows_when_to_whom_and_what_one_reads(
    olga: FlaskClient, session: Session, opening: Opening
) -> None:
    there = begun(olga, opening)
    page = olga.get(there).text
    assert "1 day after the end" in page
    assert "Wed 17 Feb 2027, 15:00 GMT" in page
    one = olga.get(f"{there}/{rule_of(session).id}").text
    assert "Alice Aldgrove" in one
    assert "How was it?" in one
    assert "Bob Birchfield" not in one
    assert "/feedback/1-" not in one, "the link to answer by is hidden"
    assert there in olga.get("/organise/mail/to-come").text
    assert there in olga.get(f"/organise/openings/{opening.id}/reminders").text
    results = olga.get(home(opening)).text
    assert "Those who came are asked by e-mail" in results
    assert there in results


def test_time_and_words_are_changed_taken_off_and_put_back(
    olga: FlaskClient, session: Session, opening: Opening
) -> None:
    there = begun(olga, opening)
    wish = {"amount": 3, "unit": "hours", "side": "after:end", "audience": "present", "words": "Tell us of the coffee."}
    assert olga.post(f"{there}/{rule_of(session).id}", data=wish).status_code == 303
    changed = rule_of(session)
    assert "Tell us of the coffee." in olga.get(f"{there}/{changed.id}").text
    assert olga.post(f"{there}/{changed.id}/removal").location.endswith(there)
    assert "asked by e-mail" not in olga.get(home(opening)).text
    olga.post(f"{there}/{changed.id}/return")
    assert rule_of(session).id == changed.id
    assert olga.post(there, data={**wish, "side": "before:end"}).status_code == 422


def test_asked_after_it_is_over_it_waits_for_the_button(
    olga: FlaskClient, session: Session, opening: Opening, clock: Clock
) -> None:
    clock.set(opening.events[0].ends_at + timedelta(days=2))
    there = begun(olga, opening)
    assert "It was made after it would have been due, so it stays silent." in olga.get(there).text
    results = olga.get(home(opening)).text
    assert "asked by e-mail" not in results
    assert "Ask 1 person by e-mail" in results


def test_one_more_can_only_go_afterwards_to_those_who_came(olga: FlaskClient, opening: Opening) -> None:
    there = begun(olga, opening)
    page = olga.get(f"{there}/new").text
    assert "after the end" in page
    assert "before the end" not in page
    assert "checked" in page.split('value="present"')[0].rsplit("<input", 1)[1] + page.split('value="present"')[1][:60]
    assert f'href="{home(opening)}"' in olga.get(there).text, "the way back is to what was said"


def test_where_nothing_is_asked_it_says_so(olga: FlaskClient, opening: Opening) -> None:
    assert "Nothing is asked yet, so nobody is written to." in olga.get(f"{home(opening)}/reminders").text


def test_the_other_university_sees_none(
    olga: FlaskClient, client: FlaskClient, session: Session, cast: Cast, opening: Opening
) -> None:
    there = begun(olga, opening)
    rule = rule_of(session).id
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    assert client.get(there).status_code == 403
    assert client.post(f"{there}/{rule}/removal").status_code == 403
    assert there not in client.get("/organise/mail/to-come").text
