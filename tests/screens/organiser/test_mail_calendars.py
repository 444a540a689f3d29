"""What a letter in the outbox brings for its reader's calendar is told in words."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.engines.mail.models import OutboxMessage
from programme.flows.notices.places.registrations import CONFIRMED, send
from programme.flows.registering import cancel_registration
from tests.bed.clock import Clock
from tests.factories.cast import assemble, cookie_for
from tests.factories.things import SOON, event, opening, registration


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Answers are read."""
    return replace(settings, invitations=True)


@pytest.mark.one_database
def test_outbox_says_what_letters_do_when_and_where(client: FlaskClient, session: Session, clock: Clock) -> None:
    cast = assemble(session)
    place = registration(session, to=opening(session, events=[event(session, lead=cast.oxford)]), who=cast.alice)
    send(session, place, CONFIRMED, key="", now=clock.now)
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    page = client.get(f"/organise/mail/{session.query(OutboxMessage).one().id}").get_data(as_text=True)
    for words in ("Accept and Decline", "METHOD:REQUEST", "Tuesday 16 February 2027, 14:00 to 15:00 GMT"):
        assert words in page
    assert clock.now < SOON
    cancel_registration(session, place.id, now=clock.now)
    session.commit()
    last = session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1).one()
    page = client.get(f"/organise/mail/{last.id}").get_data(as_text=True)
    assert "Takes it out of the calendar" in page
