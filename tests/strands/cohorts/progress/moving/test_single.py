"""One milestone is given more time, a day by hand, or left out; each can be undone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.progress.moving import days, exempting, extending
from programme.strands.cohorts.states import MilestoneState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.progress.conftest import once


@pytest.fixture
def by(omar: Actor, clock: Clock) -> dict[str, Any]:
    return {"actor": omar, "now": clock.now}


def test_more_time_moves_one_milestone_and_what_follows_it(
    session: Session, bob: Candidature, by: dict[str, Any]
) -> None:
    transfer = once(bob, "transfer")
    made = extending.extend(session, bob.id, transfer.id, units=2, reason="Fieldwork", **by)
    assert (transfer.due_on, once(bob, "confirmation").due_on) == (date(2028, 6, 17), date(2029, 6, 16))
    assert once(bob, "integrity").due_on == date(2028, 5, 20)
    with pytest.raises(Refusal, match="2 were granted: none is left"):
        extending.extend(session, bob.id, transfer.id, units=1, reason="", **by)
    extending.take_back(session, bob.id, made.id, **by)
    assert transfer.due_on == date(2027, 12, 4)


@pytest.mark.one_database
def test_part_time_has_limits_of_its_own(session: Session, cast: Cast, bob: Candidature, by: dict[str, Any]) -> None:
    part = cohorts.candidature(session, cohort=bob.cohort, person=cast.charlie, home=cast.oxford, rate=50)
    extending.extend(session, bob.id, once(bob, "submission").id, units=6, reason="", **by)
    with pytest.raises(Refusal, match="extended by 3 terms in all"):
        extending.extend(session, part.id, once(part, "submission").id, units=4, reason="", **by)


@pytest.mark.one_database
def test_what_follows_another_or_comes_every_year_is_not_extended(
    session: Session, bob: Candidature, alice: Candidature, by: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match="follows another milestone"):
        extending.extend(session, bob.id, once(bob, "integrity").id, units=1, reason="", **by)
    report = next(one for one in alice.milestones if one.code == "report")
    with pytest.raises(Refusal, match="comes every year"):
        extending.extend(session, alice.id, report.id, units=1, reason="", **by)


def test_day_set_by_hand_counts_until_it_is_taken_back(session: Session, bob: Candidature, by: dict[str, Any]) -> None:
    transfer = once(bob, "transfer")
    for day, reason, says in (
        (date(2027, 11, 1), "", "Say why"),
        (date(2026, 1, 1), "A slip", "The course began on 1 October 2026"),
        (date(2207, 11, 1), "A slip", "Check the year"),
    ):
        with pytest.raises(Refusal, match=says):
            days.set_day(session, bob.id, transfer.id, day, reason=reason, **by)
    days.set_day(session, bob.id, transfer.id, date(2027, 11, 1), reason="Interview", **by)
    assert (transfer.due_on, transfer.set_reason, transfer.is_provisional) == (date(2027, 11, 1), "Interview", False)
    days.reckon_again(session, bob.id, transfer.id, **by)
    assert (transfer.due_on, transfer.set_on, transfer.set_reason) == (date(2027, 12, 4), None, "")
    with pytest.raises(Refusal, match="No day is set by hand"):
        days.reckon_again(session, bob.id, transfer.id, **by)


def test_what_does_not_apply_says_why_and_can_be_asked_for_again(
    session: Session, bob: Candidature, by: dict[str, Any]
) -> None:
    transfer = once(bob, "transfer")
    with pytest.raises(Refusal, match="Say why"):
        exempting.exempt(session, bob.id, transfer.id, reason="", **by)
    exempting.exempt(session, bob.id, transfer.id, reason="Transferred at another university", **by)
    assert (transfer.state, transfer.words) == (MilestoneState.EXEMPT, "Transferred at another university")
    with pytest.raises(Refusal, match="Only what is still ahead"):
        exempting.exempt(session, bob.id, transfer.id, reason="Again", **by)
    with pytest.raises(Refusal, match="not open any more"):
        extending.extend(session, bob.id, transfer.id, units=1, reason="", **by)
    exempting.ask_again(session, bob.id, transfer.id, **by)
    assert (transfer.state, transfer.words, transfer.due_on) == (MilestoneState.OPEN, "", date(2027, 12, 4))
