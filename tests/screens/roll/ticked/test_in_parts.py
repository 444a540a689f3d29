"""A decision about many is carried out in parts: one that comes to nothing is not the last."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Quota, Registration
from programme.engines.registration.states import PlacesBy
from tests.screens.roll.conftest import Evening, text_of
from tests.screens.roll.ticked.test_everybody import crowd, states


def test_a_part_in_which_nobody_could_be_decided_about_keeps_nobody_behind_it_from_being(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    oxford = evening.people.oxford.id
    evening.opening.capacity, evening.opening.quotas = 5, [Quota(organisation_id=oxford, places=3, release_days=3)]
    evening.opening.places_by = PlacesBy.DECISION
    crowd(session, evening, 30)
    for row in session.scalars(select(Registration).where(Registration.name >= "Wren 027")):
        row.counts_for_id = oxford
    session.commit()
    sent = {"everybody": "1", "state": "waiting", "q": "wren", "count": "30", "reason": "Now."}
    said = text_of(olga.post(f"{evening.home}/promotions", data=sent, follow_redirects=True))
    assert "Give a place: decided about 3 people." in said
    assert "Wren 000: " in said
    assert "Wren 019: " in said
    assert "And 7 people more." in said
    assert states(session, evening.opening) == {"confirmed": 5, "waitlisted": 28}
