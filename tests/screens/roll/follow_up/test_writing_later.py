"""From what the roll shows to a letter to many, sent now or later: with its filters, or saying which it lacks."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.written.models import Broadcast
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import RegistrationTag
from programme.engines.registration.states import Attendance
from tests.screens.roll.conftest import As, Evening, text_of

NEW = "/organise/broadcasts/new"


@pytest.fixture
def house(evening: Evening, olga: FlaskClient, session: Session, asked: Question) -> Question:
    """The follow-up form asks for one of two houses, too."""
    here = f"{evening.home}/follow-up/questions"
    data = {"kind": "one_of", "label": "Which house?", "options": "Attic\nCellar"}
    assert olga.post(here, data=data).status_code == 303
    session.rollback()
    return session.scalars(select(Question).where(Question.label == "Which house?")).one()


def chosen(page: str) -> list[str]:
    """The values that menus show as chosen, and boxes as ticked."""
    parts = re.findall(r'<option selected value="([^"]*)"', page)
    return [*parts, *(word for word in ("confirmed", "waiting") if f'value="{word}" checked' in page)]


def test_answers_to_the_follow_up_form_choose_whom_a_letter_to_many_reaches(
    evening: Evening, olga: FlaskClient, session: Session, house: Question
) -> None:
    page = text_of(olga.get(f"{NEW}?opening={evening.opening.id}"))
    assert f'value="{house.id}:Attic"' in page
    data = {"kind": "registered", "subject": "The attic", "text": "Mind the stairs.", "purpose": "service"}
    data |= {"organisation": str(evening.people.liverpool.id), "strand": "", "about": f"opening:{evening.opening.id}"}
    data |= {"home": "", "attendance": "", "tag": ""}
    made = olga.post("/organise/broadcasts", data={**data, "states": "confirmed", "said": f"{house.id}:Attic"})
    assert made.status_code == 303
    session.rollback()
    audience = session.scalars(select(Broadcast)).one().audience
    assert (audience["question"], audience["answer"]) == (house.id, "Attic")
    assert "Which house?" in text_of(olga.get(made.location))


def test_the_filter_of_the_roll_begins_a_letter_that_may_wait(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    evening.alice.seats[0].attendance = Attendance.PRESENT
    session.add(RegistrationTag(registration_id=evening.alice.id, tag="Speaker"))
    session.commit()
    asked = f"state=confirmed&home=liverpool&tag=Speaker&answer={evening.diet.id}&said=vegan&attendance=present"
    for page in ("", "/letters/new"):
        link = NEW + text_of(olga.get(f"{evening.home}{page}?{asked}")).split(NEW)[1].partition('"')[0]
        form = text_of(olga.get(link))
        assert set(chosen(form)) >= {"confirmed", "liverpool", "Speaker", f"{evening.diet.id}:Vegan", "present"}
        assert "waiting" not in chosen(form)
        assert "is left out" not in form


def test_what_a_letter_to_many_cannot_choose_by_is_said(evening: Evening, olga: FlaskClient, asked: Question) -> None:
    told = f"?q=alice&share=oxford&follow_up=silent&answer={asked.id}&said=the+attic"
    link = NEW + text_of(olga.get(f"{evening.home}/letters/new{told}&everybody=1")).split(NEW)[1].partition('"')[0]
    page = text_of(olga.get(link))
    words = "what they answered, the name or e-mail “alice”, in whose share they count and whether they answered the"
    assert f"A letter to many cannot choose by {words} follow-up form" in page
    link = NEW + text_of(olga.get(f"{evening.home}/letters/new?id={evening.alice.id}")).split(NEW)[1].partition('"')[0]
    assert "cannot choose by whom you ticked" in text_of(olga.get(link))


def test_a_sensitive_answer_chooses_of_all_for_the_lead_and_of_their_own_members_for_who_shares_it(
    evening: Evening, signed_in: As, session: Session, asked: Question
) -> None:
    session.rollback()
    told = f"opening={evening.opening.id}&answer={evening.diet.id}&said=Vegan"
    omar, olga = signed_in(evening.people.omar), signed_in(evening.people.olga)
    of_omar, of_olga = (text_of(who.get(f"{NEW}?{told}")) for who in (omar, olga))
    assert f"{evening.diet.id}:Vegan" in chosen(of_omar)
    assert f"{evening.diet.id}:Vegan" in chosen(of_olga)
    assert "Vegan (of your own members)" in of_omar
    assert "of your own members" not in of_olga
