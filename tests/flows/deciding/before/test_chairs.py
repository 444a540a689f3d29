"""Chairs of a series that a decision about many moved stand as before once it is undone; what cannot be is said."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy, SeatState
from programme.flows.admitting import change_capacity, promote_registration
from programme.flows.deciding.rounds import decide_further, decide_round
from programme.flows.deciding.undoing import Undone, undo_round
from programme.flows.roll.deciding import Verdict
from programme.flows.series.skipping import leave_series, skip_week, take_week_back
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, states

LATER, LATER_STILL = NOW + timedelta(minutes=2), NOW + timedelta(minutes=4)
HELD, SKIPPED, LENT = SeatState.HELD, SeatState.SKIPPED, SeatState.LENT
ANNA, BEN, CLEO, DAN = (f"{name}@example.org" for name in ("anna", "ben", "cleo", "dan"))


@pytest.fixture
def series(session: Session, people: Cast) -> Opening:
    """Two places at three Tuesdays."""
    weeks = [timedelta(days=7 * one) for one in range(3)]
    events = [things.event(session, lead=people.oxford, title="Colloquium", starts_at=things.SOON + w) for w in weeks]
    row = things.opening(session, events=events, capacity=2)
    session.commit()
    return row


def chairs(session: Session, row: Registration) -> list[SeatState]:
    session.expire_all()
    return [seat.state for seat in row.seats]


def decide(session: Session, opening: Opening, rows: Sequence[Registration], verdict: Verdict, people: Cast) -> int:
    """Omar decides about some at once; commits."""
    ids = [row.id for row in rows]
    decided = decide_round(session, opening.id, ids, verdict, actor=actor_of(people.omar), now=LATER)
    session.commit()
    assert decided.round is not None, decided.carried.problems
    return decided.round.id


def undo(session: Session, made: int, people: Cast) -> Undone:
    """Omar undoes it; commits."""
    undone = undo_round(session, made, actor=actor_of(people.omar), now=LATER_STILL)
    session.commit()
    return undone


def held_letters(session: Session) -> set[str]:
    """Where the letters of the decision stand."""
    made = select(OutboxMessage.state).where(OutboxMessage.created_at == LATER)
    return {state.value for state in session.scalars(made)}


def test_a_lent_chair_is_lent_again_and_whoever_got_it_waits_again(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    anna, _, cleo, dan = [enter(series, address).registration for address in (ANNA, BEN, CLEO, DAN)]
    skip_week(session, anna.id, series.events[0].id, now=NOW)
    session.commit()
    lent_at = cleo.seats[0].lent_at
    made = decide(session, series, [cleo], Verdict.CANCELLATION, people)
    assert (chairs(session, cleo)[0], chairs(session, dan)[0]) == (HELD, LENT)
    undone = undo(session, made, people)
    assert (undone.problems, undone.remarks, len(undone.done)) == ([], [], 2)
    assert (chairs(session, cleo), cleo.seats[0].lent_at) == ([LENT, HELD, HELD], lent_at)
    assert (chairs(session, dan), dan.seats[0].lent_at) == ([HELD] * 3, None)
    assert held_letters(session) == {"cancelled"}


def test_who_moved_up_beside_a_lent_chair_has_it_lent_again(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    anna, ben, cleo, dan = [enter(series, address).registration for address in (ANNA, BEN, CLEO, DAN)]
    skip_week(session, anna.id, series.events[0].id, now=NOW)
    session.commit()
    made = decide(session, series, [ben], Verdict.REFUSAL, people)
    assert (cleo.state, chairs(session, cleo)[0], chairs(session, dan)[0]) == ("confirmed", HELD, LENT)
    undone = undo(session, made, people)
    assert (undone.problems, undone.remarks) == ([], [])
    assert list(states(session).values()) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    assert [chairs(session, row) for row in (anna, ben, cleo, dan)] == [
        [SKIPPED, HELD, HELD],
        [HELD, HELD, HELD],
        [LENT, HELD, HELD],
        [HELD, HELD, HELD],
    ]
    assert held_letters(session) == {"cancelled"}


def test_whoever_lacked_a_chair_with_the_place_holds_all_of_them_again(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    series.capacity = 1
    ben = enter(series, BEN).registration
    series.places_by = PlacesBy.DECISION
    leave_series(session, ben.id, series.events[1].id, now=NOW)
    session.commit()
    cleo = enter(series, CLEO).registration
    made = decide(session, series, [cleo], Verdict.PROMOTION, people)
    assert (cleo.state, chairs(session, cleo)) == ("confirmed", [SKIPPED, HELD, HELD])
    assert undo(session, made, people).remarks == []
    assert (cleo.state, chairs(session, cleo)) == ("pending", [HELD, HELD, HELD])


def test_a_lent_chair_that_was_taken_back_meanwhile_is_said_to_be_gone(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    anna, _, cleo = [enter(series, address).registration for address in (ANNA, BEN, CLEO)]
    skip_week(session, anna.id, series.events[0].id, now=NOW)
    session.commit()
    made = decide(session, series, [cleo], Verdict.CANCELLATION, people)
    take_week_back(session, anna.id, series.events[0].id, now=LATER)
    session.commit()
    undone = undo(session, made, people)
    assert undone.remarks == [
        f"{cleo.name}: The chair that was lent to them on Tue 16 Feb has gone to somebody else meanwhile."
    ]
    assert (cleo.state, chairs(session, cleo)) == ("waitlisted", [HELD] * 3)


def test_a_place_comes_back_without_the_chair_that_somebody_sits_on_now(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    series.capacity = 1
    anna = enter(series, ANNA).registration
    made = decide(session, series, [anna], Verdict.CANCELLATION, people)
    ben = enter(series, BEN, now=LATER).registration
    leave_series(session, ben.id, series.events[1].id, now=LATER)
    session.commit()
    undone = undo(session, made, people)
    told = "Their chair on Tue 16 Feb has gone to somebody else meanwhile; they have their place back without it."
    assert undone.remarks == [f"{anna.name}: {told}"]
    assert (anna.state, chairs(session, anna)) == ("confirmed", [SKIPPED, HELD, HELD])
    assert chairs(session, ben) == [HELD, SKIPPED, SKIPPED]


def test_a_place_beyond_those_left_is_given_back_and_said(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    anna, _ = [enter(series, address).registration for address in (ANNA, BEN)]
    made = decide(session, series, [anna], Verdict.CANCELLATION, people)
    change_capacity(session, series.id, 1, actor=actor_of(people.omar), now=LATER)
    session.commit()
    undone = undo(session, made, people)
    assert (undone.problems, undone.remarks) == (
        [],
        [f"{anna.name}: They have their place back, though no place is left for them."],
    )


def test_whoever_sat_beyond_the_chairs_does_so_again_and_it_is_said(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    series.capacity = 1
    ben = enter(series, BEN).registration
    series.places_by = PlacesBy.DECISION
    leave_series(session, ben.id, series.events[1].id, now=NOW)
    session.commit()
    cleo = enter(series, CLEO).registration
    omar = actor_of(people.omar)
    promote_registration(session, cleo.id, actor=omar, now=NOW, even_if_full=True)
    session.commit()
    made = decide(session, series, [cleo], Verdict.REFUSAL, people)
    undone = undo(session, made, people)
    assert undone.remarks == [f"{cleo.name}: They sit on Tue 16 Feb beyond the chairs that are left."]
    assert (cleo.state, chairs(session, cleo)) == ("confirmed", [HELD] * 3)


def test_a_round_in_parts_is_undone_backwards(session: Session, people: Cast, series: Opening, enter: Enter) -> None:
    series.capacity = 1
    anna, ben, cleo = [enter(series, address).registration for address in (ANNA, BEN, CLEO)]
    omar = actor_of(people.omar)
    first = decide_round(session, series.id, [anna.id], Verdict.REFUSAL, actor=omar, now=LATER)
    assert first.round is not None
    decide_further(session, first.round, [ben.id], actor=omar, now=LATER)
    session.commit()
    assert [row.state for row in (anna, ben, cleo)] == ["refused", "refused", "confirmed"]
    undone = undo(session, first.round.id, people)
    assert (undone.problems, undone.remarks, len(undone.done)) == ([], [], 3)
    assert [row.state for row in (anna, ben, cleo)] == ["confirmed", "waitlisted", "waitlisted"]
    assert held_letters(session) == {"cancelled"}


def test_whoever_is_lent_another_week_by_a_later_part_of_a_round_is_told_of_both(
    session: Session, people: Cast, series: Opening, enter: Enter
) -> None:
    anna, ben, cleo, dan = [enter(series, address).registration for address in (ANNA, BEN, CLEO, DAN)]
    skip_week(session, anna.id, series.events[0].id, now=NOW)
    cleo.takes_weeks = False
    skip_week(session, ben.id, series.events[1].id, now=NOW)
    dan.takes_weeks = False
    session.commit()
    eve = enter(series, "eve@example.org").registration
    omar = actor_of(people.omar)
    first = decide_round(session, series.id, [cleo.id], Verdict.CANCELLATION, actor=omar, now=LATER)
    session.commit()
    assert first.round is not None
    decide_further(session, first.round, [dan.id], actor=omar, now=LATER)
    session.commit()
    assert chairs(session, eve) == [LENT, LENT, HELD]
    theirs = select(OutboxMessage.context).where(OutboxMessage.letter == "week_lent", OutboxMessage.created_at == LATER)
    told = session.scalars(theirs.order_by(OutboxMessage.id)).all()
    assert [context["events"] for context in told] == [[series.events[0].id], [series.events[1].id]]
    undone = undo(session, first.round.id, people)
    assert (undone.problems, undone.remarks) == ([], [])
    assert chairs(session, eve) == [HELD] * 3
    assert held_letters(session) == {"cancelled"}
