"""What approvals are tested on: the cast, and a decision asked of both universities about a thing of no kind."""

import pytest
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import Asked, ask
from programme.engines.approvals.models import Approval
from tests.factories import cast
from tests.factories.cast import LONG_AGO, Cast

NOW = LONG_AGO.replace(day=10)
THING = ("agreement", 7)


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def approval(session: Session, people: Cast) -> Approval:
    asked = Asked(subject=THING, lead_id=people.oxford.id, organisation_ids=(people.liverpool.id, people.oxford.id))
    row = ask(session, asked, now=NOW)
    session.commit()
    return row
