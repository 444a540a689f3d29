"""Opening registration, changing it, and the list of openings."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.queries import MOST_EVENTS
from programme.engines.registration.states import OpeningState, PlacesBy, RegistrationState
from tests.factories import cast, things
from tests.screens.roll.conftest import Evening, fresh, letters, text_of

USUAL = {
    "title": "Meet the hosts",
    "strand": "placements",
    "capacity": "40",
    "has_waiting_list": "y",
    "places_by": "first_come",
    "eligibility": "anyone",
    "unproved_hours": "24",
}


@pytest.fixture
def event(evening: Evening, session: Session) -> Event:
    row = things.event(session, lead=evening.people.liverpool, title="Meet the hosts", room_capacity=40)
    row.co_owners = [evening.people.oxford]
    session.commit()
    return row


def test_new_opening_is_filled_in_from_its_event_and_saved_as_a_draft(
    evening: Evening, olga: FlaskClient, event: Event, session: Session
) -> None:
    page = text_of(olga.get(f"/organise/openings/new?event={event.id}"))
    assert 'value="Meet the hosts"' in page
    assert 'value="40"' in page
    values = {**USUAL, "events": event.id, "lead": evening.people.liverpool.id}
    answer = olga.post("/organise/openings", data=values, follow_redirects=True)
    assert "Saved as a draft" in text_of(answer)
    made = session.scalars(select(Opening).order_by(Opening.id.desc())).first()
    assert made is not None
    assert (made.state, made.capacity, made.unproved_hours) == (OpeningState.DRAFT, 40, 24)
    assert [row.id for row in made.events] == [event.id]
    assert [row.slug for row in made.co_owners] == ["oxford"]


@pytest.mark.one_database
def test_another_event_is_looked_for_saves_nothing_and_keeps_what_was_typed(
    evening: Evening, olga: FlaskClient, event: Event, session: Session
) -> None:
    things.event(session, lead=evening.people.oxford, title="Oxford’s own moss talk")
    moss = [things.event(session, lead=evening.people.liverpool, title=f"On moss, part {number}") for number in (1, 2)]
    far = things.SOON + timedelta(days=40)
    crowd = [
        things.event(session, lead=evening.people.liverpool, title=f"Talk {number}") for number in range(MOST_EVENTS)
    ]
    for row in moss:
        row.starts_at, row.ends_at = far, far + timedelta(hours=1)
    session.commit()
    cut = text_of(olga.get(f"/organise/openings/new?event={event.id}"))
    assert f"The next {MOST_EVENTS} of yours are listed" in cut
    assert "On moss" not in cut
    before = session.scalar(select(func.count()).select_from(Opening))
    typed = {**USUAL, "events": event.id, "lead": evening.people.liverpool.id, "note": "Typed already."}
    found = olga.post("/organise/openings", data={**typed, "event_words": "MOSS part", "look": "events"})
    page = text_of(found)
    assert found.status_code == 200
    assert "2 events found with “MOSS part”." in page
    assert "On moss, part 2" in page
    assert "Typed already." in page
    assert "Oxford’s own moss talk" not in page
    assert crowd[0].title not in page
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Opening)) == before
    saved = olga.post("/organise/openings", data={**typed, "events": [event.id, moss[1].id]}, follow_redirects=True)
    assert "Saved as a draft" in text_of(saved)
    session.rollback()
    made = session.scalars(select(Opening).order_by(Opening.id.desc()).limit(1)).one()
    assert {row.id for row in made.events} == {event.id, moss[1].id}
    later = {**typed, "events": [event.id, moss[0].id, moss[1].id]}
    assert olga.post(f"/organise/openings/{made.id}/edit", data=later).status_code == 303
    session.rollback()
    assert {row.id for row in made.events} == {event.id, moss[0].id, moss[1].id}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capacity": "many"}, "Enter a whole number, in digits."),
        ({"places_by": "ballot", "capacity": ""}, "A ballot needs a number of places."),
        ({"eligibility": "members"}, "Choose whose members may register."),
        ({"places_by": "luck"}, "Choose one from the list."),
        ({"title": ""}, "Enter a title."),
        (
            {"opens-date": "2027-02-02", "opens-time": "10:00", "closes-date": "2027-02-01", "closes-time": "10:00"},
            "Registration closes before it opens.",
        ),
        ({"opens-date": "2027-03-28", "opens-time": "01:30"}, "28 March 2027"),
    ],
)
def test_wrong_settings_are_refused_and_kept(
    wrong: dict[str, str], sentence: str, evening: Evening, olga: FlaskClient, event: Event
) -> None:
    values = {**USUAL, "events": event.id, "lead": evening.people.liverpool.id, "note": "Kept words", **wrong}
    answer = olga.post("/organise/openings", data=values)
    assert answer.status_code == 422
    page = text_of(answer)
    assert sentence in page
    assert "Kept words" in page


def test_more_places_move_up_those_who_wait_and_tell_them(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    values = {**USUAL, "title": "Quantum sensing", "events": evening.event_id, "capacity": "3"}
    said = text_of(olga.post(f"{evening.home}/edit", data=values, follow_redirects=True))
    assert "1 person moved up and is told." in said
    assert fresh(session, evening.charlie).state is RegistrationState.CONFIRMED
    assert letters(session) == [("registration_promoted", "charlie@example.org")]


def test_fewer_places_throw_nobody_out(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/edit", data={**USUAL, "events": evening.event_id, "capacity": "1"})
    assert fresh(session, evening.alice).state is RegistrationState.CONFIRMED
    assert fresh(session, evening.bob).state is RegistrationState.CONFIRMED
    assert letters(session) == []


def test_event_added_later_gives_everybody_a_chair_and_none_is_taken_out(
    evening: Evening, olga: FlaskClient, event: Event, session: Session
) -> None:
    olga.post(f"{evening.home}/edit", data={**USUAL, "events": [evening.event_id, event.id], "capacity": "2"})
    assert {seat.event_id for seat in fresh(session, evening.alice).seats} == {evening.event_id, event.id}
    answer = olga.post(f"{evening.home}/edit", data={**USUAL, "events": [event.id], "capacity": "2"})
    assert answer.status_code == 422
    assert "no event can be taken out" in text_of(answer)


def test_registration_is_closed_and_opened_again(evening: Evening, olga: FlaskClient, session: Session) -> None:
    assert "is closed" in text_of(olga.post(f"{evening.home}/closure", follow_redirects=True))
    assert "Open again" in text_of(olga.get(evening.home))
    assert "is open" in text_of(olga.post(f"{evening.home}/publication", follow_redirects=True))
    session.expire_all()
    assert session.get_one(Opening, evening.opening.id).state is OpeningState.OPEN


@pytest.mark.one_database
def test_list_shows_how_full_each_is_and_filters(evening: Evening, olga: FlaskClient) -> None:
    page = text_of(olga.get("/organise/registrations"))
    assert "2 of 2" in page
    assert "No opening fits" in text_of(olga.get("/organise/registrations?q=nothing"))
    assert "No opening fits" in text_of(olga.get("/organise/registrations?state=draft"))
    assert "2 of 2" in text_of(olga.get("/organise/registrations?sort=-title&strand=exchange"))
    assert olga.get("/organise/registrations?sort=size&colour=x").status_code == 400


@pytest.mark.one_database
def test_sharing_is_the_lead_s_to_say(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/co-owners", data={"co_owners": [evening.people.oxford.id]})
    session.expire_all()
    assert [row.slug for row in session.get_one(Opening, evening.opening.id).co_owners] == ["oxford"]


def test_ballot_is_drawn_once_and_everybody_is_told(evening: Evening, olga: FlaskClient, session: Session) -> None:
    opening = things.opening(session, events=evening.opening.events[:1], capacity=2, places_by=PlacesBy.BALLOT)
    for number in range(5):
        guest = cast.person(session, f"Guest {number}", f"guest{number}@example.org")
        things.registration(session, to=opening, who=guest, state=RegistrationState.PENDING)
    session.commit()
    home = f"/organise/openings/{opening.id}"
    before = text_of(olga.get(f"{home}/ballot"))
    assert "2 people will have a place" in before
    said = text_of(olga.post(f"{home}/ballot", follow_redirects=True))
    assert "2 places given, 3 without. Everybody is told." in said
    session.expire_all()
    assert session.get_one(Opening, opening.id).ballot_seed in said
    assert len(letters(session)) == 5
    again = text_of(olga.post(f"{home}/ballot", follow_redirects=True))
    assert "has been drawn already" in again
    states = session.scalars(select(Registration.state).where(Registration.opening_id == opening.id)).all()
    assert states.count(RegistrationState.CONFIRMED) == 2
