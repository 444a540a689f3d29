"""An opening with four places, of which one is kept for each university."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Quota, Registration
from programme.engines.registration.openings.editing.details import Details
from programme.engines.registration.openings.quotas import Kept
from programme.flows.registering import SignUp, sign_up
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW

KEYS = count()


@pytest.fixture
def shared(session: Session, people: Cast) -> Opening:
    """Four places, one kept for Liverpool and one for Oxford until three days before."""
    row = things.opening(session, events=[things.event(session, lead=people.liverpool)], capacity=4)
    row.quotas = [Quota(organisation_id=one.id, places=1, release_days=3) for one in (people.liverpool, people.oxford)]
    session.commit()
    return row


def scousers(number: int) -> list[str]:
    """Addresses in Liverpool."""
    return [f"l{one}@liverpool.example.ac.uk" for one in range(number)]


def oxonians(number: int) -> list[str]:
    """Addresses in Oxford."""
    return [f"o{one}@oxford.example.ac.uk" for one in range(number)]


def lots(session: Session, opening: Opening, addresses: list[str], *, says: int | None = None) -> list[Registration]:
    """Register guests who say where they belong; commits."""
    rows = []
    for address in addresses:
        sent = SignUp(name=address, address=address, organisation_id=says, answers={}, form_key=f"lots-{next(KEYS)}")
        rows.append(sign_up(session, opening.id, sent, actor=NOBODY, now=NOW).registration)
    session.commit()
    return rows


def details_of(opening: Opening, **given: Any) -> Details:
    """What the form of an opening holds, but for what is given."""
    kept = [Kept(organisation_id=one.organisation_id, places=one.places, release_days=3) for one in opening.quotas]
    details = Details(
        title=opening.title,
        event_ids=tuple(event.id for event in opening.events),
        capacity=opening.capacity,
        quotas=tuple(kept),
    )
    return replace(details, **given)
