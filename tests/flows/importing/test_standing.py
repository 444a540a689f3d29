"""What becomes of an event that was brought in as a draft, once its row says published, cancelled or postponed."""

from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.reading.rows import RowStatus
from programme.engines.calendar.reading.standing import Step, step
from programme.engines.calendar.states import EventState
from programme.flows import scheduling
from tests.flows.importing.conftest import NOW, OMAR, Bring, Look, line
from tests.flows.importing.test_changing import only_event

LIVE = {Step.PUBLISH, Step.REINSTATE}
D, P, X, W = EventState.DRAFT, EventState.PUBLISHED, EventState.CANCELLED, EventState.POSTPONED


def test_no_row_that_says_cancelled_or_postponed_ever_becomes_a_live_event() -> None:
    for state, announced, leave, changed in product(EventState, (True, False), (True, False), (True, False)):
        for status in (RowStatus.CANCELLED, RowStatus.POSTPONED, RowStatus.DRAFT):
            known = {"was_announced": announced, "publish": leave, "is_changed": changed}
            assert step(status, state, **known) not in LIVE


def test_nothing_that_nobody_was_told_of_is_shown_without_leave() -> None:
    for status, state, changed in product(RowStatus, (D, X), (True, False)):
        done = step(status, state, was_announced=False, publish=False, is_changed=changed)
        assert done in {Step.NOTHING, Step.CANCEL}


def test_what_people_know_of_follows_only_changes() -> None:
    for status, state, leave in product(RowStatus, EventState, (True, False)):
        assert step(status, state, was_announced=True, publish=leave, is_changed=False) is Step.NOTHING


@pytest.mark.parametrize(
    ("then", "publish", "state", "is_announced", "is_known"),
    [
        ("published", True, P, True, True),
        ("published", False, D, False, True),
        ("", True, P, True, True),
        ("cancelled", True, X, True, True),
        ("cancelled", False, X, False, True),
        ("postponed", True, W, True, False),
        ("postponed", False, D, False, True),
        ("draft", True, D, False, True),
    ],
)
@pytest.mark.parametrize("first", ["draft", "published"])
def test_draft_of_an_earlier_import_becomes_what_its_row_says_now(
    session: Session,
    bring: Bring,
    first: str,
    then: str,
    state: EventState,
    *,
    publish: bool,
    is_announced: bool,
    is_known: bool,
) -> None:
    bring(line(status=first), publish=False)
    outcome = bring(line(status=then), publish=publish)
    event = only_event(session)
    assert (event.state, event.published_at is not None, event.date_is_known) == (state, is_announced, is_known)
    assert outcome.published == (state is P)
    assert outcome.told == 0


@pytest.mark.parametrize(("status", "state"), [("cancelled", X), ("postponed", W), ("published", P), ("draft", D)])
def test_the_same_file_again_with_leave_comes_out_as_if_it_had_been_given_at_once(
    session: Session, look: Look, bring: Bring, status: str, state: EventState
) -> None:
    bring(line(status=status), publish=False)
    assert only_event(session).published_at is None
    assert look(line(status=status)).has_work is (status != "draft")
    bring(line(status=status), publish=True)
    event = only_event(session)
    assert (event.state, event.published_at) == (state, None if state is D else NOW)
    assert not look(line(status=status)).has_work


def test_cancelled_out_of_sight_it_comes_back_with_leave_only(session: Session, bring: Bring) -> None:
    bring(line(status="cancelled"), publish=False)
    bring(line(status="published"), publish=False)
    assert only_event(session).state is X
    bring(line(status="cancelled"), publish=False)
    bring(line(status="published"), publish=True)
    assert (only_event(session).state, only_event(session).published_at) == (P, NOW)


def test_what_an_organiser_cancelled_as_a_draft_is_not_brought_back_by_the_same_row(
    session: Session, bring: Bring
) -> None:
    bring(line(), publish=False)
    scheduling.cancel(session, only_event(session).id, actor=OMAR, now=NOW)
    session.commit()
    bring(line(), publish=True)
    assert session.scalars(select(Event.state)).one() is X
