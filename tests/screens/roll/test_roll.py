"""The roll: who is on it, filtered and sorted, and what is decided about those ticked."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as database_event
from sqlalchemy.orm import Session

from programme.engines.calendar.states import EventState
from programme.engines.registration.states import Attendance, RegistrationState
from tests.factories import cast, things
from tests.screens.roll.conftest import Evening, fresh, letters, text_of


def test_roll_shows_everybody_with_state_and_place_in_line(evening: Evening, olga: FlaskClient) -> None:
    page = text_of(olga.get(evening.home))
    for words in ("Alice Aldgrove", "Bob Birchfield", "Waiting, 1st", "2 of 2 places taken", "Liverpool 1", "Oxford 1"):
        assert words in page


def test_roll_filters_by_state_university_and_words(evening: Evening, olga: FlaskClient) -> None:
    waiting = text_of(olga.get(f"{evening.home}?state=waiting"))
    assert "charlie@example.org" in waiting
    assert "alice@" not in waiting
    oxford = text_of(olga.get(f"{evening.home}?home=oxford"))
    assert "bob@oxford" in oxford
    assert "alice@" not in oxford
    assert "charlie@" in text_of(olga.get(f"{evening.home}?home=elsewhere"))
    assert "alice@" in text_of(olga.get(f"{evening.home}?q=aldg+ALICE"))
    assert "Nobody fits" in text_of(olga.get(f"{evening.home}?q=100%25"))


def test_roll_sorts_by_name_either_way(evening: Evening, olga: FlaskClient) -> None:
    names = ["Alice Aldgrove", "Bob Birchfield", "Charlie Chalkwell"]
    up = text_of(olga.get(f"{evening.home}?sort=name"))
    down = text_of(olga.get(f"{evening.home}?sort=-name"))
    assert sorted(names, key=up.index) == names
    assert sorted(names, key=down.index) == names[::-1]


def test_roll_shows_the_answers_that_are_asked_for(evening: Evening, olga: FlaskClient) -> None:
    assert text_of(olga.get(f"{evening.home}?answer={evening.department.id}")).count("Chemistry") == 3
    assert "Chemistry" not in text_of(olga.get(evening.home))


def test_promoting_beyond_the_places_needs_a_word(evening: Evening, olga: FlaskClient, session: Session) -> None:
    shown = text_of(olga.get(f"{evening.home}/decision?do=promotion&id={evening.charlie.id}&id={evening.alice.id}"))
    assert "Give a place: 1 person" in shown
    assert "Left out, as it does not apply to them: Alice Aldgrove" in shown
    refused = olga.post(f"{evening.home}/promotions", data={"id": evening.charlie.id}, follow_redirects=True)
    assert "Every place is taken" in text_of(refused)
    assert fresh(session, evening.charlie).state is RegistrationState.WAITLISTED
    given = {"id": evening.charlie.id, "even_if_full": "y"}
    assert "until then you can undo it" in text_of(
        olga.post(f"{evening.home}/promotions", data=given, follow_redirects=True)
    )
    assert fresh(session, evening.charlie).state is RegistrationState.CONFIRMED
    assert letters(session) == [("registration_promoted", "charlie@example.org")]


def test_cancelling_one_moves_the_next_up_and_tells_both(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/cancellations", data={"id": evening.alice.id, "reason": "You asked us to."})
    assert fresh(session, evening.alice).state is RegistrationState.CANCELLED
    assert fresh(session, evening.charlie).state is RegistrationState.CONFIRMED
    assert sorted(kind for kind, _ in letters(session)) == ["registration_cancelled", "registration_promoted"]


def test_refusal_carries_its_reason(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/refusals", data={"id": evening.charlie.id, "reason": "It is for first-years."})
    row = fresh(session, evening.charlie)
    assert (row.state, row.reason) == (RegistrationState.REFUSED, "It is for first-years.")
    page = text_of(olga.get(f"/organise/registrations/{row.id}"))
    assert "It is for first-years." in page


def test_attendance_of_those_ticked_is_marked_and_those_without_a_place_left(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    ticked = {"id": [evening.alice.id, evening.bob.id, evening.charlie.id], "do": "present"}
    said = text_of(olga.post(f"{evening.home}/attendance", data=ticked, follow_redirects=True))
    assert "2 people are marked as present." in said
    assert fresh(session, evening.alice).seats[0].attendance is Attendance.PRESENT
    assert fresh(session, evening.charlie).seats[0].attendance is Attendance.UNKNOWN


def test_deciding_about_nobody_says_so(evening: Evening, olga: FlaskClient) -> None:
    for answer in (
        olga.get(f"{evening.home}/decision?do=refusal", follow_redirects=True),
        olga.post(f"{evening.home}/refusals", follow_redirects=True),
    ):
        assert "Tick at least one person first." in text_of(answer)


def test_decisions_reach_no_other_opening(evening: Evening, olga: FlaskClient, session: Session) -> None:
    other = things.opening(session, events=[things.event(session, lead=evening.people.oxford, title="Elsewhere")])
    row = things.registration(session, to=other, who=evening.people.alice)
    session.commit()
    olga.post(f"{evening.home}/cancellations", data={"id": row.id})
    assert fresh(session, row).state is RegistrationState.CONFIRMED


@pytest.mark.parametrize(
    ("state", "word", "says"),
    [
        (EventState.CANCELLED, "Cancelled", "nobody can register, and nobody moves up"),
        (EventState.POSTPONED, "Postponed", "nobody can register until there is one"),
    ],
)
def test_roll_of_what_is_called_off_does_not_say_that_it_is_open(
    evening: Evening, olga: FlaskClient, session: Session, state: EventState, word: str, says: str
) -> None:
    evening.opening.events[0].state, evening.opening.events[0].date_is_known = state, False
    session.commit()
    page = text_of(olga.get(evening.home))
    assert says in page
    for address in (evening.home, "/organise/registrations", f"/organise/events/{evening.event_id}"):
        found = text_of(olga.get(address))
        assert word in found
        assert "</svg>Open</span>" not in found
    assert ("Close registration" in page) is (state is EventState.POSTPONED)


def test_places_held_from_elsewhere_stand_beside_both_universities(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    evening.charlie.state = RegistrationState.CONFIRMED
    session.commit()
    assert "1 from elsewhere" in text_of(olga.get(evening.home))
    beside = text_of(olga.get(f"/organise/events/{evening.event_id}"))
    assert "1 from Liverpool, 1 from Oxford and 1 from elsewhere" in beside


@pytest.mark.one_database
def test_roll_asks_no_more_of_the_database_for_more_people(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    address = f"{evening.home}?answer={evening.department.id}"
    few = queries_of(session, olga, address)
    for number in range(30):
        guest = cast.person(session, f"Guest {number}", f"guest{number}@example.org")
        things.registration(session, to=evening.opening, who=guest, state=RegistrationState.WAITLISTED)
    session.commit()
    assert queries_of(session, olga, address) == few
    assert queries_of(session, olga, "/organise/registrations") == queries_of(session, olga, "/organise/registrations")


def queries_of(session: Session, client: FlaskClient, address: str) -> int:
    """How many statements a page sends."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    database_event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    database_event.remove(engine, "before_cursor_execute", note)
    return len(sent)
