"""What a new opening is filled in with: who may attend is who may register."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.calendar.states import Audience
from programme.people.models import Person
from tests.factories import things
from tests.factories.cast import Cast, assemble


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("audience", "ticked"),
    [(Audience.EVERYONE, 0), (Audience.LEAD_UNIVERSITY, 1), (Audience.BOTH_UNIVERSITIES, 2)],
)
def test_members_are_chosen_as_the_event_says(
    signed_in: Callable[[Person | None], FlaskClient], session: Session, audience: Audience, ticked: int
) -> None:
    people: Cast = assemble(session)
    talk = things.event(session, lead=people.oxford, audience=audience)
    session.commit()
    page = signed_in(people.omar).get(f"/organise/openings/new?event={talk.id}").text
    inputs = re.findall(r"<input[^>]*>", page)
    chosen = [one for one in inputs if 'name="members_of"' in one and " checked" in one]
    (eligibility,) = [one for one in inputs if 'name="eligibility"' in one and " checked" in one]
    assert len(chosen) == ticked
    assert f'value="{"members" if ticked else "anyone"}"' in eligibility
