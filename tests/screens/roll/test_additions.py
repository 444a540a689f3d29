"""Adding people: one by one with answers, and by a pasted list."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Registration
from programme.engines.registration.states import PlacesBy, RegistrationState, Source
from tests.screens.roll.conftest import Evening, letters, text_of

LIST = "Dora Dale <dora@example.org>\nEd Elm, ed.elm@example.org\nnobody\nalice@liverpool.example.ac.uk\n"


def test_person_is_added_with_answers_and_told(evening: Evening, olga: FlaskClient, session: Session) -> None:
    values = {
        "name": "Dora Dale",
        "address": "dora@oxford.example.ac.uk",
        f"q{evening.department.id}": "Physics",
        "even_if_full": "y",
    }
    said = text_of(olga.post(f"{evening.home}/people", data=values, follow_redirects=True))
    assert "Dora Dale has a place and is told." in said
    row = added(session, "Dora Dale")
    assert (row.state, row.source) == (RegistrationState.CONFIRMED, Source.ORGANISER)
    assert row.organisation_id == evening.people.oxford.id
    assert row.answer_sheet is not None
    assert [answer.text for answer in row.answer_sheet.answers] == ["Physics"]
    assert ("registration_confirmed", "dora@oxford.example.ac.uk") in letters(session)


def test_person_added_when_full_waits(evening: Evening, olga: FlaskClient, session: Session) -> None:
    olga.post(f"{evening.home}/people", data={"name": "Dora Dale", "address": "dora@example.org"})
    assert added(session, "Dora Dale").state is RegistrationState.WAITLISTED


def test_person_who_is_there_already_is_not_added_twice(evening: Evening, olga: FlaskClient, session: Session) -> None:
    values = {"name": "Alice", "address": "ALICE@liverpool.example.ac.uk"}
    said = text_of(olga.post(f"{evening.home}/people", data=values, follow_redirects=True))
    assert "was on the roll already" in said
    assert letters(session) == []


def test_wrong_address_keeps_what_was_typed(evening: Evening, olga: FlaskClient) -> None:
    answer = olga.post(f"{evening.home}/people", data={"name": "Dora Dale", "address": "dora at home"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'value="dora at home"' in page
    assert "Enter an e-mail address like name@example.ac.uk." in page


def test_pasted_list_is_shown_line_by_line_and_changes_nothing(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    page = text_of(olga.post(f"{evening.home}/people/pasted", data={"people": LIST}))
    assert "2 of 4 lines can be added" in page
    assert "There is no e-mail address in this line." in page
    assert "Is on the roll already." in page
    assert letters(session) == []


def test_a_list_is_shown_with_what_happens_to_each_in_every_way_of_giving_places(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    def page(**given: str) -> str:
        return text_of(olga.post(f"{evening.home}/people/pasted", data={"people": LIST, **given}))

    assert page().count("Joins the waiting list, and is told") == 2
    assert page(even_if_full="y").count("Gets a place, and is told") == 2
    evening.charlie.state, evening.opening.capacity = RegistrationState.CANCELLED, 3
    session.commit()
    shown = page()
    assert "Gets a place, and is told: 1 person. Joins the waiting list, and is told: 1 person." in shown
    evening.opening.places_by = PlacesBy.DECISION
    session.commit()
    assert "No place is left: waits for your decision, and is told: 1 person." in page()
    evening.opening.capacity = 2
    session.commit()
    assert "Every place is taken: they wait for your decision" in text_of(olga.get(f"{evening.home}/people/new"))
    evening.opening.capacity = 3
    session.commit()
    said = text_of(olga.post(f"{evening.home}/people/list", data={"people": LIST}, follow_redirects=True))
    assert "2 people added and told. 1 of them to be decided about. 2 lines left out." in said


def test_confirmed_list_adds_the_right_lines_in_their_order(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    said = text_of(olga.post(f"{evening.home}/people/list", data={"people": LIST}, follow_redirects=True))
    assert "2 people added and told. 2 of them on the waiting list. 2 lines left out." in said
    assert added(session, "Dora Dale").id < added(session, "Ed Elm").id
    again = olga.post(f"{evening.home}/people/list", data={"people": LIST})
    assert again.status_code == 422
    assert len(letters(session)) == 2


def test_empty_or_boundless_list_is_refused(evening: Evening, olga: FlaskClient) -> None:
    assert olga.post(f"{evening.home}/people/pasted", data={"people": " "}).status_code == 422
    many = "\n".join(f"guest{number}@example.org" for number in range(501))
    page = olga.post(f"{evening.home}/people/pasted", data={"people": many})
    assert page.status_code == 422
    assert "Paste 500 people at most at once." in text_of(page)


def added(session: Session, name: str) -> Registration:
    """The registration of somebody by name, as stored now."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Registration).where(Registration.name == name)).one()
