"""The page behind the link: looking changes nothing, each verb is a button, and only the right link opens it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.calendar.states import EventState
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from tests.bed.clock import Clock
from tests.factories.cast import LONG_AGO
from tests.screens.registrations.conftest import Send, letters, page_of, registrations

R = RegistrationState


@pytest.fixture
def row(send: Send, session: Session, opening: Opening) -> Registration:
    """A guest's place that nobody has proved yet."""
    send(opening)
    return registrations(session)[0]


def test_opening_the_link_changes_nothing(client: FlaskClient, app: Flask, session: Session, row: Registration) -> None:
    page = client.get(page_of(app, row))
    assert "You have a place at Quantum sensing for chemists" in page.text
    assert "Keep my place" in page.text
    client.get(f"{page_of(app, row)}/cancellation")
    assert (registrations(session)[0].prove_by is None, registrations(session)[0].state) == (False, R.CONFIRMED)


def test_one_press_keeps_the_place(client: FlaskClient, app: Flask, session: Session, row: Registration) -> None:
    kept = client.post(f"{page_of(app, row)}/proof", follow_redirects=True)
    assert "Your place is kept." in kept.text
    assert registrations(session)[0].prove_by is None


def test_pressing_too_late_says_so(client: FlaskClient, app: Flask, row: Registration, clock: Clock) -> None:
    clock.forward(days=4)
    assert "has run out" in client.post(f"{page_of(app, row)}/proof", follow_redirects=True).text


def test_cancelling_asks_first_then_gives_the_place_back(
    client: FlaskClient, app: Flask, session: Session, row: Registration
) -> None:
    assert "Give back my place</button>" in client.get(f"{page_of(app, row)}/cancellation").text
    for sentence in ("Your registration is cancelled.", "This was cancelled before."):
        assert sentence in client.post(f"{page_of(app, row)}/cancellation", follow_redirects=True).text
    assert registrations(session)[0].state is R.CANCELLED
    assert [kind for kind, _ in letters(session)] == ["registration_confirmed", "registration_cancelled"]
    assert client.get(f"{page_of(app, row)}/cancellation").status_code == 303


def test_the_waiting_list_says_where_one_stands_and_why(
    client: FlaskClient, app: Flask, send: Send, session: Session, opening: Opening
) -> None:
    opening.capacity = 0
    session.commit()
    for address in ("a@example.org", "b@example.org", "c@example.org"):
        send(opening, email=address)
    page = client.get(page_of(app, registrations(session)[2])).text
    assert "You are 3rd on the waiting list" in page
    assert "2 people joined before you" in page


@pytest.mark.parametrize(
    ("is_known", "says", "not_said"),
    [
        (False, ["Postponed: Quantum", "There is no new date yet", "We write to you as soon as"], "Add to calendar"),
        (True, ["The date below is the new one", "Add to calendar"], "no new date"),
    ],
)
def test_a_postponed_event_says_so_and_what_happens_with_the_place(
    client: FlaskClient,
    app: Flask,
    session: Session,
    row: Registration,
    *,
    is_known: bool,
    says: list[str],
    not_said: str,
) -> None:
    event = row.opening.events[0]
    event.state, event.date_is_known, event.change_note = EventState.POSTPONED, is_known, "The hall is flooded."
    session.commit()
    page = client.get(page_of(app, row)).text
    for words in (*says, "Your place is kept.", "The hall is flooded.", "Cancel your place"):
        assert words in page
    assert not_said not in page


def test_a_postponed_event_keeps_the_turn_on_the_waiting_list(
    client: FlaskClient, app: Flask, session: Session, row: Registration
) -> None:
    event = row.opening.events[0]
    event.state, event.date_is_known, row.state = EventState.POSTPONED, False, R.WAITLISTED
    session.commit()
    page = client.get(page_of(app, row)).text
    assert "You keep your turn on the waiting list." in page
    assert "You are 1st on the waiting list" in page


def test_the_calendar_file_has_the_event_and_no_secret(client: FlaskClient, app: Flask, row: Registration) -> None:
    answered = client.get(f"{page_of(app, row)}/calendar.ics")
    assert answered.mimetype == "text/calendar"
    unfolded = answered.text.replace("\r\n ", "")
    assert "METHOD:PUBLISH" in unfolded
    assert f"UID:event-{row.seats[0].event_id}@programme.example.ac.uk" in unfolded
    assert f"-{row.seats[0].event_id}" in unfolded.partition("URL:")[2].partition("\r\n")[0]
    assert page_of(app, row) not in unfolded


def test_answers_are_shown_and_changed(
    client: FlaskClient, app: Flask, send: Send, session: Session, opening: Opening
) -> None:
    form = new_questionnaire(session, now=LONG_AGO)
    diet = add_question(session, form, kind="short_text", label="Food you cannot eat")
    rooms = add_question(session, form, kind="many_of", label="Days", settings={"options": ["One", "Two"]})
    opening.questionnaire_id = form.id
    session.commit()
    send(opening, **{f"q{diet.id}": "nuts", f"q{rooms.id}": "Two"})
    row = registrations(session)[0]
    address = f"{page_of(app, row)}/answers"
    shown = client.get(address).text
    assert 'value="nuts"' in shown
    assert 'value="Two" checked' in shown
    changed = client.post(address, data={f"q{diet.id}": "gluten"}, follow_redirects=True)
    assert "Your answers are changed." in changed.text
    sheet = registrations(session)[0].answer_sheet
    assert sheet is not None
    assert [answer.text for answer in sheet.answers] == ["gluten"]
    wrong = client.post(address, data={f"q{diet.id}": "x" * 600})
    assert wrong.status_code == 422
    assert "Keep this to 500 characters." in wrong.text


def test_old_and_invented_links_open_nothing(
    client: FlaskClient, app: Flask, session: Session, row: Registration
) -> None:
    former = page_of(app, row)
    row.link_version += 1
    session.commit()
    assert client.get(page_of(app, row)).status_code == 200
    invented = [
        former,
        "/registrations/1",
        f"/registrations/{row.id}-",
        f"/registrations/{2**63}-x",
        "/registrations/" + "9" * 400,
        "/registrations/é-x",
        f"/registrations/{row.id}-{'A' * 32}",
    ]
    assert {client.get(address).status_code for address in invented} == {404}
    assert {client.post(f"{address}/cancellation").status_code for address in invented} == {404}
    assert registrations(session)[0].state is R.CONFIRMED
