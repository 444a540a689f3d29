"""The page of an event says which calendar it follows, to those who see to that calendar; drafts lead on."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.subscribed.models import FollowedEvent
from tests.factories.cast import Cast
from tests.screens.organiser.subscribed.conftest import Browse, Give


def test_an_event_says_what_it_follows_and_that_something_is_to_be_decided(
    session: Session, cast: Cast, browse: Browse, omar: FlaskClient, give: Give
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    entry = session.scalars(select(FollowedEvent).order_by(FollowedEvent.id)).first()
    assert entry
    session.get_one(Event, entry.event_id).co_owners = [cast.liverpool]
    session.commit()
    here = f"/organise/events/{entry.event_id}"
    page = omar.get(here).text
    assert f'<a href="{address}">Talks elsewhere</a>: what changes there comes here' in page
    assert "Something is to be decided there" not in page
    entry.conflicts = ["title"]
    session.commit()
    assert "Something is to be decided there" in omar.get(here).text
    shared = browse(cast.olga).get(here)
    assert shared.status_code == 200
    assert f'href="{address}"' not in shared.text, "who shares the event does not see to the calendar"


def test_drafts_that_follow_a_calendar_lead_to_where_they_are_published(omar: FlaskClient, give: Give) -> None:
    address = give(publish="no").location
    omar.post(f"{address}/confirmation")
    page = omar.get(address).text
    assert 'href="/organise/events?state=draft&amp;strand=exchange">2 of them are drafts</a>' in page
    assert "On ferns" in omar.get("/organise/events?state=draft&strand=exchange").text
