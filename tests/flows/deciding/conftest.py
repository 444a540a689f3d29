"""What decisions by keys are tested on: an opening of Oxford's, shared with Liverpool, for which each holds a key."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import Turn
from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.queries import latest_approval
from programme.engines.approvals.states import KeyState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy
from programme.flows.deciding.keys import turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.settings import set_terms
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW

YES, NO = KeyState.YES, KeyState.NO


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """One place at a school that both universities decide about."""
    talk = things.event(session, lead=people.oxford, title="Summer school")
    row = things.opening(session, events=[talk], capacity=1, places_by=PlacesBy.DECISION, co_owners=[people.liverpool])
    set_terms(session, row.id, Wanted(decided_by=DecidedBy.KEYS), actor=actor_of(people.omar), now=NOW)
    session.commit()
    return row


def key_of(session: Session, row: Registration, organisation_id: int) -> ApprovalKey:
    """Return an organisation's key in the latest approval of a registration."""
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    return next(key for key in approval.keys if key.organisation_id == organisation_id)


def say(session: Session, row: Registration, who: Person, organisation_id: int, says: KeyState, **given: str) -> None:
    """Somebody turns their organisation's key; commits."""
    key = key_of(session, row, organisation_id)
    turned = Turn(says=says, person_id=None, **given)
    turn_key(session, key.id, turned, subjects=SUBJECTS, actor=actor_of(who), now=NOW)
    session.commit()


def letters(session: Session) -> list[tuple[str, str]]:
    """Every letter that was queued, and to whom, in order."""
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.letter, row.recipient) for row in rows]
