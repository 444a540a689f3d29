"""The list of addresses that may register: looked at first, added, taken off; and who registers by it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.eligibility.models import ListedAddress
from programme.engines.registration.states import Eligibility
from tests.screens.roll.conftest import As, Evening, text_of

ADA, BEA = "ada@example.org", "bea@example.org"


@pytest.fixture
def here(evening: Evening, session: Session) -> str:
    evening.opening.eligibility, evening.opening.capacity = Eligibility.ADDRESSES, 30
    evening.opening.questionnaire_id = None
    session.commit()
    return f"{evening.home}/addresses"


@pytest.mark.one_database
def test_addresses_are_added_once_and_taken_off(here: str, olga: FlaskClient, session: Session) -> None:
    page = text_of(olga.post(f"{here}/preview", data={"people": f"{ADA}\nnobody"}))
    assert "1 of 2 lines can be taken" in page
    assert session.scalars(select(ListedAddress)).all() == []
    assert "2 addresses added." in text_of(olga.post(here, data={"people": f"{ADA}\n{BEA}"}, follow_redirects=True))
    assert "0 addresses added." in text_of(olga.post(here, data={"people": ADA.upper()}, follow_redirects=True))
    assert "2 addresses may register." in text_of(olga.get(here))
    taken = text_of(olga.post(f"{here}/removals", data={"id": [BEA]}, follow_redirects=True))
    assert "1 address taken off." in taken
    assert BEA not in text_of(olga.get(here))
    assert "Tick at least one address first." in text_of(olga.post(f"{here}/removals", follow_redirects=True))


@pytest.mark.one_database
def test_the_public_pages_say_who_may_and_the_form_refuses_others_with_a_sentence(
    here: str, evening: Evening, olga: FlaskClient, signed_in: As
) -> None:
    olga.post(here, data={"people": ADA})
    guest, form = signed_in(None), f"/openings/{evening.opening.id}/registration"
    assert "people on a list of the organisers" in text_of(guest.get(form, follow_redirects=True))
    shown = text_of(guest.get(f"/events/{evening.event_id}", follow_redirects=True))
    assert "Only for people on the organisers’ list" in shown
    answer = guest.post(form, data={"name": "Bea", "email": BEA, "form_key": "k"})
    assert (answer.status_code, "this address is not on it" in text_of(answer)) == (422, True)
    assert guest.post(form, data={"name": "Ada", "email": ADA.title(), "form_key": "l"}).status_code == 303


@pytest.mark.one_database
def test_a_group_is_chosen_in_the_settings(evening: Evening, olga: FlaskClient, session: Session) -> None:
    values = {"title": "Talk", "eligibility": "group", "places_by": "first_come", "events": evening.event_id}
    answer = olga.post(f"{evening.home}/edit", data=values)
    assert "Choose the group whose people may register." in text_of(answer)
    made = olga.post(
        "/organise/groups", data={"title": "Steering", "organisation": evening.people.liverpool.id, "strand": ""}
    )
    group = int(made.location.rpartition("/")[2])
    olga.post(f"{evening.home}/edit", data={**values, "eligible_group_id": group})
    session.expire_all()
    assert (evening.opening.eligibility, evening.opening.eligible_group_id) == (Eligibility.GROUP, group)
    assert olga.post(f"{evening.home}/edit", data={**values, "eligible_group_id": 4711}).status_code == 422
