"""A place, the waiting list and time: who has one, who moves up, who lapses, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening
from programme.engines.registration.states import RegistrationState
from programme.flows.registering import cancel_registration, lapse_unproved_holds, prove_registration
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, letters, states

ANNA, BEN, CLEO = "anna@example.org", "ben@example.org", "cleo@example.org"


def test_whoever_cancels_makes_room_for_who_has_waited_longest(
    session: Session, opening: Opening, enter: Enter
) -> None:
    first = enter(opening, ANNA).registration
    enter(opening, BEN)
    enter(opening, CLEO)
    cancel_registration(session, first.id, now=NOW)
    session.commit()
    assert states(session) == {ANNA: "cancelled", BEN: "confirmed", CLEO: "waitlisted"}
    assert letters(session)[-2:] == [("registration_cancelled", ANNA), ("registration_promoted", BEN)]


def test_cancelling_twice_tells_nobody_twice(session: Session, opening: Opening, enter: Enter) -> None:
    row = enter(opening, ANNA).registration
    for _ in range(2):
        cancel_registration(session, row.id, now=NOW)
        session.commit()
    assert letters(session) == [("registration_confirmed", ANNA), ("registration_cancelled", ANNA)]


def test_leaving_the_waiting_list_moves_nobody(session: Session, opening: Opening, enter: Enter) -> None:
    enter(opening, ANNA)
    waiting = enter(opening, BEN).registration
    cancel_registration(session, waiting.id, now=NOW)
    session.commit()
    assert states(session) == {ANNA: "confirmed", BEN: "cancelled"}


def test_after_cancelling_one_may_register_again(session: Session, opening: Opening, enter: Enter) -> None:
    row = enter(opening, ANNA).registration
    cancel_registration(session, row.id, now=NOW)
    session.commit()
    again = enter(opening, ANNA).registration
    assert again.id != row.id
    assert again.state.value == "confirmed"


def test_nobody_moves_up_to_what_has_begun(session: Session, opening: Opening, enter: Enter) -> None:
    row = enter(opening, ANNA).registration
    enter(opening, BEN)
    cancel_registration(session, row.id, now=things.SOON + timedelta(minutes=1))
    session.commit()
    assert states(session)[BEN] == "waitlisted"


def test_an_address_nobody_proves_lapses_and_the_next_moves_up(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    held = enter(opening, ANNA).registration
    assert held.prove_by == NOW + timedelta(hours=opening.unproved_hours)
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    assert lapse_unproved_holds(session, held.prove_by - timedelta(seconds=1)) == 0
    assert lapse_unproved_holds(session, held.prove_by) == 1
    session.commit()
    assert lapse_unproved_holds(session, held.prove_by) == 0
    session.commit()
    assert states(session) == {ANNA: "lapsed", people.bob.address: "confirmed"}
    assert letters(session)[-2:] == [("registration_lapsed", ANNA), ("registration_promoted", people.bob.address)]


def test_when_all_lapse_at_once_none_of_them_moves_up(session: Session, opening: Opening, enter: Enter) -> None:
    for address in (ANNA, BEN, CLEO):
        enter(opening, address)
    assert lapse_unproved_holds(session, NOW + timedelta(days=9)) == 3
    session.commit()
    assert set(states(session).values()) == {"lapsed"}
    assert "registration_promoted" not in {kind for kind, _ in letters(session)}


def test_a_proved_address_keeps_its_place(session: Session, opening: Opening, people: Cast, enter: Enter) -> None:
    row = enter(opening, "new@oxford.example.ac.uk").registration
    prove_registration(session, row.id, now=NOW)
    session.commit()
    assert lapse_unproved_holds(session, NOW + timedelta(days=9)) == 0
    person = session.get_one(Person, row.person_id)
    assert person.address_proved_at == NOW
    assert [tie.organisation_id for tie in person.affiliations] == [people.oxford.id]


def test_proving_too_late_is_refused(session: Session, opening: Opening, enter: Enter) -> None:
    row = enter(opening, ANNA).registration
    with pytest.raises(Refusal, match="run out"):
        prove_registration(session, row.id, now=NOW + timedelta(days=9))


def test_a_place_is_never_held_past_the_start(session: Session, opening: Opening, enter: Enter) -> None:
    late = things.SOON - timedelta(minutes=20)
    assert enter(opening, ANNA, now=late).registration.prove_by == things.SOON


@pytest.mark.parametrize(("state", "words"), [(EventState.CANCELLED, "cancelled"), (EventState.POSTPONED, "postponed")])
def test_nobody_registers_for_what_is_called_off(
    session: Session, opening: Opening, enter: Enter, state: EventState, words: str
) -> None:
    opening.events[0].state, opening.events[0].date_is_known = state, False
    session.commit()
    with pytest.raises(Refusal, match=words):
        enter(opening, ANNA)


def test_registration_goes_on_once_a_postponed_event_has_a_date(
    session: Session, opening: Opening, enter: Enter
) -> None:
    opening.events[0].state = EventState.POSTPONED
    session.commit()
    assert enter(opening, ANNA).registration.state is RegistrationState.CONFIRMED


def test_nobody_registers_for_what_has_begun(opening: Opening, enter: Enter) -> None:
    with pytest.raises(Refusal, match="has begun"):
        enter(opening, ANNA, now=things.SOON)
