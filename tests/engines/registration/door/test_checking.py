"""What a press comes to: judged against the whole story of a chair, told as a list."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from programme.engines.registration.door.checking import Checked, came_at, checked
from programme.engines.registration.states import HOLDING, Attendance, RegistrationState, SeatState

NOW = datetime(2027, 2, 16, 14, 0, tzinfo=UTC)
A = Attendance


def press(
    wanted: Attendance,
    attendance: Attendance = A.UNKNOWN,
    *,
    registration: RegistrationState = RegistrationState.CONFIRMED,
    seat: SeatState = SeatState.HELD,
    was_taken_in: bool = False,
) -> Checked:
    return checked(
        registration=registration, seat=seat, attendance=attendance, wanted=wanted, was_taken_in=was_taken_in
    )


@given(some.lists(some.tuples(some.sampled_from(A), some.integers(0, 3)), max_size=12))
def test_sent_again_in_any_order_every_press_counts_once(presses: list[tuple[Attendance, int]]) -> None:
    """The slow model: throw away whatever was sent before, then do one after the other."""
    slow = A.UNKNOWN
    for wanted, _ in dict.fromkeys(presses):
        slow = wanted
    now, taken_in = A.UNKNOWN, set[tuple[Attendance, int]]()
    for one in presses:
        if press(one[0], now, was_taken_in=one in taken_in) is Checked.DONE:
            now = one[0]
        taken_in.add(one)
    assert now is slow


@given(some.sampled_from(RegistrationState), some.sampled_from(SeatState), some.sampled_from([A.PRESENT, A.ABSENT]))
def test_nobody_is_marked_without_a_chair_that_is_held(
    registration: RegistrationState, seat: SeatState, wanted: Attendance
) -> None:
    has_place = seat is SeatState.LENT or (registration in HOLDING and seat is SeatState.HELD)
    found = press(wanted, registration=registration, seat=seat)
    assert found is (Checked.DONE if has_place else Checked.NO_PLACE)


def test_a_mark_is_taken_back_even_from_somebody_whose_place_is_gone() -> None:
    assert press(A.UNKNOWN, A.PRESENT, registration=RegistrationState.CANCELLED) is Checked.DONE


def test_a_telephone_is_believed_for_a_day_and_never_about_the_future() -> None:
    an_hour_ago = NOW - timedelta(hours=1)
    assert came_at(an_hour_ago, now=NOW) == an_hour_ago
    for odd in (None, NOW + timedelta(seconds=1), NOW - timedelta(hours=24)):
        assert came_at(odd, now=NOW) == NOW
