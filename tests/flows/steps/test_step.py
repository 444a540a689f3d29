"""The order of steps: what needs an answer comes once and by its deadline, dates in the order of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from programme.flows.steps.step import Act, Kind, Step, dated, needs_answer, undated

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
GO = Act("Go", "/go")
HOURS = st.none() | st.integers(-5, 5)


def later(hours: int | None) -> datetime | None:
    """So many hours from now."""
    return None if hours is None else NOW + timedelta(hours=hours)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Some step."""
    return Step(
        kind=draw(st.sampled_from(Kind)),
        about=draw(st.sampled_from("abc")),
        title=draw(st.sampled_from("xyz")),
        look="confirmed",
        starts_at=later(draw(HOURS)),
        due=later(draw(HOURS)),
        next=draw(st.sampled_from([None, GO])),
    )


@given(st.lists(steps(), max_size=8))
def test_each_thing_that_waits_for_its_person_is_asked_for_once(some: list[Step]) -> None:
    wanted = set()
    for step in some:
        in_time = step.due is not None and step.due > NOW
        without = step.due is None and step.kind in (Kind.OFFERED, Kind.DO)
        if step.next is not None and (in_time or without):
            wanted.add(step.about)
    found = needs_answer(some, NOW)
    assert sorted(step.about for step in found) == sorted(wanted)


@given(st.lists(steps(), max_size=8))
def test_earliest_deadline_comes_first_and_what_has_none_last(some: list[Step]) -> None:
    dues = [step.due for step in needs_answer(some, NOW)]
    known = [due for due in dues if due is not None]
    assert dues == [*sorted(known), *[None] * (len(dues) - len(known))]


@given(st.lists(steps(), max_size=8))
def test_of_one_thing_the_earliest_deadline_is_told(some: list[Step]) -> None:
    for told in needs_answer(some, NOW):
        same = [it.due for it in some if it.about == told.about and it.next and it.due and it.due > NOW]
        assert told.due == (min(same) if same else None)


@given(st.lists(steps(), max_size=8))
def test_dates_are_in_order_and_nothing_is_lost(some: list[Step]) -> None:
    known = dated(some)
    starts = [step.starts_at for step in known if step.starts_at]
    assert starts == sorted(starts)
    assert len(known) + len(undated(some)) == len(some)
