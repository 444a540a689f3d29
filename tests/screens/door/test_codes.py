"""Codes: what they open, for whom, and what they check in."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.registration.door.codes import Codes, token_in
from programme.engines.registration.door.models import DoorAct
from programme.engines.registration.links import Links
from programme.engines.registration.models import Seat
from programme.engines.registration.states import Attendance, RegistrationState, SeatState
from tests.factories import things
from tests.screens.door.conftest import door_of, path_of
from tests.screens.roll.conftest import As, Evening, fresh, text_of

JSON = {"Accept": "application/json"}


STEP = "Send them there, or look for the name here."


def test_looking_at_a_code_changes_nothing_and_one_press_checks_in(
    at_the_door: Evening, codes: Codes, signed_in: As, session: Session
) -> None:
    helper, path = signed_in(at_the_door.helper), path_of(codes, at_the_door.alice)
    page = text_of(helper.get(path))
    assert "Alice Aldgrove" in page
    assert "Not here yet" in page
    assert fresh(session, at_the_door.alice).seats[0].attendance is Attendance.UNKNOWN
    said = text_of(helper.post(path, data={"attendance": "present", "key": "k1"}, follow_redirects=True))
    assert "Alice Aldgrove is here." in said
    assert "Here since 14:10" in said
    said = text_of(helper.post(path, data={"attendance": "present", "key": "k2"}, follow_redirects=True))
    assert "was checked in already, at 14:10." in said
    helper.post(path, data={"attendance": "unknown", "key": "k3"})
    assert fresh(session, at_the_door.alice).seats[0].attended_at is None


def test_a_press_sent_again_after_it_was_taken_back_changes_nothing(
    at_the_door: Evening, codes: Codes, signed_in: As, session: Session
) -> None:
    helper, path = signed_in(at_the_door.helper), path_of(codes, at_the_door.alice)
    for what, key in (("present", "k1"), ("unknown", "k2"), ("present", "k1")):
        assert helper.post(path, data={"attendance": what, "key": key}, headers=JSON).status_code == 200
    assert fresh(session, at_the_door.alice).seats[0].attendance is Attendance.UNKNOWN
    assert session.scalar(select(func.count()).select_from(DoorAct)) == 2


def test_a_press_kept_by_a_telephone_says_when_somebody_came(at_the_door: Evening, codes: Codes, signed_in: As) -> None:
    helper, path = signed_in(at_the_door.helper), path_of(codes, at_the_door.alice)
    helper.post(path, data={"attendance": "present", "key": "k1", "ago": "300"}, headers=JSON)
    assert "Here since 14:05" in text_of(helper.get(path))


def test_whoever_comes_sees_a_ticket_and_no_button(at_the_door: Evening, codes: Codes, signed_in: As) -> None:
    path = path_of(codes, at_the_door.alice)
    for who in (None, at_the_door.people.alice, at_the_door.people.bob):
        answer = signed_in(who).get(path)
        page = text_of(answer)
        assert '<svg role="img" aria-label="Code for Quantum sensing' in page, who
        assert "Check in<" not in page
    assert signed_in(None).post(path, data={"attendance": "present"}).status_code == 303
    assert signed_in(at_the_door.people.alice).post(path, data={"attendance": "present"}).status_code == 403


def test_the_page_of_a_place_shows_its_code_and_that_of_a_waiting_one_does_not(
    at_the_door: Evening, codes: Codes, links: Links, client: FlaskClient
) -> None:
    page = text_of(client.get(links.path(at_the_door.alice)))
    assert 'aria-label="Code for Quantum sensing for chemists"' in page
    assert path_of(codes, at_the_door.alice) in page
    assert "At the door" not in text_of(client.get(links.path(at_the_door.charlie)))


def test_a_code_of_another_event_is_named_as_far_as_the_helper_may_see(
    at_the_door: Evening, codes: Codes, signed_in: As, session: Session
) -> None:
    known = things.event(session, lead=at_the_door.people.liverpool, title="Tides in talk")
    hidden = things.event(session, lead=at_the_door.people.liverpool, title="A quiet dinner", visibility="hidden")
    rows = [
        things.registration(session, to=things.opening(session, events=[event]), who=at_the_door.people.bob)
        for event in (known, hidden)
    ]
    session.commit()
    helper = signed_in(at_the_door.helper)
    said = [read(helper, at_the_door, path_of(codes, row)) for row in rows]
    assert said[0] == (409, f"This code is for “Tides in talk” on Tue 16 Feb, and not for this door. {STEP}")
    assert said[1] == (409, f"This code is for another event, and not for this door. {STEP}")
    page = text_of(helper.get(path_of(codes, rows[1])))
    assert "Bob" not in page
    assert "dinner" not in page
    assert "This code is for another event, where you do not let people in." in page
    assert "Tides in talk" in text_of(helper.get(path_of(codes, rows[0])))
    assert all(fresh(session, row).seats[0].attendance is Attendance.UNKNOWN for row in rows)


def read(client: FlaskClient, evening: Evening, code: str) -> tuple[int, str]:
    """What the door says to a code."""
    answer = client.post(f"{door_of(evening)}/codes", data={"code": code, "key": code}, headers=JSON)
    return answer.status_code, answer.json["said"] if answer.json else ""


def test_the_door_reads_a_code_of_its_own_and_no_invented_one(
    at_the_door: Evening, codes: Codes, signed_in: As, session: Session
) -> None:
    helper = signed_in(at_the_door.helper)
    url = codes.url(at_the_door.bob.seats[0])
    assert read(helper, at_the_door, url) == (200, "Bob Birchfield is here.")
    for odd in ("", "hello", "https://example.org/check-in/1-x", url[:-3] + "abc", "9" * 400, "1-" + "a" * 300, "1\0"):
        assert read(helper, at_the_door, odd)[0] == 409, odd
    for odd in ("1-x", f"{2**63}-abc", "0-abc", url.rpartition("/")[2][:-3] + "abc"):
        assert helper.get(f"/check-in/{odd}").status_code == 404, odd
    assert fresh(session, at_the_door.alice).seats[0].attendance is Attendance.UNKNOWN


def test_a_code_ends_with_the_link_of_its_registration(
    at_the_door: Evening, codes: Codes, client: FlaskClient, session: Session
) -> None:
    path = path_of(codes, at_the_door.alice)
    at_the_door.alice.link_version += 1
    session.commit()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("state", [RegistrationState.CANCELLED, RegistrationState.WAITLISTED])
def test_nobody_is_let_in_by_a_place_that_is_not_theirs(
    at_the_door: Evening, codes: Codes, signed_in: As, session: Session, state: RegistrationState
) -> None:
    at_the_door.alice.state = state
    session.commit()
    helper, path = signed_in(at_the_door.helper), path_of(codes, at_the_door.alice)
    assert "No place here" in text_of(helper.get(path))
    status, said = read(helper, at_the_door, path)
    assert status == 409
    assert ("was cancelled" if state is RegistrationState.CANCELLED else "waiting list") in said
    assert "<svg role" not in text_of(signed_in(None).get(path))


def test_a_seat_given_back_for_one_evening_lets_nobody_in(
    at_the_door: Evening, codes: Codes, signed_in: As, session: Session
) -> None:
    session.get_one(Seat, at_the_door.alice.seats[0].id).state = SeatState.SKIPPED
    session.commit()
    status, said = read(signed_in(at_the_door.helper), at_the_door, path_of(codes, at_the_door.alice))
    assert (status, said) == (
        409,
        (
            "Alice Aldgrove has no chair at this event: it was given back, or there was none left. "
            "Ask an organiser: they can give a place."
        ),
    )


def test_a_code_of_another_day_is_said_to_be_so(evening: Evening, codes: Codes, signed_in: As) -> None:
    assert "This is not today’s." in text_of(signed_in(evening.helper).get(path_of(codes, evening.alice)))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("https://programme.example.ac.uk/check-in/12-abc_D-e", "12-abc_D-e"),
        (" 12-abc \n", "12-abc"),
        ("/check-in/12-abc?x=1", "12-abc"),
        ("12", None),
        ("https://programme.example.ac.uk/registrations/12-abc", None),
    ],
)
def test_tokens_are_found_in_what_a_reader_types(text: str, token: str | None) -> None:
    assert token_in(text) == token


def test_other_organisers_and_helpers_see_nobody_by_a_code(at_the_door: Evening, codes: Codes, signed_in: As) -> None:
    path = path_of(codes, at_the_door.alice)
    for who in (at_the_door.stranger, at_the_door.elsewhere_helper):
        page = text_of(signed_in(who).get(path))
        assert "Alice" not in page
        assert signed_in(who).post(path, data={"attendance": "present"}).status_code == 403
