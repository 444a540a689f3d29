"""Several under one registration: all or none of them, singles pass them, and each place is given back by itself."""

from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.engines.questionnaire.actions import add_question, asked_by, new_questionnaire
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.models import Companion, Opening, Quota, Registration
from programme.engines.registration.openings.options import full_options
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.together.actions import bring
from programme.flows.companions.bringing import answer_for, stay_away
from programme.flows.keeping.erasing import erase_person
from programme.flows.registering import SignedUp, SignUp, cancel_registration, sign_up
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.conftest import NOW, letters, states

ANNA, BEN, CLEO, DAN = (f"{name}@example.org" for name in ("anna", "ben", "cleo", "dan"))
KEYS = count()


@pytest.fixture
def dinner(session: Session, people: Cast) -> Opening:
    """Five places at a dinner, for four at most in one registration."""
    event = things.event(session, lead=people.oxford, title="Dinner", room_capacity=5)
    row = things.opening(session, events=[event], capacity=5, most_together=4)
    session.commit()
    return row


def enters(session: Session, opening: Opening, address: str, *others: str) -> SignedUp:
    """Register with others."""
    sent = SignUp(
        name=address, address=address, organisation_id=None, answers={}, others=others, form_key=f"g{next(KEYS)}"
    )
    done = sign_up(session, opening.id, sent, actor=NOBODY, now=NOW)
    session.commit()
    return done


def left(session: Session, opening: Opening) -> int:
    return chairs_by_event(session, opening.events)[opening.events[0].id]


def test_each_of_a_group_takes_a_place_and_a_chair(session: Session, dinner: Opening) -> None:
    row = enters(session, dinner, ANNA, "Bea", "Cem").registration
    assert (row.heads, [one.name for one in row.companions]) == (3, ["Bea", "Cem"])
    assert left(session, dinner) == 2


def test_more_than_one_may_bring_are_refused(session: Session, dinner: Opening, opening: Opening) -> None:
    with pytest.raises(Refusal, match="3 others at most"):
        enters(session, dinner, ANNA, "Bea", "Cem", "Dee", "Eve")
    session.rollback()
    with pytest.raises(Refusal, match="registers for themselves"):
        enters(session, opening, ANNA, "Bea")


def test_a_group_waits_as_a_whole_singles_pass_it_and_it_keeps_its_turn(session: Session, dinner: Opening) -> None:
    first = enters(session, dinner, ANNA, "Bea", "Cem").registration
    enters(session, dinner, BEN, "Dee", "Eve")
    assert states(session)[BEN] == "waitlisted"
    enters(session, dinner, CLEO)
    enters(session, dinner, DAN)
    late = enters(session, dinner, "fay@example.org").registration
    assert list(states(session).values()) == ["confirmed", "waitlisted", "confirmed", "confirmed", "waitlisted"]
    cancel_registration(session, first.id, now=NOW)
    session.commit()
    assert states(session)[BEN] == "confirmed"
    assert states(session)[late.address] == "waitlisted"
    assert left(session, dinner) == 0


def test_leaving_one_out_gives_one_place_to_the_next(session: Session, dinner: Opening) -> None:
    row = enters(session, dinner, ANNA, "Bea", "Cem", "Dee").registration
    enters(session, dinner, BEN)
    enters(session, dinner, CLEO)
    gone = row.companions[1]
    assert stay_away(session, row.id, gone.id, now=NOW).name == "Cem"
    session.commit()
    assert states(session) == {ANNA: "confirmed", BEN: "confirmed", CLEO: "confirmed"}
    assert row.heads == 3
    assert letters(session)[-1] == ("registration_promoted", CLEO)
    before = letters(session)
    assert not stay_away(session, row.id, gone.id, now=NOW).name
    session.commit()
    assert letters(session) == before


def test_a_smaller_group_that_waits_fits_sooner(session: Session, dinner: Opening) -> None:
    enters(session, dinner, ANNA, "Bea", "Cem")
    waits = enters(session, dinner, BEN, "Dee", "Eve").registration
    stay_away(session, waits.id, waits.companions[0].id, now=NOW)
    session.commit()
    assert states(session)[BEN] == "confirmed"


def test_one_more_is_brought_only_where_nobody_waits_for_the_place(session: Session, dinner: Opening) -> None:
    row = enters(session, dinner, ANNA, "Bea").registration
    bring(session, row.id, "Cem", now=NOW)
    session.commit()
    assert (row.heads, left(session, dinner)) == (3, 2)
    enters(session, dinner, BEN, "Dee")
    with pytest.raises(Refusal, match="no place left"):
        bring(session, row.id, "Eve", now=NOW)
    session.rollback()
    assert row.heads == 3


def test_a_group_counts_for_the_home_of_who_registers(session: Session, people: Cast, dinner: Opening) -> None:
    dinner.quotas = [Quota(organisation_id=people.oxford.id, places=3, release_days=1)]
    session.commit()
    guests = enters(session, dinner, ANNA, "Bea", "Cem").registration
    assert guests.state.value == "waitlisted"
    bob = enters(session, dinner, people.bob.address, "Dee", "Eve").registration
    assert (bob.state.value, bob.counts_for_id, bob.heads) == ("confirmed", people.oxford.id, 3)


def test_letters_name_who_comes_along(app: Flask, session: Session, dinner: Opening) -> None:
    enters(session, dinner, ANNA, "Bea Bloggs", "Cem Can")
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "registration_confirmed")).one()
    composed = app.extensions["mail_room"].letters[row.letter].compose(session, row, now=NOW)
    assert composed.variables["it"].others == ("Bea Bloggs", "Cem Can")


def test_those_who_come_along_answer_for_themselves_and_count_for_options(session: Session, dinner: Opening) -> None:
    form = new_questionnaire(session, now=LONG_AGO)
    settings = {"options": ["Fish", "Beans"], "places": {"Fish": 1}}
    menu = add_question(session, form, kind="one_of", label="Menu", settings=settings)
    dinner.questionnaire = form
    session.commit()
    row = enters(session, dinner, ANNA, "Bea", "Cem").registration
    bea, cem = row.companions
    answer_for(session, row.id, bea.id, {menu.id: "Fish"}, now=NOW)
    session.commit()
    assert full_options(session, dinner.id, asked_by(form)) == {menu.id: frozenset({"Fish"})}
    with pytest.raises(Refusal, match="“Fish” is full"):
        answer_for(session, row.id, cem.id, {menu.id: "Fish"}, now=NOW)
    session.rollback()
    stay_away(session, row.id, bea.id, now=NOW)
    session.commit()
    assert session.scalars(select(Answer)).all() == []
    answer_for(session, row.id, cem.id, {menu.id: "Fish"}, now=NOW)


def test_deleting_who_registered_deletes_who_came_along(app: Flask, session: Session, dinner: Opening) -> None:
    row = enters(session, dinner, ANNA, "Bea", "Cem").registration
    assert row.person is not None
    erase_person(session, row.person, app.extensions["keepers"], actor=NOBODY, now=NOW)
    session.commit()
    session.expire_all()
    assert {one.name for one in session.scalars(select(Companion))} == {"Name deleted"}
    assert session.scalars(select(Registration.heads)).all() == [3]
