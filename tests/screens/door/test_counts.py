"""Pages of the door ask the database as often for one person as for thirty, and only the door may use the camera."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.feedback.actions import begin, give
from programme.engines.registration.models import Registration
from programme.engines.registration.states import Attendance
from programme.flows.door.helping import ask_to_help
from programme.flows.granting.giving import Holder
from programme.people.identity import actor_of
from tests.bed.databases import statements
from tests.factories import cast, things
from tests.screens.door.conftest import DURING, door_of
from tests.screens.roll.conftest import As, Evening

pytestmark = pytest.mark.one_database
MANY = 30


def asked(app: Flask, browser: FlaskClient, address: str) -> int:
    with statements(app) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def crowd(session: Session, evening: Evening) -> list[Registration]:
    """Thirty more, from both universities."""
    people = [cast.person(session, f"Guest {n}", f"guest{n}@example.org") for n in range(MANY)]
    homes = (evening.people.liverpool.id, evening.people.oxford.id)
    rows = [
        things.registration(session, to=evening.opening, who=who, organisation_id=homes[n % 2])
        for n, who in enumerate(people)
    ]
    session.commit()
    return rows


def test_the_door_and_its_numbers(at_the_door: Evening, app: Flask, olga: FlaskClient, session: Session) -> None:
    addresses = [door_of(at_the_door), f"{door_of(at_the_door)}/counts"]
    few = [asked(app, olga, address) for address in addresses]
    crowd(session, at_the_door)
    assert [asked(app, olga, address) for address in addresses] == few


def test_helpers_of_an_event(at_the_door: Evening, app: Flask, olga: FlaskClient, session: Session) -> None:
    there, event = f"{door_of(at_the_door)}/helpers", at_the_door.opening.events[0]
    few = asked(app, olga, there)
    for number in range(MANY):
        holder = Holder(f"hand{number}@example.org", f"Hand {number}")
        ask_to_help(session, at_the_door.opening, event, holder, actor=actor_of(at_the_door.people.olga), now=DURING)
    session.commit()
    assert asked(app, olga, there) == few


def test_feedback(at_the_door: Evening, app: Flask, olga: FlaskClient, session: Session) -> None:
    there = f"{at_the_door.home}/feedback"
    form = begin(session, at_the_door.opening.id, now=DURING)
    last = form.questionnaire.questions[-1].id
    counts = []
    for number, row in enumerate(crowd(session, at_the_door), start=1):
        row.seats[0].attendance = Attendance.PRESENT
        session.flush()
        give(session, row.id, {last: f"Words {number}"})
        session.commit()
        if number in {3, MANY}:
            counts.append(asked(app, olga, there))
    assert counts[0] == counts[1]


def test_only_the_door_may_use_the_camera(at_the_door: Evening, signed_in: As) -> None:
    helper = signed_in(at_the_door.helper)
    assert helper.get(door_of(at_the_door)).headers["Permissions-Policy"].startswith("camera=(self)")
    assert helper.get("/").headers["Permissions-Policy"].startswith("camera=()")


def test_the_door_is_paged_and_keeps_its_place(at_the_door: Evening, olga: FlaskClient, session: Session) -> None:
    crowd(session, at_the_door)
    more = [cast.person(session, f"Guest {n}", f"guest{n}@example.org") for n in range(MANY, 2 * MANY)]
    for who in more:
        things.registration(session, to=at_the_door.opening, who=who)
    session.commit()
    page = olga.get(f"{door_of(at_the_door)}?page=2").text
    assert 'name="page" value="2"' in page
    assert "51 to 62 of 62 registrations" in page
