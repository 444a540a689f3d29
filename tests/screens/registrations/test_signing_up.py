"""Registering through the form: as a guest, signed in, twice, too late, and with anything typed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from programme.engines.registration.states import Eligibility, OpeningState, RegistrationState
from programme.extensions import db
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, cookie_for
from tests.screens.registrations.conftest import Send, letters, page_of, registrations

R = RegistrationState


def test_a_guest_has_a_place_after_two_requests(
    client: FlaskClient, send: Send, session: Session, opening: Opening
) -> None:
    shown = client.get(f"/openings/quantum-sensing-for-chemists-{opening.id}/registration")
    assert shown.status_code == 200
    assert "20 of 20 places left" in shown.text
    answered = send(opening)
    assert answered.status_code == 303
    assert answered.location.endswith("/registration/sent")
    (row,) = registrations(session)
    assert (row.state, row.name, row.address) == (R.CONFIRMED, "Gwen Guest", "gwen@example.org")
    assert row.prove_by is not None
    assert letters(session) == [("registration_confirmed", "gwen@example.org")]


def test_the_answer_is_the_same_for_known_and_unknown_addresses(
    client: FlaskClient, send: Send, session: Session, opening: Opening, people: Cast
) -> None:
    first = send(opening, email=people.alice.address)
    again = send(opening, email=people.alice.address.upper().replace("LIVERPOOL", "liverpool"), form_key="other")
    unknown = send(opening, email="nobody@example.org")
    assert {(r.status_code, r.location, r.data) for r in (first, again, unknown)} == {(303, first.location, first.data)}
    assert len(registrations(session)) == 2
    assert [kind for kind, _ in letters(session)] == [
        "registration_confirmed",
        "already_registered",
        "registration_confirmed",
    ]
    assert "Check your mail" in client.get(first.location).text


def test_a_double_click_is_one_registration_and_one_letter(send: Send, session: Session, opening: Opening) -> None:
    for _ in range(3):
        assert send(opening, form_key="the-same").status_code == 303
    assert len(registrations(session)) == 1
    assert letters(session) == [("registration_confirmed", "gwen@example.org")]


def test_the_same_page_sent_again_after_cancelling_is_a_new_registration(
    app: Flask, client: FlaskClient, send: Send, session: Session, opening: Opening
) -> None:
    send(opening, form_key="the-same")
    (row,) = registrations(session)
    assert client.post(f"{page_of(app, row)}/cancellation").status_code == 303
    for _ in range(2):
        assert send(opening, form_key="the-same").status_code == 303
    assert [row.state for row in registrations(session)] == [R.CANCELLED, R.CONFIRMED]
    assert [kind for kind, _ in letters(session)].count("registration_confirmed") == 2


def test_one_form_sent_for_two_people_registers_both(send: Send, session: Session, opening: Opening) -> None:
    send(opening, form_key="k")
    send(opening, form_key="k", email="harry@example.org", name="Harry")
    assert [row.name for row in registrations(session)] == ["Gwen Guest", "Harry"]


def test_somebody_signed_in_sees_the_place_at_once(
    client: FlaskClient, app: Flask, send: Send, session: Session, opening: Opening, people: Cast
) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    form = client.get(f"/openings/quantum-sensing-for-chemists-{opening.id}/registration").text
    assert "Bob Birchfield" in form
    assert people.bob.address in form
    answered = send(opening, name="Bob Birchfield", email=people.bob.address)
    (row,) = registrations(session)
    assert answered.location == page_of(app, row)
    assert row.prove_by is None
    assert row.organisation_id == people.oxford.id
    assert "You have a place at Quantum sensing for chemists" in client.get(answered.location).text
    again = send(opening, name="Bob", email=people.bob.address, form_key="another")
    assert "You are registered already" in client.get(again.location).text
    assert letters(session) == [("registration_confirmed", people.bob.address)]


def test_somebody_signed_in_learns_nothing_about_another_address(
    client: FlaskClient, send: Send, session: Session, opening: Opening, people: Cast
) -> None:
    client.set_cookie("programme_session", cookie_for(session, people.bob))
    assert send(opening, email=people.alice.address).location.endswith("/sent")
    assert registrations(session)[0].prove_by is not None


def test_the_twenty_first_waits(client: FlaskClient, send: Send, session: Session, opening: Opening) -> None:
    for number in range(21):
        assert send(opening, email=f"p{number}@example.org").status_code == 303
    assert [row.state for row in registrations(session)] == [R.CONFIRMED] * 20 + [R.WAITLISTED]
    assert letters(session)[-1] == ("registration_waitlisted", "p20@example.org")
    page = client.get(f"/openings/quantum-sensing-for-chemists-{opening.id}/registration").text
    assert "You would be 2nd on the waiting list" in page
    assert "Join the waiting list</button>" in page


def test_a_full_opening_without_a_waiting_list_says_so_and_keeps_what_was_typed(
    client: FlaskClient, send: Send, session: Session, opening: Opening
) -> None:
    opening.capacity, opening.has_waiting_list = 0, False
    session.commit()
    page = client.get(f"/openings/quantum-sensing-for-chemists-{opening.id}/registration").text
    assert "There is no waiting list" in page
    assert '<form class="form"' not in page
    answered = send(opening, name="Gwen, typed with care")
    assert answered.status_code == 422
    assert "Every place is taken, and there is no waiting list." in answered.text
    assert "Gwen, typed with care" in answered.text
    assert registrations(session) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"opens_at": things.SOON}, "Registration is not open yet."),
        ({"closes_at": LONG_AGO}, "Registration has closed."),
        ({"state": OpeningState.CLOSED}, "Registration has closed."),
    ],
)
def test_outside_the_window_the_form_comes_back_with_the_sentence(
    send: Send, session: Session, opening: Opening, change: dict[str, object], sentence: str
) -> None:
    for name, value in change.items():
        setattr(opening, name, value)
    session.commit()
    answered = send(opening, name="Kept as typed")
    assert answered.status_code == 422
    assert sentence in answered.text
    assert "Kept as typed" in answered.text


def test_a_form_left_open_overnight_still_works(
    client: FlaskClient, send: Send, session: Session, opening: Opening, clock: Clock
) -> None:
    client.get(f"/openings/quantum-sensing-for-chemists-{opening.id}/registration")
    clock.forward(days=2)
    assert send(opening).status_code == 303
    assert len(registrations(session)) == 1


def test_members_only_takes_an_address_of_the_university(
    send: Send, session: Session, opening: Opening, people: Cast
) -> None:
    opening.eligibility, opening.members_of = Eligibility.MEMBERS, [people.oxford]
    session.commit()
    refused = send(opening)
    assert refused.status_code == 422
    assert "This is for members of the University of Oxford." in refused.text
    assert send(opening, email="new@dept.oxford.example.ac.uk").status_code == 303
    assert registrations(session)[0].organisation_id == people.oxford.id


def test_missing_and_wrong_fields_are_told_and_everything_typed_stays(
    send: Send, session: Session, opening: Opening
) -> None:
    answered = send(opening, name="", email="gwen.example.org", organisation="oxford")
    assert answered.status_code == 422
    assert "There are 2 things to put right" in answered.text
    assert "Enter your name." in answered.text
    assert "gwen.example.org" in answered.text
    assert 'value="oxford" checked' in answered.text
    assert registrations(session) == []


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Gw\0en"},
        {"email": "gw\0en@example.org"},
        {"form_key": "\0"},
        {"organisation": "\0"},
        {"organisation": "mars"},
        {"name": "x" * 1_000_000},
        {"email": "x" * 1_000_000},
        {"name": "\ud800".encode("utf-8", "surrogatepass")},
        {"email": "a@b"},
    ],
)
def test_hostile_values_are_told_apart_from_a_crash(
    send: Send, session: Session, opening: Opening, values: dict[str, str]
) -> None:
    answered = send(opening, **values)
    assert answered.status_code in {303, 400, 422}
    if answered.status_code == 422:
        assert registrations(session) == []


@pytest.mark.parametrize("ref", [str(2**63), "9" * 40, "0", "99999", "-1", "x"])
def test_an_opening_that_cannot_be_is_not_found(client: FlaskClient, people: Cast, ref: str) -> None:
    for address in (f"/openings/{ref}/registration", f"/events/{ref}/registration"):
        assert client.get(address).status_code == 404
    assert client.post(f"/openings/{ref}/registration", data={"name": "x"}).status_code in {404, 405}


def test_an_old_slug_leads_to_the_right_one(client: FlaskClient, opening: Opening) -> None:
    answered = client.get(f"/openings/former-title-{opening.id}/registration")
    assert answered.status_code == 301
    assert answered.location == f"/openings/quantum-sensing-for-chemists-{opening.id}/registration"


def test_drafts_and_hidden_events_are_not_found(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    opening.state = OpeningState.DRAFT
    session.commit()
    assert client.get(f"/openings/{opening.id}/registration").status_code == 404


def test_an_event_with_one_opening_shows_its_form_with_two_a_choice_with_none_says_so(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    talk = opening.events[0]
    assert "Full name" in client.get(f"/events/x-{talk.id}/registration").text
    things.opening(session, events=[talk], title="Founders’ places")
    session.commit()
    choice = client.get(f"/events/x-{talk.id}/registration").text
    assert "Founders’ places" in choice
    assert "Full name" not in choice
    bare = things.event(session, lead=people.oxford, title="Drop in")
    session.commit()
    assert "You need not register for this" in client.get(f"/events/x-{bare.id}/registration").text


def test_the_form_names_who_answers_for_the_data(
    client: FlaskClient, session: Session, people: Cast, opening: Opening
) -> None:
    opening.co_owners = [people.liverpool]
    session.commit()
    page = client.get(f"/openings/quantum-sensing-for-chemists-{opening.id}/registration").text
    assert "data-protection@oxford.example.ac.uk" in page
    assert "data-protection@liverpool.example.ac.uk" in page


def test_registering_takes_as_few_questions_to_the_database_at_the_end_as_at_the_beginning(
    app: Flask, client: FlaskClient, send: Send, session: Session, opening: Opening
) -> None:
    address = f"/openings/quantum-sensing-for-chemists-{opening.id}/registration"
    with app.app_context():
        engine = db.engine
    counts = []
    for number in range(31):
        with counted(engine) as statements:
            client.get(address)
            shown = len(statements)
            send(opening, email=f"p{number}@example.org", organisation="oxford")
        counts.append((shown, len(statements) - shown))
    assert max(shown for shown, _ in counts) <= 11, "the first one reads what is known of the opening, and counts"
    assert sorted(shown for shown, _ in counts[1:])[-2] <= 3, "it is drawn again once: when the last place is taken"
    assert {sent for _, sent in counts[1:]} == {9}, "two of them recall and remember the counts of the opening"
    assert counts[0][1] == 10, "the first one counts whom nobody has counted yet"


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Note every statement that goes to the database, but for those that begin a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
