"""One registration's page, and the door."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.states import Attendance, RegistrationState
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of


def test_page_of_a_registration_keeps_a_note_and_tells_what_was_done(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    here = f"/organise/registrations/{evening.charlie.id}"
    olga.post(f"{here}/notes", data={"note": "Speaks for the society."})
    olga.post(f"{here}/promotion", data={"even_if_full": "y"})
    page = text_of(olga.get(here))
    done = ("wrote a note about them", "gave a place to them")
    for words in (*done, "Speaks for the society.", "Olga Oakhurst", "Chemistry", "Vegan"):
        assert words in page
    assert fresh(session, evening.charlie).state is RegistrationState.CONFIRMED


def test_letter_is_sent_again_once_a_minute(evening: Evening, olga: FlaskClient, session: Session) -> None:
    here = f"/organise/registrations/{evening.alice.id}"
    for _ in range(2):
        said = text_of(olga.post(f"{here}/confirmation", follow_redirects=True))
        assert "goes to alice@liverpool.example.ac.uk again" in said
    assert letters(session) == [("registration_confirmed", "alice@liverpool.example.ac.uk")]


def test_letter_of_an_ended_registration_is_not_sent_again(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    here = f"/organise/registrations/{evening.alice.id}"
    olga.post(f"{here}/cancellation", data={"reason": ""})
    assert "has ended" in text_of(olga.post(f"{here}/confirmation", follow_redirects=True))


def test_helper_checks_people_in_and_takes_it_back(evening: Evening, signed_in: As, session: Session) -> None:
    helper, seat = signed_in(evening.helper), evening.alice.seats[0]
    door = f"{evening.home}/door/{evening.event_id}"
    marked = helper.post(f"/organise/seats/{seat.id}/attendance", data={"attendance": "present"})
    assert marked.location.startswith(door)
    assert fresh(session, evening.alice).seats[0].attendance is Attendance.PRESENT
    page = text_of(helper.get(f"{door}?attendance=present"))
    assert "Alice Aldgrove" in page
    assert "Here since 09:00" in page
    assert "Bob Birchfield" not in page
    helper.post(f"/organise/seats/{seat.id}/attendance", data={"attendance": "unknown"})
    assert fresh(session, evening.alice).seats[0].attended_at is None


def test_door_finds_a_name_and_lists_nobody_without_a_place(evening: Evening, signed_in: As) -> None:
    page = text_of(signed_in(evening.helper).get(f"{evening.home}/door/{evening.event_id}?q=bob"))
    assert "Bob Birchfield" in page
    assert "Alice Aldgrove" not in page
    assert "Charlie" not in text_of(signed_in(evening.helper).get(f"{evening.home}/door", follow_redirects=True))


def test_nonsense_at_the_door_is_refused_in_a_sentence(evening: Evening, olga: FlaskClient) -> None:
    seat = evening.alice.seats[0]
    said = olga.post(f"/organise/seats/{seat.id}/attendance", data={"attendance": "late"}, follow_redirects=True)
    assert "Say whether the person came." in text_of(said)
    waiting = evening.charlie.seats[0]
    said = olga.post(f"/organise/seats/{waiting.id}/attendance", data={"attendance": "present"}, follow_redirects=True)
    assert "has no place here" in text_of(said)


def test_address_is_put_right_on_the_page_of_the_registration(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    here = f"/organise/registrations/{evening.charlie.id}"
    olga.post(f"{here}/confirmation")
    for wrong in ("", "charlie at example.org", evening.charlie.address, evening.bob.address):
        answer = olga.post(f"{here}/address", data={"address": wrong})
        assert answer.status_code == 422, wrong
        assert "<title>Error: " in text_of(answer)
    said = text_of(olga.post(f"{here}/address", data={"address": "charles@example.org"}, follow_redirects=True))
    assert "Letters about this go to charles@example.org from now on." in said
    assert "corrected where letters to them go" in said
    assert letters(session) == [("registration_waitlisted", "charles@example.org")]


def test_only_those_who_decide_put_an_address_right(evening: Evening, signed_in: As) -> None:
    there = f"/organise/registrations/{evening.charlie.id}/address"
    for who in (evening.helper, evening.partner, evening.stranger, evening.people.alice):
        assert signed_in(who).post(there, data={"address": "x@example.org"}).status_code in {403, 404}
