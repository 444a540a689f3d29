"""Helpers tick the same companion at once: one check-in, on both databases, and not without the lock of the chair."""

import threading
from collections import Counter

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.door import actions
from programme.engines.registration.door.actions import NOBODY_MEANT, Press
from programme.engines.registration.door.checking import Checked
from programme.engines.registration.door.group import HOST, comers
from programme.engines.registration.models import Companion, CompanionMark, Registration, Seat
from programme.engines.registration.states import Attendance
from programme.engines.registration.together.actions import leave_out
from programme.flows.door.checking_in import check_in, mark_the_rest
from programme.people.permissions import NOBODY
from tests.engines.registration.door.conftest import HERE, TIMES, acts, once, presses, twenty_at_once
from tests.engines.registration.rush import AT_ONCE, NOW, all_at_once
from tests.factories import cast, things


@pytest.fixture
def row(session: Session) -> Registration:
    """Alice, who brings Ben and Cleo."""
    people = cast.assemble(session)
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], most_together=4)
    row = things.registration(session, to=opening, who=people.alice, heads=3)
    row.companions = [Companion(name="Ben Bloom"), Companion(name="Cleo Chen")]
    session.commit()
    return row


def present(session: Session, seat_id: int) -> list[str]:
    session.expire_all()
    return [one.name for one in comers(session.get_one(Seat, seat_id)) if one.attendance is HERE]


@pytest.mark.parametrize("keys", [TIMES, 1])
def test_twenty_ticks_of_one_companion_at_once_are_one_check_in(
    engine: Engine, session: Session, row: Registration, keys: int
) -> None:
    seat_id, ben = row.seats[0].id, frozenset({row.companions[0].id})
    assert twenty_at_once(engine, seat_id, keys, ben) == once(keys)
    assert acts(session) == 1
    assert present(session, seat_id) == ["Ben Bloom"]


def test_helpers_who_tick_several_of_a_group_each_count_them_once(
    engine: Engine, session: Session, row: Registration
) -> None:
    seat_id, found = row.seats[0].id, Counter[Checked]()
    ben, cleo = (one.id for one in row.companions)
    whom = [frozenset({HOST, ben}), frozenset({ben, cleo}), frozenset({cleo, HOST}), None] * 3
    all_at_once(
        lambda who=who: presses(engine, seat_id, Press(wanted=HERE, who=who), found=found)  # type: ignore[misc]
        for who in whom
    )
    assert found.total() == len(whom)
    assert 1 <= found[Checked.DONE] == acts(session) <= 3
    assert present(session, seat_id) == ["Alice Aldgrove", "Ben Bloom", "Cleo Chen"]


def test_without_the_lock_one_tick_fails_or_is_written_down_several_times(
    engine: Engine, session: Session, row: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, failed = threading.Barrier(AT_ONCE, timeout=30), list[str]()

    def only_read(own: Session, seat_id: int) -> Seat:
        found = own.get_one(Seat, seat_id)
        assert comers(found)
        together.wait()
        return found

    monkeypatch.setattr(actions, "locked_seat", only_read)
    seat_id, ben = row.seats[0].id, frozenset({row.companions[0].id})

    def presses_at_once() -> None:
        with Session(engine) as own:
            try:
                check_in(own, seat_id, Press(wanted=HERE, who=ben), actor=NOBODY, now=NOW)
                own.commit()
            except (IntegrityError, OperationalError) as error:
                failed.append(str(error))

    all_at_once(presses_at_once for _ in range(AT_ONCE))
    assert failed or acts(session) > 1


def test_whoever_is_left_out_at_the_same_time_is_gone_and_nothing_fails(
    engine: Engine, session: Session, row: Registration
) -> None:
    seat_id, ben, found, refused = row.seats[0].id, row.companions[0].id, Counter[Checked](), list[str]()

    def leaves() -> None:
        with Session(engine) as own:
            begin_writing(own)
            leave_out(own, row_id, ben, now=NOW)
            own.commit()

    def comes() -> None:
        try:
            presses(engine, seat_id, Press(wanted=HERE, who=frozenset({ben})), found=found)
        except Refusal as refusal:
            refused.append(refusal.sentence)

    row_id = row.id
    all_at_once([comes, comes, leaves, comes, comes])
    assert found.total() + len(refused) == 4
    assert set(refused) <= {NOBODY_MEANT}
    session.expire_all()
    assert session.get_one(Registration, row_id).heads == 2
    assert session.scalars(select(CompanionMark)).all() == []


def test_marking_the_rest_while_helpers_tick_marks_each_once(
    engine: Engine, session: Session, row: Registration
) -> None:
    seat, found, numbers = row.seats[0], Counter[Checked](), list[int]()
    seat_id, event_id, opening_id = seat.id, seat.event_id, row.opening_id
    whom = [frozenset({one.id}) for one in row.companions]

    def marks_the_rest() -> None:
        with Session(engine) as own:
            begin_writing(own)
            unknown = Attendance.UNKNOWN
            numbers.append(mark_the_rest(own, opening_id, event_id, unknown, HERE, actor=NOBODY, now=NOW))
            own.commit()

    ticks = [lambda who=who: presses(engine, seat_id, Press(wanted=HERE, who=who), found=found) for who in whom * 3]
    all_at_once([marks_the_rest, *ticks, marks_the_rest])
    assert sum(numbers) + found[Checked.DONE] == 3
    assert len(present(session, seat_id)) == 3
