"""What My programme says of milestones, to researchers and to those who sign."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Milestone, Suspension
from programme.strands.cohorts.progress.handing import handing_in
from programme.strands.cohorts.progress.handing.signing import ask_following
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.states import MilestoneState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.screens.roll.test_roll import queries_of
from tests.strands.cohorts.progress.conftest import Browse, once

NOVEMBER = datetime(2027, 11, 20, 9, 0, tzinfo=UTC)


def test_researcher_sees_what_is_due_and_late_and_nobody_elses(
    clock: Clock, cast: Cast, bob: Candidature, alice: Candidature, browse: Browse
) -> None:
    own = browse(cast.bob)
    assert "Transfer of status" not in own.get("/me").get_data(as_text=True), "it is a year off"
    clock.set(NOVEMBER)
    page = own.get("/me").get_data(as_text=True)
    assert "Transfer of status" in page
    assert "By Saturday 4 December" in page
    assert "14 days late" in page
    assert "Annual report" not in page
    assert "Transfer of status" not in browse(cast.alice).get("/me").get_data(as_text=True)
    assert "Transfer of status" not in browse(cast.omar).get("/me").get_data(as_text=True)


def test_nothing_is_asked_while_suspended(
    session: Session, clock: Clock, cast: Cast, bob: Candidature, browse: Browse
) -> None:
    bob.suspensions.append(Suspension(first_unit=bob.entry_unit + 3, units=1, granted_at=NOVEMBER))
    session.flush()
    renew_milestones(session, [bob.id], now=NOVEMBER)
    session.commit()
    clock.set(NOVEMBER)
    assert "Transfer of status" not in browse(cast.bob).get("/me").get_data(as_text=True)


@pytest.mark.one_database
def test_supervisor_sees_what_to_sign_and_the_researcher_what_it_waits_for(
    session: Session, clock: Clock, cast: Cast, bob: Candidature, browse: Browse
) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    transfer = once(bob, "transfer")
    transfer.rule.needs_evidence = False
    handing_in.hand_in(session, bob.id, transfer.id, actor=Actor(cast.bob.id), now=clock.now)
    session.commit()
    page = browse(cast.charlie).get("/me").get_data(as_text=True)
    assert "Transfer of status of Bob Birchfield" in page
    assert "Read and sign" in page
    assert "See who signs" in browse(cast.bob).get("/me").get_data(as_text=True)
    looked = select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "looked at a record")
    assert session.scalar(looked) == 0


@pytest.mark.one_database
def test_page_asks_no_more_of_the_database_for_more_milestones(
    session: Session, clock: Clock, cast: Cast, bob: Candidature, browse: Browse
) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    clock.set(NOVEMBER)
    rows = [one for one in bob.milestones if one.code in {"transfer", "confirmation", "submission"}]
    counts = []
    for one in rows:
        one.state = MilestoneState.HANDED_IN
        session.flush()
        ask_following(session, bob, now=clock.now)
        session.commit()
        counts.append([queries_of(session, browse(person), "/me") for person in (cast.bob, cast.charlie)])
    assert counts[0] == counts[1] == counts[2]
    assert session.get_one(Milestone, rows[0].id).state is not None
