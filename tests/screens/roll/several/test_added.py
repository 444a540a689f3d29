"""An organiser adds somebody with those who come along, and a list of people who all come to the same events."""

from collections.abc import Sequence
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy
from tests.bed.clock import Clock
from tests.factories import cast, things
from tests.factories.cast import Cast

HILDA = {"name": "Hilda Hill", "address": "hilda@example.org"}
LIST = "Dora Dale <dora@example.org>\nEd Elm, ed@example.org\nFay Fox, fay@example.org\n"


@pytest.fixture
def people(session: Session, clock: Clock) -> Cast:
    """The cast, in January 2027."""
    return cast.assemble(session)


@pytest.fixture
def omar(app: Flask, session: Session, people: Cast) -> FlaskClient:
    """The browser of Oxford's organiser."""
    client = app.test_client()
    client.set_cookie("programme_session", cast.cookie_for(session, people.omar))
    session.commit()
    return client


@pytest.fixture
def dinner(session: Session, people: Cast) -> Opening:
    """Four places at a dinner, for three at most in one registration."""
    events = [things.event(session, lead=people.oxford, title="Dinner", room_capacity=4)]
    row = things.opening(session, events=events, capacity=4, most_together=3)
    session.commit()
    return row


@pytest.fixture
def workshops(session: Session, people: Cast) -> Opening:
    """Two of three workshops, one of them in a room of two."""
    rooms = {"Lasers": 2, "Ice": 5, "Glass": None}
    events = [
        things.event(session, lead=people.oxford, title=title, room_capacity=room) for title, room in rooms.items()
    ]
    row = things.opening(session, events=events, capacity=None, title="Workshops", chooses=2)
    session.commit()
    return row


def home(opening: Opening) -> str:
    return f"/organise/openings/{opening.id}"


def ids(opening: Opening, *numbers: int) -> list[int]:
    return [opening.events[number].id for number in numbers]


def rows(session: Session) -> Sequence[Registration]:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Registration).order_by(Registration.id)).all()


def coming(session: Session) -> dict[str, list[str]]:
    """Who comes to what."""
    return {row.name: sorted(seat.event.title for seat in row.seats) for row in rows(session)}


def test_somebody_is_added_with_those_who_come_along_and_each_takes_a_place(
    omar: FlaskClient, session: Session, dinner: Opening
) -> None:
    page = omar.get(f"{home(dinner)}/people/new").text
    assert "Who comes along?" in page
    assert "3rd person" in page
    along = {"others-0": "Bea Bloggs", "others-1": "  Cem   Can "}
    said = omar.post(f"{home(dinner)}/people", data={**HILDA, **along}, follow_redirects=True).text
    assert "Hilda Hill has a place and is told." in unescape(said)
    row = rows(session)[0]
    assert (row.heads, [one.name for one in row.companions]) == (3, ["Bea Bloggs", "Cem Can"])
    assert "Bea Bloggs" in omar.get(home(dinner)).text


def test_those_who_find_no_place_together_wait_together_or_have_one_beyond_the_places(
    omar: FlaskClient, session: Session, dinner: Opening
) -> None:
    omar.post(f"{home(dinner)}/people", data={**HILDA, "others-0": "Bea", "others-1": "Cem"})
    ida = {"name": "Ida Inn", "address": "ida@example.org", "others-0": "Jo"}
    omar.post(f"{home(dinner)}/people", data=ida)
    kim = {"name": "Kim Kay", "address": "kim@example.org", "others-0": "Lea", "even_if_full": "y"}
    omar.post(f"{home(dinner)}/people", data=kim)
    assert [(row.name, row.state.value, row.heads) for row in rows(session)] == [
        ("Hilda Hill", "confirmed", 3),
        ("Ida Inn", "waitlisted", 2),
        ("Kim Kay", "confirmed", 2),
    ]


def test_nobody_is_brought_where_everybody_registers_alone(
    omar: FlaskClient, session: Session, workshops: Opening
) -> None:
    assert "Who comes along?" not in omar.get(f"{home(workshops)}/people/new").text
    sent = {**HILDA, "others-0": "Bea", "events": ids(workshops, 0, 1)}
    omar.post(f"{home(workshops)}/people", data=sent)
    assert [row.heads for row in rows(session)] == [1]


def test_a_list_carries_one_choice_for_everybody_on_it(omar: FlaskClient, session: Session, workshops: Opening) -> None:
    assert "All of them come to" in omar.get(f"{home(workshops)}/people/pasted").text
    sent = {"people": LIST, "events": ids(workshops, 1, 2)}
    shown = omar.post(f"{home(workshops)}/people/pasted", data=sent).text
    assert "3 of 3 lines can be added" in shown
    for event_id in ids(workshops, 1, 2):
        assert f'<input type="hidden" name="events" value="{event_id}">' in shown
    assert rows(session) == []
    omar.post(f"{home(workshops)}/people/list", data=sent)
    assert coming(session) == {name: ["Glass", "Ice"] for name in ("Dora Dale", "Ed Elm", "Fay Fox")}


@pytest.mark.parametrize("address", ["pasted", "list"])
@pytest.mark.parametrize("numbers", [(), (0,), (0, 1, 2)])
def test_a_list_without_a_whole_choice_is_asked_for_one_and_keeps_its_lines(
    omar: FlaskClient, session: Session, workshops: Opening, address: str, numbers: tuple[int, ...]
) -> None:
    sent = {"people": LIST, "events": ids(workshops, *numbers)}
    answer = omar.post(f"{home(workshops)}/people/{address}", data=sent)
    assert answer.status_code == 422
    assert "Choose two." in answer.text
    assert "ed@example.org" in answer.text
    assert rows(session) == []


def test_a_list_that_is_longer_than_a_room_says_so_first_and_leaves_out_who_finds_no_chair(
    omar: FlaskClient, session: Session, workshops: Opening
) -> None:
    sent = {"people": LIST, "events": ids(workshops, 0, 1)}
    shown = omar.post(f"{home(workshops)}/people/pasted", data=sent).text
    assert "2 of 3 lines can be added" in shown
    assert shown.count("No place is left at what you chose.") == 1
    beyond = omar.post(f"{home(workshops)}/people/pasted", data={**sent, "even_if_full": "y"}).text
    assert "3 of 3 lines can be added" in beyond
    said = omar.post(f"{home(workshops)}/people/list", data=sent, follow_redirects=True).text
    assert "2 people added and told. 1 line left out." in said
    assert list(coming(session)) == ["Dora Dale", "Ed Elm"]
    late = {"people": "Fay Fox, fay@example.org", "events": ids(workshops, 0, 1)}
    full = unescape(omar.post(f"{home(workshops)}/people/list", data=late).text)
    assert "“Lasers” is full. Still free: “Ice” (3 left) and “Glass”." in full
    omar.post(f"{home(workshops)}/people/list", data={**late, "even_if_full": "y"})
    assert coming(session)["Fay Fox"] == ["Ice", "Lasers"]


def test_where_organisers_decide_whoever_is_added_beyond_the_places_waits_for_the_decision(
    omar: FlaskClient, session: Session, dinner: Opening
) -> None:
    dinner.places_by = PlacesBy.DECISION
    session.commit()
    omar.post(f"{home(dinner)}/people", data={**HILDA, "others-0": "Bea", "others-1": "Cem"})
    ida = {"name": "Ida Inn", "address": "ida@example.org", "others-0": "Jo"}
    said = omar.post(f"{home(dinner)}/people", data=ida, follow_redirects=True).text
    assert "Ida Inn is registered and waits for the decision and is told." in said
    kim = {"name": "Kim Kay", "address": "kim@example.org", "others-0": "Lea", "even_if_full": "y"}
    omar.post(f"{home(dinner)}/people", data=kim)
    assert [row.state.value for row in rows(session)] == ["confirmed", "pending", "confirmed"]


def test_where_organisers_decide_a_room_that_is_full_lets_nobody_else_in(
    omar: FlaskClient, session: Session, workshops: Opening
) -> None:
    workshops.places_by = PlacesBy.DECISION
    session.commit()
    sent = {"people": LIST, "events": ids(workshops, 0, 1)}
    omar.post(f"{home(workshops)}/people/list", data=sent)
    assert [row.state.value for row in rows(session)] == ["confirmed", "confirmed", "pending"]
