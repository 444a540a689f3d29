"""The list of addresses that may register: looked at first, added, taken off; and who registers by it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.states import Eligibility
from programme.people.groups.models import Group, GroupMember
from programme.people.models import Person
from tests.factories.cast import LONG_AGO
from tests.screens.roll.conftest import As, Evening, letters, text_of

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
def test_the_public_pages_say_who_may_and_whoever_is_signed_in_is_refused_with_a_sentence(
    here: str, evening: Evening, olga: FlaskClient, signed_in: As
) -> None:
    olga.post(here, data={"people": ADA})
    guest, form = signed_in(None), f"/openings/{evening.opening.id}/registration"
    assert "people on a list of the organisers" in text_of(guest.get(form, follow_redirects=True))
    shown = text_of(guest.get(f"/events/{evening.event_id}", follow_redirects=True))
    assert "Only for people on the organisers’ list" in shown
    own = evening.people.charlie
    answer = signed_in(own).post(form, data={"name": "Charlie", "email": own.address, "form_key": "k"})
    assert answer.status_code == 303, "he is on the roll already"
    ada = signed_in(evening.people.ada)
    answer = ada.post(form, data={"name": "Ada", "email": evening.people.ada.address, "form_key": "m"})
    assert (answer.status_code, "this address is not on it" in text_of(answer)) == (422, True)
    assert guest.post(form, data={"name": "Ada", "email": ADA.title(), "form_key": "l"}).status_code == 303


@pytest.mark.parametrize("eligibility", [Eligibility.ADDRESSES, Eligibility.GROUP, Eligibility.INVITED])
def test_whoever_types_an_address_learns_not_whether_it_may_register_and_the_address_is_told(
    here: str, evening: Evening, session: Session, signed_in: As, eligibility: Eligibility
) -> None:
    """By the page Ada, who may, and Bea, who may not and whom nobody here knows, are the same."""
    listed = evening.people.ada
    evening.opening.eligibility = eligibility
    theirs = {"opening_id": evening.opening.id, "address": listed.address, "address_key": listed.address_key}
    session.add(ListedAddress(**theirs, added_at=LONG_AGO))
    group = Group(title="Steering", organisation_id=evening.people.liverpool.id, created_at=LONG_AGO)
    group.members = [GroupMember(person_id=listed.id, added_at=LONG_AGO)]
    session.add(group)
    session.flush()
    evening.opening.eligible_group_id = group.id
    session.add(Invitation(**theirs, name="Ada", link_version=1, invited_at=LONG_AGO))
    session.commit()
    guest, form = signed_in(None), f"/openings/{evening.opening.id}/registration"
    answers = [
        guest.post(form, data={"name": "Somebody", "email": email, "form_key": email})
        for email in (BEA, listed.address)
    ]
    assert [(one.status_code, one.location) for one in answers] == [(303, answers[0].location)] * 2
    assert [text_of(guest.get(one.location)) for one in answers] == [text_of(guest.get(answers[0].location))] * 2
    guest.post(form, data={"name": "Somebody", "email": BEA.upper(), "form_key": "again"})
    assert letters(session) == [("address_not_listed", BEA), ("registration_waitlisted", listed.address)]
    assert session.scalars(select(Person).where(Person.address == BEA)).all() == [], "nothing of her is kept"


def test_what_else_stands_in_the_way_is_said_to_both_alike(
    here: str, evening: Evening, session: Session, signed_in: As
) -> None:
    session.add(ListedAddress(opening_id=evening.opening.id, address=ADA, address_key=ADA, added_at=LONG_AGO))
    evening.opening.capacity, evening.opening.has_waiting_list = 2, False
    session.commit()
    guest, form = signed_in(None), f"/openings/{evening.opening.id}/registration"
    for email in (ADA, BEA):
        answer = guest.post(form, data={"name": "Somebody", "email": email, "form_key": email})
        assert answer.status_code == 422
        assert "Every place is taken" in text_of(answer)
    assert letters(session) == []


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
