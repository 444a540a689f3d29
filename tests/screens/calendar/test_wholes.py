"""A whole whose parts are registered for says in lists what places there are, as its own page does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from programme.core.web.converters import slug
from programme.engines.calendar.states import EventState, Visibility
from programme.engines.registration.states import PlacesBy, RegistrationState
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import event, opening, registration
from tests.screens.calendar.test_walls import queries_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event

pytestmark = pytest.mark.usefixtures("clock")
DAY = datetime(2027, 1, 20, 10, tzinfo=UTC)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def whole_of(
    session: Session, cast: Cast, *rooms: int | None, title: str = "Methods week"
) -> tuple[Event, list[Event]]:
    """A week at Oxford with a workshop a day, in rooms of these sizes."""
    week = event(session, lead=cast.oxford, title=title, starts_at=DAY, ends_at=DAY + timedelta(days=5))
    return week, [part(session, cast, week, number, room_capacity=room) for number, room in enumerate(rooms)]


def part(session: Session, cast: Cast, week: Event, number: int, **given: Any) -> Event:
    starts = DAY + timedelta(days=number)
    return event(session, lead=cast.oxford, title=f"Workshop {number}", part_of_id=week.id, starts_at=starts, **given)


def line(client: FlaskClient, address: str = "/events") -> str:
    """What stands beside the week in a list, as it is read."""
    page = client.get(address).text
    places = page[page.index("Methods week") :].partition('<div class="ev__places">')[2].partition("</li>")[0]
    return re.sub(r"<[^>]+>|\s+", " ", places).strip()


def panel(client: FlaskClient, week: Event) -> str:
    """What the page of the week says of registering."""
    page = client.get(f"/events/{slug(week.title, week.id)}").text
    return re.sub(r"(<[^>]+>|\s)+", " ", page)


def test_two_of_five_workshops_say_how_many_places_and_at_how_many_of_them(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    week, days = whole_of(session, cast, 0, 5, None, 5, 5)
    opening(session, events=days, capacity=12, chooses=2)
    session.commit()
    for address in ("/", "/events", "/strands/exchange"):
        assert line(client, address) == "12 places left, at 4 of its 5 parts"
        assert '<svg class="gap' in client.get(address).text
    assert "12 places left" in panel(client, week)
    assert "There are places at 4 of its 5 parts." in panel(client, week)


def test_who_chooses_one_has_what_all_rooms_have_together(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, slots = whole_of(session, cast, 1, 1, 1)
    mentoring = opening(session, events=slots, capacity=None, chooses=1)
    row = registration(session, to=mentoring, who=cast.bob)
    for seat in row.seats[1:]:
        session.delete(seat)
    session.commit()
    assert line(client) == "2 places left, at 2 of its 3 parts"
    assert "2 places left" in panel(client, week)


def test_without_a_number_for_all_parts_those_with_places_are_counted(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    week, days = whole_of(session, cast, None, None, None)
    first = opening(session, events=days[:1], capacity=1, title="Only the first")
    opening(session, events=days[1:2], capacity=3, title="Only the second")
    registration(session, to=first, who=cast.bob, organisation_id=cast.oxford.id)
    session.commit()
    assert line(client) == "Places at 1 of its 2 parts"
    assert "All places are taken" in panel(client, week)
    assert "3 places left" in panel(client, week)


def test_a_place_at_all_parts_is_one_number(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, days = whole_of(session, cast, 9, 4)
    opening(session, events=days, capacity=12)
    session.commit()
    assert line(client) == "4 places left"
    assert "Its rooms have chairs for 4 more." in panel(client, week)


def test_full_ones_say_so_and_how_many_wait(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, days = whole_of(session, cast, 2, 2)
    both = opening(session, events=days, capacity=1, chooses=1)
    registration(session, to=both, who=cast.bob)
    registration(session, to=both, who=cast.alice, state=RegistrationState.WAITLISTED)
    session.commit()
    assert line(client) == "Full, 1 waiting"
    assert "All places are taken" in panel(client, week)


def test_nobody_can_choose_two_of_one_that_is_left(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, days = whole_of(session, cast, 0, 4)
    opening(session, events=days, capacity=9, chooses=2)
    session.commit()
    assert line(client) == "Full"
    assert "Its rooms are full." in panel(client, week)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"capacity": None}, "Open to register"),
        ({"places_by": PlacesBy.DECISION}, "By application"),
        ({"opens_at": DAY - timedelta(days=2)}, "Registration opens Mon 18 Jan"),
        ({"closes_at": DAY - timedelta(days=20)}, "Registration has closed"),
    ],
)
def test_parts_say_in_the_same_words_as_events_how_one_registers(
    client: FlaskClient, session: Session, cast: Cast, given: dict[str, Any], words: str
) -> None:
    _, days = whole_of(session, cast, None, None)
    opening(session, events=days, **given)
    session.commit()
    assert line(client) == words


def test_what_is_called_off_or_over_does_not_count(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, days = whole_of(session, cast, 0, None)
    days += [part(session, cast, week, 3, state=EventState.CANCELLED), part(session, cast, week, -9)]
    opening(session, events=days, capacity=12, chooses=1)
    session.commit()
    assert line(client) == "12 places left, at 1 of its 2 parts"


def test_hidden_parts_are_told_nobody(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, days = whole_of(session, cast, 0, None)
    secret = part(session, cast, week, 3, visibility=Visibility.HIDDEN)
    members = part(session, cast, week, 4, visibility=Visibility.MEMBERS)
    opening(session, events=[*days, secret, members], capacity=12, chooses=1)
    session.commit()
    assert line(client) == "12 places left, at 1 of its 2 parts"
    client.set_cookie("programme_session", cookie_for(session, cast.bob))
    assert line(client) == "12 places left, at 2 of its 3 parts"
    assert "There are places at 2 of its 3 parts." in panel(client, week)


def test_a_whole_with_places_of_its_own_tells_these(client: FlaskClient, session: Session, cast: Cast) -> None:
    week, days = whole_of(session, cast, 0, 1)
    opening(session, events=days, capacity=12, chooses=1)
    opening(session, events=[week], capacity=30)
    session.commit()
    assert line(client) == "30 places left"


def test_many_wholes_take_as_few_questions_to_the_database_as_one(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    counts = []
    for more in (1, 29):
        for number in range(more):
            _, days = whole_of(session, cast, 4, 2, 3, title=f"Methods week {number} of {more}")
            opening(session, events=days, capacity=12, chooses=2)
        session.commit()
        counts.append(queries_of(app, client, "/events"))
    assert counts[0] == counts[1]
