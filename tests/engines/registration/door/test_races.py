"""Twenty telephones read one code at once: one check-in, on both databases, and not without the lock."""

import threading
from collections import Counter

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.actions import cancel
from programme.engines.registration.door import actions
from programme.engines.registration.door.actions import Press
from programme.engines.registration.door.checking import Checked
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import RegistrationState
from programme.flows.door.checking_in import check_in
from programme.people.permissions import NOBODY
from tests.engines.registration.door.conftest import HERE, TIMES, acts, once, presses, twenty_at_once
from tests.engines.registration.rush import AT_ONCE, NOW, all_at_once
from tests.factories import cast, things


@pytest.fixture
def seat(session: Session) -> Seat:
    people = cast.assemble(session)
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)])
    row = things.registration(session, to=opening, who=people.alice)
    session.commit()
    return row.seats[0]


@pytest.mark.parametrize("keys", [TIMES, 1])
def test_twenty_presses_at_once_are_one_check_in(engine: Engine, session: Session, seat: Seat, keys: int) -> None:
    assert twenty_at_once(engine, seat.id, keys) == once(keys)
    assert acts(session) == 1
    assert session.get_one(Seat, seat.id).attendance is HERE


def test_without_the_lock_one_check_in_is_written_down_several_times(
    engine: Engine, session: Session, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, failed = threading.Barrier(AT_ONCE, timeout=30), list[str]()

    def only_read(own: Session, seat_id: int) -> Seat:
        found = own.get_one(Seat, seat_id)
        assert found.registration.name
        together.wait()
        return found

    monkeypatch.setattr(actions, "locked_seat", only_read)
    found = Counter[Checked]()

    def presses_at_once() -> None:
        with Session(engine) as own:
            try:
                marked = check_in(own, seat.id, Press(wanted=HERE), actor=NOBODY, now=NOW)
                own.commit()
                found[marked.happened] += 1
            except OperationalError as error:
                failed.append(str(error))

    all_at_once(presses_at_once for _ in range(AT_ONCE))
    assert failed or acts(session) > 1


def test_whoever_cancels_at_the_same_time_is_cancelled_and_nothing_fails(
    engine: Engine, session: Session, seat: Seat
) -> None:
    found = Counter[Checked]()
    refused = list[str]()

    def cancels() -> None:
        with Session(engine) as own:
            begin_writing(own)
            cancel(own, seat.registration_id, now=NOW)
            own.commit()

    def comes() -> None:
        try:
            presses(engine, seat.id, Press(wanted=HERE), found=found)
        except Refusal as refusal:
            refused.append(refusal.sentence)

    all_at_once([comes, comes, cancels, comes, comes])
    session.expire_all()
    row = session.get_one(Registration, seat.registration_id)
    assert row.state is RegistrationState.CANCELLED
    assert found.total() + len(refused) == 4
    assert (row.seats[0].attendance is HERE) == bool(found[Checked.DONE])
    assert all("was cancelled" in said for said in refused)
