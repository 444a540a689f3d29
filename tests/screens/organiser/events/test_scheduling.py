"""What organisers read before they press: what clashes, whom it reaches, and that nothing of it stops them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Contribution, Event, Venue, WarningPutAside
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.states import RegistrationState
from tests.factories.cast import Cast, cookie_for
from tests.factories.things import SOON, event, opening, registration

pytestmark = pytest.mark.one_database
ROOM = "Lecture theatre 2"


@pytest.fixture
def place(session: Session) -> int:
    """A venue in Liverpool."""
    return session.scalars(select(Venue.id).where(Venue.code == "LIV-VGM")).one()


def plan(place: int, **given: str) -> dict[str, str]:
    """A plan as the form of a move sends it."""
    at = {"starts-date": "2027-02-17", "starts-time": "14:00", "ends-time": "15:00"}
    return {**at, "venue": str(place), "room": ROOM, "version": "1", **given}


def page(client: FlaskClient, address: str, **typed: Any) -> str:
    """A page, by GET unless something is typed."""
    answer = client.post(address, data=typed) if typed else client.get(address)
    return answer.get_data(as_text=True)


def test_move_into_a_taken_room_is_warned_of_and_done_all_the_same(
    olga: FlaskClient, session: Session, cast: Cast, place: int
) -> None:
    mine = event(session, lead=cast.liverpool, title="Mine")
    event(session, lead=cast.oxford, title="Theirs", venue_id=place, room=ROOM, starts_at=SOON + timedelta(days=1))
    session.commit()
    asked = page(olga, f"/organise/events/{mine.id}/move/preview", **plan(place))
    assert "The room is taken" in asked
    assert "“Theirs” is in Lecture theatre 2" in asked
    assert olga.post(f"/organise/events/{mine.id}/move", data=plan(place)).status_code == 303
    assert "The room is taken" in page(olga, f"/organise/events/{mine.id}")
    assert "1 to think about" in page(olga, "/organise/events")


@pytest.mark.one_database
def test_what_is_so_of_many_events_is_said_on_the_page_of_each_and_not_in_the_list(
    olga: FlaskClient, session: Session, cast: Cast
) -> None:
    late = event(session, lead=cast.liverpool, title="Late", starts_at=SOON + timedelta(hours=9))
    session.commit()
    assert "Early or late" in page(olga, f"/organise/events/{late.id}")
    assert "to think about" not in page(olga, "/organise/events")


def test_draft_of_the_other_university_is_revealed_to_nobody(
    olga: FlaskClient, session: Session, cast: Cast, place: int
) -> None:
    mine = event(session, lead=cast.liverpool, title="Mine", venue_id=place, room=ROOM)
    event(session, lead=cast.oxford, title="Theirs", venue_id=place, room=ROOM, state=EventState.DRAFT)
    session.commit()
    for address in (f"/organise/events/{mine.id}", "/organise/events"):
        found = page(olga, address)
        assert "Theirs" not in found
        assert "to think about" not in found.lower()


def test_warning_is_put_aside_once_and_for_this_time_and_place(
    olga: FlaskClient, session: Session, cast: Cast, place: int
) -> None:
    mine, other = (event(session, lead=cast.liverpool, title=title, venue_id=place, room=ROOM) for title in "AB")
    session.commit()
    address = f"/organise/events/{mine.id}"
    [mark] = re.findall(r'name="mark" value="(\w+)"', page(olga, address))
    assert olga.post(f"{address}/warnings", data={"mark": mark}).status_code == 303
    assert "The room is taken" not in page(olga, address)
    assert "put aside a warning about" in page(olga, address)
    assert "The room is taken" in page(olga, f"/organise/events/{other.id}")
    olga.post(f"{address}/warnings", data={"mark": "0" * 32})
    assert len(session.scalars(select(WarningPutAside)).all()) == 1


def test_warnings_are_put_aside_by_those_alone_who_edit(
    client: FlaskClient, session: Session, cast: Cast, place: int
) -> None:
    mine = event(session, lead=cast.liverpool, title="Mine", venue_id=place, room=ROOM)
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    assert client.post(f"/organise/events/{mine.id}/warnings", data={"mark": "0" * 32}).status_code in {403, 404}


def test_time_and_place_are_checked_before_anything_is_saved(
    olga: FlaskClient, session: Session, cast: Cast, place: int
) -> None:
    event(session, lead=cast.oxford, title="Theirs", venue_id=place, room=ROOM, starts_at=SOON + timedelta(days=1))
    session.commit()
    typed = {**plan(place), "title": "Mine", "lead": str(cast.liverpool.id), "strand": "exchange"}
    typed |= {"visibility": "public", "audience": "everyone", "look": "warnings"}
    found = page(olga, "/organise/events", **typed)
    assert "The room is taken" in found
    assert "Save as a draft all the same" in found
    assert 'value="Mine"' in found
    assert len(session.scalars(select(Event)).all()) == 1
    free = page(olga, "/organise/events", **{**typed, "room": "Room 1"})
    assert "Nothing is in the way of this time and place." in free


def test_reach_is_counted_by_place_and_turn_and_names_those_who_speak(
    olga: FlaskClient, session: Session, cast: Cast
) -> None:
    mine = event(session, lead=cast.liverpool)
    mine.contributions = [Contribution(name="Ada Ash")]
    to = opening(session, events=[mine])
    registration(session, to=to, who=cast.alice)
    registration(session, to=to, who=cast.bob, state=RegistrationState.WAITLISTED)
    session.commit()
    told = "1 person has a place and 1 waits for one: each gets one letter. 1 person is on the programme: tell them"
    for noun in ("move", "cancellation", "postponement"):
        assert told in page(olga, f"/organise/events/{mine.id}/{noun}")
    assert "1 person has a place: each gets another link in one letter." in page(
        olga, f"/organise/events/{mine.id}/details"
    )


def test_people_of_an_opening_that_is_not_theirs_are_counted_for_nobody(
    olga: FlaskClient, session: Session, cast: Cast
) -> None:
    mine = event(session, lead=cast.liverpool)
    theirs = opening(session, events=[mine], lead_organisation_id=cast.oxford.id)
    registration(session, to=theirs, who=cast.bob)
    session.commit()
    found = page(olga, f"/organise/events/{mine.id}/cancellation")
    assert "Others have registered whose number you do not see: they are told, too." in found
    assert "1 person" not in found
    done = olga.post(
        f"/organise/events/{mine.id}/cancellation", data={"version": "1", "reason": ""}, follow_redirects=True
    )
    assert "Everybody concerned will get an e-mail." in done.get_data(as_text=True)
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_another_way_of_writing_the_place_goes_untold_by_choice(
    olga: FlaskClient, session: Session, cast: Cast, place: int
) -> None:
    mine = event(session, lead=cast.liverpool, venue_id=place, room="Lecture theater 2")
    registration(session, to=opening(session, events=[mine]), who=cast.alice)
    session.commit()
    same = {"starts-date": "2027-02-16", "is_quiet": "y"}
    asked = page(olga, f"/organise/events/{mine.id}/move/preview", **plan(place, **same))
    assert "Nobody is told: it is only written another way." in asked
    assert 'name="is_quiet" value="y"' in asked
    assert olga.post(f"/organise/events/{mine.id}/move", data=plan(place, **same)).status_code == 303
    assert session.scalars(select(OutboxMessage)).all() == []
    later = olga.post(f"/organise/events/{mine.id}/move", data=plan(place, version="2", is_quiet="y"))
    assert later.status_code == 422
    assert "Another time is told to everybody with a place" in later.get_data(as_text=True)
