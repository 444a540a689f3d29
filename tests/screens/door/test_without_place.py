"""Somebody at the door whose registration waits, is not decided, or has ended: a plain sentence, and the next step."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.deciding.models import DecisionTerms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.models import Companion, Registration, Seat
from programme.engines.registration.states import Attendance, PlacesBy, RegistrationState, SeatState
from tests.factories import things
from tests.screens.door.conftest import door_of, path_of
from tests.screens.roll.conftest import As, Evening, fresh, text_of

S = RegistrationState
BUTTON = "Let in without a place"


@pytest.fixture
def helper(at_the_door: Evening, signed_in: As) -> FlaskClient:
    """Hal, who lets people in at this event alone."""
    return signed_in(at_the_door.helper)


@pytest.fixture
def choice(with_walk_ins: Evening, session: Session) -> Evening:
    """The same, where one chooses two of three, and Charlie chose this one and another."""
    second = things.event(session, lead=with_walk_ins.people.liverpool, title="Second workshop")
    third = things.event(session, lead=with_walk_ins.people.liverpool, title="Third workshop")
    with_walk_ins.opening.events += [second, third]
    with_walk_ins.opening.chooses = 2
    with_walk_ins.charlie.seats.append(Seat(event_id=second.id, changed_at=with_walk_ins.charlie.joined_at))
    session.commit()
    return with_walk_ins


def puts(session: Session, row: Registration, state: RegistrationState) -> None:
    row.state = state
    session.commit()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (S.WAITLISTED, "Charlie Chalkwell is on the waiting list and has no place here."),
        (S.PENDING, "Charlie Chalkwell’s registration is not decided yet, so there is no place."),
        (S.CANCELLED, "Charlie Chalkwell’s place was cancelled, so nobody is let in by it."),
        (S.REFUSED, "Charlie Chalkwell was not admitted and has no place here."),
    ],
)
def test_a_code_without_a_place_says_why_and_whom_to_ask(
    at_the_door: Evening, helper: FlaskClient, codes: Codes, session: Session, state: RegistrationState, sentence: str
) -> None:
    puts(session, at_the_door.charlie, state)
    page = text_of(helper.get(path_of(codes, at_the_door.charlie)))
    assert f"{sentence} Ask an organiser: they can give a place." in page
    assert BUTTON not in page
    assert "Check in" not in page
    read = {"code": codes.url(at_the_door.charlie.seats[0])}
    assert sentence in text_of(helper.post(f"{door_of(at_the_door)}/codes", data=read, follow_redirects=True))


@pytest.mark.parametrize("state", [S.WAITLISTED, S.PENDING])
def test_who_waits_in_a_choice_is_let_in_at_this_event_by_one_tap(
    choice: Evening, helper: FlaskClient, codes: Codes, session: Session, state: RegistrationState
) -> None:
    puts(session, choice.charlie, state)
    path = path_of(codes, choice.charlie)
    assert BUTTON in text_of(helper.get(path))
    helper.post(f"{path}/walk-in", data={"key": "k"})
    said = helper.post(f"{path}/walk-in", data={"key": "k"}, follow_redirects=True)
    assert "Here since 14:10" in text_of(said)
    row = fresh(session, choice.charlie)
    assert row.state is state, "what is decided, or their turn, stays"
    assert [seat.state for seat in row.seats] == [SeatState.LENT, SeatState.HELD]
    assert row.seats[0].attendance is Attendance.PRESENT


def test_who_came_to_another_of_the_choice_is_told_to_ask_for_a_change(
    choice: Evening, helper: FlaskClient, signed_in: As
) -> None:
    third = choice.opening.events[2]
    typed = {"name": "Charlie", "address": choice.charlie.address, "organisation": ""}
    there = f"{choice.home}/door/{third.id}/walk-ins"
    assert helper.post(there, data=typed).status_code == 403
    said = text_of(signed_in(choice.people.olga).post(there, data=typed))
    assert "registered, but not for this event. Ask an organiser: they can change what somebody chose." in said


def test_where_keys_decide_the_door_lets_in_nobody_without_one(
    choice: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    choice.opening.places_by = PlacesBy.DECISION
    session.add(DecisionTerms(opening_id=choice.opening.id, decided_by=DecidedBy.KEYS))
    puts(session, choice.charlie, S.PENDING)
    page = text_of(helper.get(path_of(codes, choice.charlie)))
    assert "Each university holds a key to places here: ask an organiser." in page
    assert BUTTON not in page
    said = helper.post(f"{path_of(codes, choice.charlie)}/walk-in", follow_redirects=True)
    assert "holds a key" in text_of(said)
    assert fresh(session, choice.charlie).seats[0].state is SeatState.HELD


def test_only_where_walk_ins_are_taken_and_by_who_stands_there(
    at_the_door: Evening, helper: FlaskClient, signed_in: As, codes: Codes, session: Session
) -> None:
    there = f"{path_of(codes, at_the_door.charlie)}/walk-in"
    assert "Nobody is let in here without a place." in text_of(helper.post(there, follow_redirects=True))
    for who in (at_the_door.elsewhere_helper, at_the_door.partner, at_the_door.stranger, at_the_door.people.charlie):
        assert signed_in(who).post(there).status_code == 403
    assert fresh(session, at_the_door.charlie).state is S.WAITLISTED


def test_a_group_that_waits_is_let_in_and_then_ticked(
    with_walk_ins: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    row = with_walk_ins.charlie
    row.companions, row.heads = [Companion(name="Dee Dove")], 2
    session.commit()
    said = text_of(helper.post(f"{path_of(codes, row)}/walk-in", follow_redirects=True))
    assert "Charlie Chalkwell is let in: tick who has come." in said
    assert said.count("checked>") == 2
    assert fresh(session, row).seats[0].attendance is Attendance.UNKNOWN


def test_whoever_is_offered_a_place_is_let_in_and_the_offer_stays(
    at_the_door: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    puts(session, at_the_door.charlie, S.OFFERED)
    path = path_of(codes, at_the_door.charlie)
    assert "A place is offered to them, and they have not answered." in text_of(helper.get(path))
    helper.post(path)
    row = fresh(session, at_the_door.charlie)
    assert (row.state, row.seats[0].attendance) == (S.OFFERED, Attendance.PRESENT)


def test_organisers_are_led_to_where_they_decide(at_the_door: Evening, signed_in: As, codes: Codes) -> None:
    path, link = path_of(codes, at_the_door.charlie), "Decide about this registration"
    assert link in text_of(signed_in(at_the_door.people.olga).get(path))
    assert link not in text_of(signed_in(at_the_door.helper).get(path))


def test_a_name_that_is_not_found_has_a_next_step(at_the_door: Evening, helper: FlaskClient, session: Session) -> None:
    page = text_of(helper.get(f"{door_of(at_the_door)}?q=charlie"))
    assert "Send them to an organiser." in page
    assert "Chalkwell" not in page, "helpers are told no name of somebody without a place"


def test_a_code_that_opens_nothing_says_what_to_do(
    at_the_door: Evening, helper: FlaskClient, client: FlaskClient, codes: Codes
) -> None:
    for path in ("/check-in/1-invented", f"{path_of(codes, at_the_door.alice)}x", "/check-in/99999-" + "a" * 24):
        answer = helper.get(path)
        assert answer.status_code == 404
        assert "look for the name instead" in text_of(answer)
        assert "Your name is enough at the door." in text_of(client.get(path))


def test_a_cancelled_event_lets_nobody_in(
    at_the_door: Evening, helper: FlaskClient, codes: Codes, session: Session
) -> None:
    event = at_the_door.opening.events[0]
    event.state = type(event.state).CANCELLED
    session.commit()
    page = text_of(helper.get(path_of(codes, at_the_door.alice)))
    assert "This event is cancelled, so nobody is let in." in page.replace("<b>", "").replace("</b>", "")
    assert "Check in" not in page
