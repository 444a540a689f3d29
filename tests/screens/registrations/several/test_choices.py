"""The form of an opening that lets people choose: each event with what is left, and all that was typed kept."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from programme.engines.registration.states import SeatState
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.screens.registrations.conftest import Send, page_of, registrations


@pytest.fixture
def workshops(session: Session, people: Cast) -> Opening:
    """Two of three workshops, one of them in a room of one."""
    rooms = {"Lasers": 1, "Ice": 5, "Glass": None}
    events = [
        things.event(session, lead=people.oxford, title=title, room_capacity=room) for title, room in rooms.items()
    ]
    row = things.opening(session, events=events, capacity=None, title="Workshops", chooses=2)
    session.commit()
    return row


def ids(opening: Opening, *numbers: int) -> list[int]:
    return [opening.events[number].id for number in numbers]


def test_the_form_tells_what_is_left_and_refuses_what_is_full_with_everything_typed(
    client: FlaskClient, send: Send, session: Session, workshops: Opening
) -> None:
    page = client.get(f"/openings/workshops-{workshops.id}/registration").text
    for words in ("Choose two.", "1 place left.", "5 places left."):
        assert words in page
    assert send(workshops, events=ids(workshops, 0, 1)).status_code == 303
    assert "Full: every place is taken." in client.get(f"/openings/workshops-{workshops.id}/registration").text
    refused = send(workshops, name="Wanda Waits", email="wanda@example.org", events=ids(workshops, 0, 2))
    assert refused.status_code == 422
    assert "“Lasers” is full. Still free: “Ice” (4 left) and “Glass”." in refused.text
    assert 'value="Wanda Waits"' in refused.text
    assert send(workshops, name="Wanda", email="wanda@example.org", events=ids(workshops, 0)).status_code == 422
    assert len(registrations(session)) == 1


def test_choosing_again_on_the_page_of_the_place(
    client: FlaskClient, app: Flask, send: Send, session: Session, workshops: Opening
) -> None:
    send(workshops, events=ids(workshops, 0, 1))
    here = page_of(app, registrations(session)[0])
    assert "Change your choice" in client.get(here).text
    assert "You come." in client.get(f"{here}/choice").text
    assert client.post(f"{here}/choice", data={"events": ids(workshops, 0)}).status_code == 422
    done = client.post(f"{here}/choice", data={"events": ids(workshops, 1, 2)}, follow_redirects=True)
    assert "Your choice is changed." in done.text
    held = [seat.event.title for seat in registrations(session)[0].seats if seat.state is SeatState.HELD]
    assert sorted(held) == ["Glass", "Ice"]
    assert "Lasers" not in done.text.partition("<header")[2].partition("</header>")[0]


def test_one_of_several_is_a_single_choice(
    client: FlaskClient, send: Send, session: Session, workshops: Opening
) -> None:
    workshops.chooses = 1
    session.commit()
    assert 'type="radio" id="events"' in client.get(f"/openings/workshops-{workshops.id}/registration").text
    assert send(workshops).status_code == 422
    assert send(workshops, events=ids(workshops, 2)).status_code == 303
    assert [seat.event.title for seat in registrations(session)[0].seats] == ["Glass"]


def test_the_roll_shows_and_filters_who_comes_to_what(
    client: FlaskClient, send: Send, session: Session, people: Cast, workshops: Opening
) -> None:
    send(workshops, events=ids(workshops, 0, 1))
    send(workshops, name="Wanda Waits", email="wanda@example.org", events=ids(workshops, 1, 2))
    client.set_cookie("programme_session", cast.cookie_for(session, people.omar))
    roll = f"/organise/openings/{workshops.id}"
    assert "Lasers, Ice" in client.get(roll).text
    of_glass = client.get(f"{roll}?event={workshops.events[2].id}").text
    assert "Wanda Waits" in of_glass
    assert "Gwen Guest" not in of_glass
    page = client.get(f"{roll}/people/new").text
    assert "4 places left." in page or "3 places left." in page
    who = {"name": "Hilda", "address": "hilda@example.org"}
    assert client.post(f"{roll}/people", data=who).status_code == 422
    assert client.post(f"{roll}/people", data={**who, "events": ids(workshops, 1, 2)}).status_code == 303


def test_the_opening_says_how_many_are_chosen(
    client: FlaskClient, session: Session, people: Cast, workshops: Opening
) -> None:
    client.set_cookie("programme_session", cast.cookie_for(session, people.omar))
    page = client.get(f"/organise/openings/{workshops.id}/edit").text
    assert "Each chooses so many of these" in page
    sent = {"title": "Workshops", "events": ids(workshops, 0, 1, 2), "places_by": "first_come", "unproved_hours": "48"}
    sent |= {"eligibility": "anyone", "chooses": "9"}
    too_many = client.post(f"/organise/openings/{workshops.id}/edit", data=sent)
    assert too_many.status_code == 422
    assert "more events than there are" in too_many.text
    client.post(f"/organise/openings/{workshops.id}/edit", data={**sent, "chooses": "1", "may_choose_fewer": "y"})
    session.rollback()
    session.expire_all()
    assert (workshops.chooses, workshops.may_choose_fewer) == (1, True)
