"""The series that new events of a followed calendar go into, as long as it belongs to those who follow."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.following.conftest import URL, Follow, address_of, talk


def test_new_events_go_into_no_series_that_is_another_s_by_now(session: Session, cast: Cast, follow: Follow) -> None:
    run = things.series(session, lead=cast.oxford)
    row = address_of(session, cast, url=f"{URL}?2", series_id=run.id)
    assert follow(talk(), of=row).odd == []
    run.lead_organisation = cast.liverpool
    session.commit()
    (odd,) = follow(talk(), talk("fern", "On ferns"), of=row).odd
    assert odd.reason == "The series for new events belongs to another organisation or strand by now."
    found = {event.title: event.series_id for event in session.scalars(select(Event))}
    assert found == {"On moss": run.id, "On ferns": None}
