"""Where somebody stands, and what it says of what their course ends with."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.people.identity import actor_of
from programme.strands.cohorts.candidatures.moving import move_on
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.handing.handing_in import record_done
from programme.strands.cohorts.states import CandidatureState, MilestoneState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast, assemble

HANDED_IN, PASSED = date(2027, 1, 4), date(2027, 1, 9)


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford in a cohort of 2026."""
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.oxford))
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford)
    session.commit()
    return row


def of_code(row: Candidature, code: str) -> Milestone:
    return next(one for one in row.milestones if one.code == code)


def by(cast: Cast, clock: Clock, **more: Any) -> dict[str, Any]:
    return {"reason": "", "actor": actor_of(cast.omar), "now": clock.now, **more}


def test_who_is_said_to_have_submitted_has_reached_the_last_milestone_and_no_other(
    session: Session, bob: Candidature, cast: Cast, clock: Clock
) -> None:
    move_on(session, bob.id, CandidatureState.SUBMITTED, on=HANDED_IN, **by(cast, clock))
    session.expire_all()
    last = of_code(bob, "submission")
    assert (last.state, last.done_on) == (MilestoneState.DONE, HANDED_IN)
    assert of_code(bob, "transfer").state is MilestoneState.OPEN


def test_a_day_on_which_it_was_handed_in_stays_as_it_is(
    session: Session, bob: Candidature, cast: Cast, clock: Clock
) -> None:
    last = of_code(bob, "submission")
    who = {"actor": actor_of(cast.omar), "now": clock.now}
    record_done(session, bob.id, last.id, done_on=date(2027, 1, 2), words="Handed in.", **who)  # type: ignore[arg-type]
    move_on(session, bob.id, CandidatureState.SUBMITTED, on=HANDED_IN, **by(cast, clock))
    session.expire_all()
    assert (last.done_on, last.words) == (date(2027, 1, 2), "Handed in.")


def test_a_completion_by_mistake_is_taken_back_with_a_reason(
    session: Session, bob: Candidature, cast: Cast, clock: Clock
) -> None:
    move_on(session, bob.id, CandidatureState.SUBMITTED, on=HANDED_IN, **by(cast, clock))
    move_on(session, bob.id, CandidatureState.COMPLETED, on=PASSED, **by(cast, clock))
    with pytest.raises(Refusal, match="Say why"):
        move_on(session, bob.id, CandidatureState.SUBMITTED, on=PASSED, **by(cast, clock))
    move_on(session, bob.id, CandidatureState.SUBMITTED, on=PASSED, **by(cast, clock, reason="It was Rob."))
    assert bob.state is CandidatureState.SUBMITTED
