"""Walking in where a place is one at several events: a helper of one gives its chair alone, who decides the place."""

import pytest
from sqlalchemy.orm import Session

from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import Attendance, PlacesBy, RegistrationState, SeatState
from tests.factories import things
from tests.screens.door.test_walk_ins import walk_in
from tests.screens.roll.conftest import As, Evening, fresh, letters

WAITLISTED, PENDING, OFFERED = RegistrationState.WAITLISTED, RegistrationState.PENDING, RegistrationState.OFFERED


@pytest.fixture
def two_evenings(with_walk_ins: Evening, session: Session) -> Evening:
    """The same, where a place is one at a second evening, too, and Charlie waits for it."""
    second = things.event(session, lead=with_walk_ins.people.liverpool, title="Second evening")
    with_walk_ins.opening.events.append(second)
    for row in (with_walk_ins.alice, with_walk_ins.bob, with_walk_ins.charlie):
        row.seats.append(Seat(event_id=second.id, changed_at=row.joined_at))
    session.commit()
    return with_walk_ins


def chairs(session: Session, row: Registration, evening: Evening) -> tuple[SeatState, SeatState]:
    """Somebody's chair here, and at the second evening."""
    here, there = sorted(fresh(session, row).seats, key=lambda seat: seat.event_id != evening.event_id)
    return here.state, there.state


@pytest.mark.parametrize("state", [WAITLISTED, PENDING])
def test_a_helper_of_one_event_lets_who_waits_in_there_and_nowhere_else(
    two_evenings: Evening, signed_in: As, session: Session, state: RegistrationState
) -> None:
    charlie = two_evenings.charlie
    charlie.state, two_evenings.opening.places_by = state, PlacesBy.DECISION
    session.commit()
    said = walk_in(signed_in(two_evenings.helper), two_evenings, name="Charlie", address=charlie.address)
    assert "Charlie Chalkwell is here." in said
    assert fresh(session, charlie).state is state, "nobody decided about the place"
    assert chairs(session, charlie, two_evenings) == (SeatState.LENT, SeatState.HELD)
    assert charlie.seats[0].attendance is Attendance.PRESENT
    told = [("week_lent", charlie.address)] if state is WAITLISTED else []
    assert letters(session) == told


def test_whoever_may_decide_gives_the_whole_place(two_evenings: Evening, signed_in: As, session: Session) -> None:
    charlie = two_evenings.charlie
    walk_in(signed_in(two_evenings.people.olga), two_evenings, name="Charlie", address=charlie.address)
    assert fresh(session, charlie).state is RegistrationState.CONFIRMED
    assert chairs(session, charlie, two_evenings) == (SeatState.HELD, SeatState.HELD)


def test_an_offer_stays_to_be_taken_by_whom_it_was_made_to(
    two_evenings: Evening, signed_in: As, session: Session
) -> None:
    charlie = two_evenings.charlie
    charlie.state = OFFERED
    session.commit()
    assert "is here." in walk_in(signed_in(two_evenings.helper), two_evenings, name="Charlie", address=charlie.address)
    assert fresh(session, charlie).state is OFFERED
    assert charlie.seats[0].attendance is Attendance.PRESENT


def test_a_helper_reads_no_name_of_who_is_registered_elsewhere_or_gave_the_date_back(
    two_evenings: Evening, signed_in: As, session: Session
) -> None:
    alice, bob = two_evenings.alice, two_evenings.bob
    here = next(seat for seat in alice.seats if seat.event_id == two_evenings.event_id)
    session.delete(here)
    next(seat for seat in bob.seats if seat.event_id == two_evenings.event_id).state = SeatState.SKIPPED
    session.commit()
    for row, sentence in (
        (alice, "registered, but not for this event"),
        (bob, "has no chair at this event: it was given back, or there was none left"),
    ):
        said = walk_in(signed_in(two_evenings.helper), two_evenings, name="Somebody", address=row.address)
        assert f"This person {sentence}." in said or f"This person is {sentence}." in said
        assert row.name not in said
