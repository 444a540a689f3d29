"""The page of an event, as a reader sees it."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from programme.core.web.converters import slug
from programme.engines.calendar.models import Material
from programme.engines.calendar.states import EventState, MaterialReach
from programme.engines.registration.states import Attendance, PlacesBy, RegistrationState
from programme.screens.calendar.shown.search import price_in
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import SOON, event, opening, registration, series

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")
LINK = "https://meet.example.ac.uk/secret-room"


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def test_event_page_has_one_address_and_tells_search_engines(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford, title="A </script><b>talk", description="First.\n\nhttps://example.ac.uk/x")
    session.commit()
    moved = client.get(f"/events/whatever-{row.id}")
    assert (moved.status_code, moved.location) == (301, f"/events/a-script-b-talk-{row.id}")
    page = client.get(moved.location).text
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["name"] == "A </script><b>talk"
    assert data["startDate"] == "2027-02-16T14:00:00+00:00"
    assert '<a href="https://example.ac.uk/x" rel="noreferrer">' in page


def test_event_page_says_what_is_not_known_yet(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.oxford)
    row = event(session, lead=cast.oxford, title="Secret title", title_is_known=False, series_id=run.id, room="Room 3")
    session.commit()
    page = client.get(f"/events/x-{row.id}", follow_redirects=True).text
    assert "Corridor colloquium: title to be announced" in page
    assert "Secret title" not in page
    assert page.count("Nothing is known yet about steps, hearing loops, toilets or parking here.") == 1
    assert "Not known yet" not in page
    assert "Secret title" not in client.get("/events?q=secret").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": EventState.CANCELLED, "change_note": "The hall is closed."}, ["Cancelled", "The hall is closed."]),
        (
            {"state": EventState.POSTPONED, "date_is_known": False},
            ["Postponed", "There is no new date yet", "announced"],
        ),
        ({"state": EventState.POSTPONED}, ["Postponed", "The date below is the new one"]),
        ({"change_note": "One day later."}, ["Changed", "One day later."]),
        (
            {"price_note": "£20", "shop_url": "https://shop.example.ac.uk/7"},
            ["£20", "Book in the shop", "shop.example.ac.uk", '"price": "20.00"', '"isAccessibleForFree": false'],
        ),
        ({"is_archive": True}, ["Archive"]),
    ],
)
def test_event_page_tells_its_state(
    client: FlaskClient, session: Session, cast: Cast, given: dict[str, Any], words: list[str]
) -> None:
    row = event(session, lead=cast.oxford, **given)
    session.commit()
    page = client.get(f"/events/quantum-sensing-for-chemists-{row.id}").text
    for word in words:
        assert word in page


def test_event_page_leads_to_registration_and_says_what_is_left(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford)
    place = opening(session, events=[row], capacity=2)
    registration(session, to=place, who=cast.alice, organisation_id=cast.liverpool.id)
    session.commit()
    address = f"/events/quantum-sensing-for-chemists-{row.id}"
    page = client.get(address).text
    assert "1 place left" in page
    assert f'href="/openings/quantum-sensing-for-chemists-{place.id}/registration">Register' in page
    assert "1 place left" in client.get("/events").text
    assert "from elsewhere" not in page
    registration(session, to=place, who=cast.bob, organisation_id=cast.oxford.id)
    registration(session, to=place, who=cast.charlie, state=RegistrationState.WAITLISTED)
    place.revision += 1
    session.commit()
    full = client.get(address).text
    assert "All places are taken" in full
    assert "Join the waiting list" in full
    assert "Full, 1 waiting" in client.get("/events").text


@pytest.mark.parametrize(
    ("room", "words"), [(3, "The room has 2 chairs left."), (1, "The room is full."), (40, "1 of 30 places taken.")]
)
def test_room_that_is_smaller_than_the_opening_is_what_counts_at_its_event(
    client: FlaskClient, session: Session, cast: Cast, room: int, words: str
) -> None:
    row = event(session, lead=cast.oxford, room_capacity=room)
    registration(session, to=opening(session, events=[row], capacity=30), who=cast.alice)
    session.commit()
    page = client.get(f"/events/quantum-sensing-for-chemists-{row.id}").text
    assert words in page
    assert page.count("places taken") == (room == 40)


def test_places_held_from_elsewhere_are_told_beside_both_ends(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford)
    place = opening(session, events=[row], capacity=20)
    registration(session, to=place, who=cast.alice, organisation_id=cast.liverpool.id)
    registration(session, to=place, who=cast.charlie)
    session.commit()
    page = client.get(f"/events/quantum-sensing-for-chemists-{row.id}").text
    assert "1 taken" in page
    assert "0 taken" in page
    assert "And 1 from elsewhere." in page


@pytest.mark.parametrize(
    ("given", "panel", "mine"),
    [
        ({"state": EventState.CANCELLED}, "Nobody can register", "You had a place"),
        ({"state": EventState.POSTPONED, "date_is_known": False}, "Registration waits", "You have a place"),
        ({"state": EventState.POSTPONED}, "19 places left", "You have a place"),
    ],
)
def test_panel_tells_the_truth_of_what_is_called_off_or_put_off(
    client: FlaskClient, session: Session, cast: Cast, given: dict[str, Any], panel: str, mine: str
) -> None:
    row = event(session, lead=cast.oxford, **given)
    registration(session, to=opening(session, events=[row], capacity=20), who=cast.alice)
    session.commit()
    address = f"/events/quantum-sensing-for-chemists-{row.id}"
    assert panel in client.get(address).text
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    assert mine in client.get(address).text


def test_link_to_join_and_some_materials_are_for_those_who_have_a_place(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford, is_online=True, online_link=LINK)
    row.materials = [
        Material(title="Slides", url="https://example.ac.uk/slides", added_at=SOON),
        Material(title="Recording", url="https://example.ac.uk/tape", reach=MaterialReach.CAME, added_at=SOON),
    ]
    mine = registration(session, to=opening(session, events=[row]), who=cast.alice)
    mine.seats[0].attendance = Attendance.PRESENT
    session.commit()
    address = f"/events/quantum-sensing-for-chemists-{row.id}"
    anybody = client.get(address).text
    assert LINK not in anybody
    assert "Slides" in anybody
    assert "Recording" not in anybody
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    hers = client.get(address)
    assert LINK in hers.text
    assert "Recording" in hers.text
    assert "You have a place" in hers.text
    assert hers.headers["Cache-Control"] == "private, no-cache"
    client.delete_cookie("programme_session")
    assert LINK not in client.get(address).text


def test_parts_and_neighbours_are_linked(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.oxford)
    days = [
        event(session, lead=cast.oxford, title=f"Day {n}", series_id=run.id, starts_at=SOON + timedelta(days=n))
        for n in range(3)
    ]
    event(session, lead=cast.oxford, title="Opening words", part_of_id=days[1].id)
    event(session, lead=cast.oxford, title="Unready part", part_of_id=days[1].id, state=EventState.DRAFT)
    session.commit()
    page = client.get(f"/events/day-1-{days[1].id}").text
    assert 'rel="prev">Day 0' in page
    assert 'rel="next">Day 2' in page
    assert "Opening words" in page
    assert "Unready part" not in page


def test_what_is_open_at_the_parts_stands_on_the_page_of_the_whole_once(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    whole = event(session, lead=cast.oxford, title="Methods week")
    halves = [
        event(session, lead=cast.oxford, title=f"Workshop {n}", part_of_id=whole.id, room_capacity=room)
        for n, room in enumerate((0, 5))
    ]
    place = opening(session, events=halves, capacity=12, chooses=1, title="One of two workshops")
    session.commit()
    page = client.get(f"/events/{slug(whole.title, whole.id)}").text
    assert "No registration needed" not in page
    assert page.count(f'href="/openings/{slug(place.title, place.id)}/registration"') == 1
    assert "5 places left" in page
    assert "Its rooms have chairs for 5 more." in page
    assert "There are places at 1 of its 2 parts." in page


def test_what_costs_something_says_in_which_order(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford, price_note="£10, refunded", shop_url="https://shop.example.ac.uk/7")
    place = opening(session, events=[row])
    session.commit()
    page = client.get(f"/events/quantum-sensing-for-chemists-{row.id}").text
    assert "1. Register here." in page
    assert "2. Pay in the university’s own shop: £10, refunded." in page
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["isAccessibleForFree"] is False
    assert (data["offers"][0]["url"], data["offers"][0]["price"]) == ("https://shop.example.ac.uk/7", "10.00")
    form = client.get(f"/openings/{slug(place.title, place.id)}/registration").text
    assert "1. Register here." in form
    assert 'href="https://shop.example.ac.uk/7"' in form


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("note", "price"),
    [
        ("£10", "10"),
        ("£1,250.50 each", "1250.50"),
        ("£25, members free", "25"),
        ("£5 or £10", None),
        ("Free", None),
        ("", None),
        ("£10.5", None),
    ],
)
def test_price_is_read_only_where_the_words_hold_one(note: str, price: str | None) -> None:
    assert price_in(note) == (None if price is None else Decimal(price))


def test_lists_count_only_places_that_go_to_whoever_comes_first(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford, room_capacity=100)
    opening(session, events=[row], capacity=12, title="Founders", places_by=PlacesBy.DECISION)
    session.commit()
    assert "By application" in client.get("/events").text
    opening(session, events=[row], capacity=60, title="Floor").revision += 1
    opening(session, events=[row], capacity=80, title="Gallery")
    session.commit()
    assert "100 places left" in client.get("/events").text
    page = client.get(f"/events/quantum-sensing-for-chemists-{row.id}").text
    for words in ("Places by application", "60 places left", "80 places left"):
        assert words in page
