"""What organisers decide: out of turn, no, on behalf, by ballot, with more places."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.registration.models import Opening
from programme.engines.registration.states import Attendance, PlacesBy
from programme.flows import admitting
from programme.flows.attending import mark
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, letters, states

ANNA, BEN, CLEO = "anna@example.org", "ben@example.org", "cleo@example.org"


def test_a_given_one_moves_up_out_of_turn_only_where_there_is_a_place_or_beyond_it(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    enter(opening, ANNA)
    waiting = enter(opening, BEN).registration
    olga = actor_for(people.olga)
    with pytest.raises(Refusal, match="Every place is taken"):
        admitting.promote_registration(session, waiting.id, actor=olga, now=NOW)
    session.rollback()
    admitting.promote_registration(session, waiting.id, actor=olga, now=NOW, even_if_full=True)
    session.commit()
    assert states(session) == {ANNA: "confirmed", BEN: "confirmed"}
    assert letters(session)[-1] == ("registration_promoted", BEN)
    assert session.scalars(select(AuditEntry.verb)).all() == ["promote"]


def test_refusing_somebody_with_a_place_moves_the_next_up(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    row = enter(opening, ANNA).registration
    enter(opening, BEN)
    admitting.refuse_registration(
        session, row.id, reason="For first-years only.", actor=actor_for(people.olga), now=NOW
    )
    session.commit()
    assert states(session) == {ANNA: "refused", BEN: "confirmed"}
    assert letters(session)[-2:] == [("registration_refused", ANNA), ("registration_promoted", BEN)]


def test_a_no_that_is_said_twice_is_told_and_written_down_once(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    row = enter(opening, ANNA).registration
    for _ in range(2):
        admitting.refuse_registration(session, row.id, reason="Full.", actor=actor_for(people.olga), now=NOW)
        session.commit()
    assert letters(session).count(("registration_refused", ANNA)) == 1
    assert session.scalars(select(AuditEntry.verb)).all() == ["refuse"]


def test_an_organiser_who_decides_gives_a_group_no_place_that_is_not_there_for_all_of_it(
    session: Session, opening: Opening, people: Cast
) -> None:
    opening.places_by, opening.most_together = PlacesBy.DECISION, 2
    session.commit()
    olga = actor_for(people.olga)
    admitting.add_person(session, opening.id, name="Ben", address=BEN, others=("Noor",), actor=olga, now=NOW)
    admitting.add_person(session, opening.id, name="Anna", address=ANNA, actor=olga, now=NOW)
    session.commit()
    assert states(session) == {BEN: "pending", ANNA: "confirmed"}


def test_a_ballot_without_a_waiting_list_refuses_the_others_and_tells_each_once(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    opening.places_by, opening.has_waiting_list = PlacesBy.BALLOT, False
    session.commit()
    for address in (ANNA, BEN):
        enter(opening, address)
    admitting.draw_places(session, opening.id, actor=actor_for(people.olga), now=NOW)
    session.commit()
    assert sorted(states(session).values()) == ["confirmed", "refused"]
    assert sorted(kind for kind, _ in letters(session)[2:]) == ["registration_confirmed", "registration_refused"]


def test_more_places_move_up_as_many_as_wait(session: Session, opening: Opening, people: Cast, enter: Enter) -> None:
    for address in (ANNA, BEN, CLEO):
        enter(opening, address)
    assert admitting.change_capacity(session, opening.id, 2, actor=actor_for(people.olga), now=NOW) == 1
    session.commit()
    assert states(session) == {ANNA: "confirmed", BEN: "confirmed", CLEO: "waitlisted"}


def test_fewer_places_take_nothing_from_anybody(session: Session, opening: Opening, people: Cast, enter: Enter) -> None:
    enter(opening, ANNA)
    admitting.change_capacity(session, opening.id, 0, actor=actor_for(people.olga), now=NOW)
    session.commit()
    assert states(session) == {ANNA: "confirmed"}


def test_somebody_added_on_behalf_waits_like_others_unless_admitted_beyond(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    enter(opening, ANNA)
    olga = actor_for(people.olga)
    admitting.add_person(session, opening.id, name="Ben", address=BEN, actor=olga, now=NOW)
    admitting.add_person(session, opening.id, name="Cleo", address=CLEO, actor=olga, now=NOW, even_if_full=True)
    twice = admitting.add_person(session, opening.id, name="Ben", address=BEN, actor=olga, now=NOW)
    session.commit()
    assert twice.happened.value == "already"
    assert states(session) == {ANNA: "confirmed", BEN: "waitlisted", CLEO: "confirmed"}
    assert letters(session)[-2:] == [("registration_waitlisted", BEN), ("registration_confirmed", CLEO)]


def test_a_ballot_gives_the_places_once_and_tells_everybody(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    opening.places_by, opening.capacity = PlacesBy.BALLOT, 2
    session.commit()
    for address in (ANNA, BEN, CLEO):
        enter(opening, address)
    assert set(states(session).values()) == {"pending"}
    admitting.draw_places(session, opening.id, actor=actor_for(people.olga), now=NOW)
    session.commit()
    assert sorted(states(session).values()) == ["confirmed", "confirmed", "waitlisted"]
    assert sorted(kind for kind, _ in letters(session)[3:]) == [
        "registration_confirmed",
        "registration_confirmed",
        "registration_waitlisted",
    ]
    with pytest.raises(Refusal, match="drawn already"):
        admitting.draw_places(session, opening.id, actor=actor_for(people.olga), now=NOW)


def test_attendance_is_marked_only_for_those_with_a_place(
    session: Session, opening: Opening, people: Cast, enter: Enter
) -> None:
    held, waiting = enter(opening, ANNA).registration, enter(opening, BEN).registration
    seat = mark(session, held.seats[0].id, Attendance.PRESENT, actor=actor_for(people.olga), now=NOW)
    session.commit()
    assert (seat.attendance, seat.attended_at) == (Attendance.PRESENT, NOW)
    with pytest.raises(Refusal, match="has no place"):
        mark(session, waiting.seats[0].id, Attendance.PRESENT, actor=actor_for(people.olga), now=NOW)
