"""Alice's record with two supervisors, who agree to what she logs."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.permissions import Actor
from programme.strands.cohorts.meetings.signed import MEETING
from programme.strands.cohorts.models import Signature, Supervision, SupervisionMeeting
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.actions import answer
from tests.bed.clock import Clock
from tests.factories.cast import Cast
from tests.strands.cohorts.supervising.conftest import olga, people, record, signed_in, xaver, yann

__all__ = ["olga", "people", "record", "signed_in", "xaver", "yann"]


@pytest.fixture
def alice(people: Cast) -> Actor:
    return actor_of(people.alice)


def signature_of(session: Session, meeting: SupervisionMeeting, by: Supervision) -> Signature:
    """What somebody was asked under a meeting."""
    asked = select(Signature).where(Signature.subject_kind == MEETING, Signature.subject_id == meeting.id)
    return session.scalars(asked.where(Signature.person_id == by.person_id)).one()


def says(session: Session, meeting: SupervisionMeeting, by: Supervision, clock: Clock, *, agrees: bool) -> None:
    """Let a supervisor answer."""
    row, who = signature_of(session, meeting, by), Actor(person_id=by.person_id)
    answer(session, row, agrees=agrees, reason="No.", things=SIGNED_THINGS, actor=who, now=clock.now)
