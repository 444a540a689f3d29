"""Why somebody got a reminder or not: one answer always, and never one that the record contradicts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.mail.states import OutboxState
from programme.engines.reminders.reasons import BY_LETTER, Case, Reason, reason

NOON = datetime(2027, 2, 16, 12, tzinfo=UTC)
instants = st.integers(-50, 50).map(lambda hours: NOON + timedelta(hours=hours))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Anything that the record can hold."""
    due = draw(st.none() | instants)
    return Case(
        now=NOON,
        made_at=draw(instants),
        is_active=draw(st.booleans()),
        letter=draw(st.none() | st.sampled_from(OutboxState)),
        was_taken_back=draw(st.booleans()),
        came_back=draw(st.booleans()),
        due=due,
        until=None if due is None else due + timedelta(hours=draw(st.integers(1, 60))),
        is_of=draw(st.booleans()),
        was_of=draw(st.booleans()),
    )


@given(case=cases())
def test_what_the_letter_says_is_believed(case: Case) -> None:
    found = reason(case)
    assert (found is Reason.WENT) == (case.letter is OutboxState.SENT and not case.came_back)
    if found is Reason.CAME_BACK:
        assert case.came_back
    elif case.letter is not None and case.letter in BY_LETTER:
        assert found is BY_LETTER[case.letter]
    if found is Reason.TAKEN_BACK:
        assert case.letter is OutboxState.CANCELLED
        assert case.was_taken_back


@given(case=cases())
def test_who_will_get_it_is_among_those_it_is_for_before_it_is_due(case: Case) -> None:
    found = reason(case)
    if found is Reason.WILL_GO:
        assert case.is_active
        assert case.is_of
        assert case.was_of
        assert case.due is not None
        assert case.now < case.due
    if found is Reason.DUE_NOW:
        assert case.due is not None
        assert case.until is not None
        assert case.made_at <= case.due <= case.now < case.until


@given(case=cases())
def test_nothing_is_promised_of_a_rule_that_sends_nothing(case: Case) -> None:
    if not case.is_active or case.due is None or case.made_at > case.due:
        assert reason(case) not in {Reason.WILL_GO, Reason.DUE_NOW, Reason.MISSED, Reason.CAME_LATE, Reason.NOT_AMONG}


@given(case=cases())
def test_cancelled_letter_alone_explains_nothing(case: Case) -> None:
    if case.letter is OutboxState.CANCELLED and not case.was_taken_back:
        assert reason(case) == reason(replace(case, letter=None))
