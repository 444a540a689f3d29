"""A place in a series: one skips a week, the next has its chair, and each is told; or leaves from a date on."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.calendar.ports import Hold, Window
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.door.queries import attendance
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.actions import edit
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.plugs import CALENDAR_SOURCE
from programme.engines.registration.series.chairs import chairs_by_event
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows.registering import cancel_registration
from programme.flows.reminding import queue_due_reminders
from programme.flows.series.skipping import leave_series, skip_week, take_week_back, want_single_weeks
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.conftest import NOW, Enter, letters, states

ANNA, BEN, CLEO, DAN = (f"{name}@example.org" for name in ("anna", "ben", "cleo", "dan"))
WEEK = timedelta(days=7)
HELD, SKIPPED, LENT = SeatState.HELD, SeatState.SKIPPED, SeatState.LENT
R = RegistrationState


@pytest.fixture
def series(session: Session, people: Cast) -> Opening:
    """Two places at four Tuesdays, in a room with two chairs."""
    events = [
        things.event(
            session, lead=people.oxford, title="Colloquium", starts_at=things.SOON + WEEK * one, room_capacity=2
        )
        for one in range(4)
    ]
    row = things.opening(session, events=events, capacity=2)
    session.commit()
    return row


@pytest.fixture
def rows(series: Opening, enter: Enter) -> list[Registration]:
    """Anna and Ben have a place, Cleo and Dan wait."""
    return [enter(series, address).registration for address in (ANNA, BEN, CLEO, DAN)]


def chairs(session: Session, row: Registration) -> list[SeatState]:
    session.expire_all()
    return [seat.state for seat in row.seats]


def skips(session: Session, row: Registration, event: Event) -> None:
    skip_week(session, row.id, event.id, now=NOW)
    session.commit()


def sitting(session: Session, opening: Opening) -> list[int]:
    """How many sit at each event, by their names on the list for the door."""
    return [attendance(session, opening.id, event.id).total() for event in opening.events]


def test_the_chair_of_a_skipped_week_goes_to_who_has_waited_longest(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    assert chairs(session, rows[0]) == [HELD, SKIPPED, HELD, HELD]
    assert chairs(session, rows[2]) == [HELD, LENT, HELD, HELD]
    assert chairs(session, rows[3]) == [HELD] * 4
    assert states(session) == {ANNA: "confirmed", BEN: "confirmed", CLEO: "waitlisted", DAN: "waitlisted"}
    assert letters(session)[-2:] == [("weeks_changed", ANNA), ("week_lent", CLEO)]
    assert sitting(session, series) == [2, 2, 2, 2]
    assert chairs_by_event(session, series.events) == {event.id: 0 for event in series.events}


def test_skipping_twice_changes_and_tells_nothing_twice(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    before = letters(session)
    skips(session, rows[0], series.events[1])
    assert letters(session) == before


def test_a_week_is_taken_back_while_nobody_has_it(session: Session, series: Opening, enter: Enter) -> None:
    anna = enter(series, ANNA).registration
    skips(session, anna, series.events[1])
    take_week_back(session, anna.id, series.events[1].id, now=NOW)
    session.commit()
    assert chairs(session, anna) == [HELD] * 4
    assert letters(session)[-1] == ("weeks_changed", ANNA)


def test_a_week_that_was_lent_is_not_taken_back(session: Session, series: Opening, rows: list[Registration]) -> None:
    skips(session, rows[0], series.events[1])
    with pytest.raises(Refusal, match="somebody who waited"):
        take_week_back(session, rows[0].id, series.events[1].id, now=NOW)


def test_whoever_was_lent_a_chair_may_give_it_back_and_the_next_has_it(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    skips(session, rows[2], series.events[1])
    assert chairs(session, rows[2])[1] is SKIPPED
    assert chairs(session, rows[3])[1] is LENT
    assert states(session)[CLEO] == "waitlisted"


def test_who_wants_no_single_weeks_is_passed_and_keeps_their_turn(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    want_single_weeks(session, rows[2].id, wanted=False, now=NOW)
    skips(session, rows[0], series.events[1])
    assert chairs(session, rows[2])[1] is HELD
    assert chairs(session, rows[3])[1] is LENT
    cancel_registration(session, rows[1].id, now=NOW)
    session.commit()
    assert states(session)[CLEO] == "confirmed"
    assert sitting(session, series) == [2, 2, 2, 2]


def test_who_wants_single_weeks_after_all_has_what_is_free_at_once(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    for row in rows[2:]:
        want_single_weeks(session, row.id, wanted=False, now=NOW)
    skips(session, rows[0], series.events[1])
    want_single_weeks(session, rows[3].id, wanted=True, now=NOW)
    session.commit()
    assert chairs(session, rows[3])[1] is LENT


def test_a_lent_chair_becomes_part_of_the_place_when_its_person_moves_up(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    cancel_registration(session, rows[1].id, now=NOW)
    session.commit()
    assert chairs(session, rows[2]) == [HELD] * 4
    assert chairs(session, rows[3])[1] is LENT
    assert sitting(session, series) == [2, 2, 2, 2]


def test_a_place_is_given_without_the_week_that_is_lent_to_another(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    """Cleo takes no single weeks, so Dan has one; then Anna, whose week it was, leaves for good."""
    want_single_weeks(session, rows[2].id, wanted=False, now=NOW)
    skips(session, rows[0], series.events[1])
    cancel_registration(session, rows[0].id, now=NOW)
    session.commit()
    assert states(session)[CLEO] == "confirmed"
    assert chairs(session, rows[2]) == [HELD, SKIPPED, HELD, HELD]
    assert sitting(session, series) == [2, 2, 2, 2]


def test_whoever_comes_too_late_for_a_place_has_the_chair_that_nobody_took(
    session: Session, series: Opening, enter: Enter
) -> None:
    anna = enter(series, ANNA).registration
    enter(series, BEN)
    skips(session, anna, series.events[1])
    late = enter(series, CLEO).registration
    assert chairs(session, late) == [HELD, LENT, HELD, HELD]
    assert letters(session)[-2:] == [("registration_waitlisted", CLEO), ("week_lent", CLEO)]


def test_what_was_lent_is_not_taken_from_who_moves_up(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    cancel_registration(session, rows[0].id, now=NOW)
    session.commit()
    assert states(session)[CLEO] == "confirmed"
    assert chairs(session, rows[2]) == [HELD] * 4
    assert sitting(session, series) == [2, 2, 2, 2]


def test_whoever_leaves_the_list_gives_the_lent_chair_to_the_next(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    cancel_registration(session, rows[2].id, now=NOW)
    session.commit()
    assert chairs(session, rows[3])[1] is LENT


def test_leaving_from_a_date_on_gives_the_next_the_rest(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    left = leave_series(session, rows[0].id, series.events[2].id, now=NOW)
    session.commit()
    assert [row.address for row in left.promoted] == [CLEO]
    assert chairs(session, rows[0]) == [HELD, HELD, SKIPPED, SKIPPED]
    assert chairs(session, rows[2]) == [SKIPPED, SKIPPED, HELD, HELD]
    assert states(session) == {ANNA: "confirmed", BEN: "confirmed", CLEO: "confirmed", DAN: "waitlisted"}
    assert sitting(session, series) == [2, 2, 2, 2]
    assert letters(session)[-2:] == [("weeks_changed", ANNA), ("registration_promoted", CLEO)]


def test_a_date_added_later_is_not_of_who_has_left_before_it(
    session: Session, people: Cast, series: Opening, rows: list[Registration]
) -> None:
    leave_series(session, rows[0].id, series.events[2].id, now=NOW)
    late = things.event(session, lead=people.oxford, starts_at=things.SOON + WEEK * 5, room_capacity=2)
    session.commit()
    details = Details(title=series.title, event_ids=(*(event.id for event in series.events), late.id), capacity=2)
    edit(session, series.id, details, actor=actor_of(people.omar), now=NOW)
    session.commit()
    assert chairs(session, rows[0])[-1] is SKIPPED
    assert [chairs(session, row)[-1] for row in rows[1:3]] == [HELD, HELD]
    assert sitting(session, series) == [2] * 5


def test_leaving_from_the_first_date_on_is_cancelling(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    assert leave_series(session, rows[0].id, series.events[0].id, now=NOW).has_ended
    session.commit()
    assert states(session)[ANNA] == "cancelled"
    assert letters(session)[-2:] == [("registration_cancelled", ANNA), ("registration_promoted", CLEO)]


def test_what_has_begun_is_neither_skipped_nor_left(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    late = series.events[1].starts_at
    for verb in (skip_week, leave_series):
        with pytest.raises(Refusal, match="begun"):
            verb(session, rows[0].id, series.events[1].id, now=late)


def test_one_event_is_no_series(session: Session, opening: Opening, enter: Enter) -> None:
    row = enter(opening, ANNA).registration
    with pytest.raises(Refusal, match="no series"):
        skip_week(session, row.id, opening.events[0].id, now=NOW)


def test_whoever_comes_when_weeks_are_over_has_the_chairs_to_come(
    session: Session, series: Opening, enter: Enter
) -> None:
    late = enter(series, ANNA, now=series.events[1].ends_at).registration
    assert chairs(session, late) == [SKIPPED, SKIPPED, HELD, HELD]


def test_personal_calendars_follow_and_sequence_rises(
    session: Session, series: Opening, rows: list[Registration]
) -> None:
    window = Window(LONG_AGO, LONG_AGO)

    def items(row: Registration) -> dict[int, tuple[Hold, int]]:
        assert row.person_id is not None
        return {it.event_id: (it.hold, it.revision) for it in CALENDAR_SOURCE.items(session, row.person_id, window)}

    event = series.events[1]
    before = items(rows[0])[event.id]
    assert items(rows[2]) == {}
    skips(session, rows[0], event)
    hold, revision = items(rows[0])[event.id]
    assert (before[0], hold) == (Hold.FIRM, Hold.WITHDRAWN)
    assert revision > before[1]
    lent = items(rows[2])
    assert list(lent) == [event.id]
    assert lent[event.id][0] is Hold.FIRM
    skips(session, rows[2], event)
    assert items(rows[2])[event.id][0] is Hold.WITHDRAWN
    assert items(rows[2])[event.id][1] > lent[event.id][1]


def test_letters_carry_what_is_held_and_what_is_taken_out(
    app: Flask, session: Session, series: Opening, rows: list[Registration]
) -> None:
    skips(session, rows[0], series.events[1])
    files = {}
    for row in session.scalars(select(OutboxMessage).where(OutboxMessage.letter.in_(["weeks_changed", "week_lent"]))):
        composed = app.extensions["mail_room"].letters[row.letter].compose(session, row, now=NOW)
        files[row.letter] = composed.attachments[0].content.decode()
    assert files["weeks_changed"].count("STATUS:CONFIRMED") == 3
    assert files["weeks_changed"].count("STATUS:CANCELLED") == 1
    assert files["week_lent"].count("BEGIN:VEVENT") == 1
    assert "STATUS:CONFIRMED" in files["week_lent"]


def test_reminders_go_to_who_sits_there(session: Session, series: Opening, rows: list[Registration]) -> None:
    event = series.events[1]
    ensure_default_rule(session, event.id, LONG_AGO)
    session.commit()
    skips(session, rows[0], event)
    queue_due_reminders(session, event.starts_at - timedelta(hours=20))
    session.commit()
    assert sorted(who for kind, who in letters(session) if kind == "event_reminder") == [BEN, CLEO]
