"""Two of three workshops: seats at those alone, a full one is refused with what is free, and one may choose again."""

from itertools import count

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.actions import edit
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import SeatState
from programme.flows.registering import SignedUp, SignUp, cancel_registration, sign_up
from programme.flows.scheduling import reached_at
from programme.flows.series.choosing import choose_events
from programme.flows.series.skipping import skip_week
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, letters, states

ANNA, BEN, CLEO, DAN = (f"{name}@example.org" for name in ("anna", "ben", "cleo", "dan"))
KEYS = count()


@pytest.fixture
def workshops(session: Session, people: Cast) -> Opening:
    """Three workshops in rooms of two, for four people."""
    events = [
        things.event(session, lead=people.oxford, title=title, room_capacity=2) for title in ("Lasers", "Ice", "Glass")
    ]
    row = things.opening(session, events=events, capacity=4, title="Workshops", chooses=2)
    session.commit()
    return row


def enters(session: Session, opening: Opening, address: str, *numbers: int) -> SignedUp:
    """Register for some of the workshops, by their numbers."""
    choice = frozenset(opening.events[number].id for number in numbers)
    sent = SignUp(
        name=address, address=address, organisation_id=None, answers={}, choice=choice, form_key=f"c{next(KEYS)}"
    )
    done = sign_up(session, opening.id, sent, actor=NOBODY, now=NOW)
    session.commit()
    return done


def comes_to(session: Session, row: Registration) -> list[str]:
    session.expire_all()
    return sorted(seat.event.title for seat in row.seats if seat.state is not SeatState.SKIPPED)


def left(session: Session, opening: Opening) -> list[int]:
    return [chairs_by_event(session, opening.events)[event.id] for event in opening.events]


def test_there_are_seats_at_what_was_chosen_alone(session: Session, workshops: Opening) -> None:
    row = enters(session, workshops, ANNA, 0, 2).registration
    assert comes_to(session, row) == ["Glass", "Lasers"]
    assert left(session, workshops) == [1, 2, 1]
    told = session.scalars(reached_at([workshops.events[1].id])).all()
    assert told == []


@pytest.mark.parametrize("numbers", [(), (0,), (0, 1, 2)])
def test_not_so_many_are_refused(session: Session, workshops: Opening, numbers: tuple[int, ...]) -> None:
    with pytest.raises(Refusal, match="Choose two"):
        enters(session, workshops, ANNA, *numbers)


def test_an_event_of_another_opening_is_refused(session: Session, people: Cast, workshops: Opening) -> None:
    other = things.event(session, lead=people.oxford)
    choice = frozenset({other.id, workshops.events[0].id})
    sent = SignUp(name="Anna", address=ANNA, organisation_id=None, answers={}, choice=choice, form_key="other")
    with pytest.raises(Refusal, match="not offered any more"):
        sign_up(session, workshops.id, sent, actor=NOBODY, now=NOW)


def test_a_full_one_is_refused_with_what_is_free(session: Session, workshops: Opening) -> None:
    enters(session, workshops, ANNA, 0, 1)
    enters(session, workshops, BEN, 0, 2)
    with pytest.raises(Refusal, match=r"“Lasers” is full\. Still free: “Ice” \(1 left\) and “Glass” \(1 left\)"):
        enters(session, workshops, CLEO, 0, 1)
    session.rollback()
    assert enters(session, workshops, CLEO, 1, 2).registration.state.value == "confirmed"
    assert left(session, workshops) == [0, 0, 0]


def test_who_waits_for_what_is_free_moves_up_past_who_waits_for_what_is_full(
    session: Session, workshops: Opening
) -> None:
    workshops.capacity = 2
    session.commit()
    anna = enters(session, workshops, ANNA, 0, 1).registration
    enters(session, workshops, BEN, 0, 1)
    workshops.events[0].room_capacity = workshops.events[1].room_capacity = 3
    session.commit()
    enters(session, workshops, CLEO, 0, 1)
    workshops.events[0].room_capacity = 1
    session.commit()
    enters(session, workshops, DAN, 1, 2)
    cancel_registration(session, anna.id, now=NOW)
    session.commit()
    assert states(session) == {ANNA: "cancelled", BEN: "confirmed", CLEO: "waitlisted", DAN: "confirmed"}


def test_a_newcomer_for_what_is_free_does_not_wait_behind_who_waits_for_what_is_full(
    session: Session, workshops: Opening
) -> None:
    workshops.capacity = 1
    session.commit()
    enters(session, workshops, ANNA, 0, 1)
    enters(session, workshops, BEN, 0, 1)
    workshops.capacity, workshops.events[0].room_capacity = 3, 1
    session.commit()
    assert enters(session, workshops, CLEO, 1, 2).registration.state.value == "confirmed"
    assert states(session)[BEN] == "waitlisted"


def test_choosing_again_gives_the_chair_to_the_next(session: Session, workshops: Opening) -> None:
    anna = enters(session, workshops, ANNA, 0, 1).registration
    enters(session, workshops, BEN, 0, 1)
    choose_events(session, anna.id, [workshops.events[1].id, workshops.events[2].id], now=NOW)
    session.commit()
    assert comes_to(session, anna) == ["Glass", "Ice"]
    assert left(session, workshops) == [1, 0, 1]
    assert letters(session)[-1] == ("weeks_changed", ANNA)
    revisions = {seat.event.title: seat.revision for seat in anna.seats}
    assert revisions["Lasers"] == 1


def test_choosing_again_what_is_full_is_refused_and_changes_nothing(session: Session, workshops: Opening) -> None:
    enters(session, workshops, ANNA, 0, 1)
    enters(session, workshops, BEN, 0, 1)
    workshops.events[2].room_capacity = 1
    workshops.events[1].room_capacity = 3
    session.commit()
    row = enters(session, workshops, CLEO, 1, 2).registration
    with pytest.raises(Refusal, match="“Lasers” is full"):
        choose_events(session, row.id, [workshops.events[0].id, workshops.events[1].id], now=NOW)
    session.rollback()
    assert comes_to(session, row) == ["Glass", "Ice"]


def test_what_has_begun_is_not_chosen_again(session: Session, workshops: Opening) -> None:
    row = enters(session, workshops, ANNA, 0, 1).registration
    with pytest.raises(Refusal, match="has begun"):
        choose_events(
            session, row.id, [workshops.events[1].id, workshops.events[2].id], now=workshops.events[0].starts_at
        )


def test_a_choice_is_no_series(session: Session, workshops: Opening) -> None:
    row = enters(session, workshops, ANNA, 0, 1).registration
    with pytest.raises(Refusal, match="no series"):
        skip_week(session, row.id, workshops.events[0].id, now=NOW)


def test_how_many_one_chooses_stays_once_people_are_registered(
    session: Session, people: Cast, workshops: Opening
) -> None:
    enters(session, workshops, ANNA, 0, 1)
    details = Details(title="Workshops", event_ids=tuple(event.id for event in workshops.events), capacity=4, chooses=1)
    with pytest.raises(Refusal, match="how many events one chooses stays"):
        edit(session, workshops.id, details, actor=actor_of(people.omar), now=NOW)
