"""Pages on which several events are published, moved or cancelled: a series, or those ticked on the list."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from tests.factories.cast import Cast, cookie_for
from tests.factories.things import SOON, event, opening, registration
from tests.factories.things import series as a_series


@pytest.fixture
def run(session: Session, cast: Cast) -> Series:
    """A series with a talk that Alice goes to, and a draft."""
    row = a_series(session, lead=cast.liverpool)
    talk = event(session, lead=cast.liverpool, title="Talk", series_id=row.id)
    event(session, lead=cast.liverpool, title="Draft", series_id=row.id, state=EventState.DRAFT, published_at=None)
    registration(session, to=opening(session, events=[talk]), who=cast.alice)
    session.commit()
    return row


def ids_on(page: str) -> list[str]:
    """What the page carries on, or lets one tick."""
    return re.findall(r'name="id" value="([0-9-]+)"', page)


def states(session: Session) -> dict[str, EventState]:
    """The state of each event by title."""
    session.rollback()
    session.expire_all()
    return {row.title: row.state for row in session.scalars(select(Event))}


def send(olga: FlaskClient, address: str, **data: Any) -> str:
    """Send a form, and return what the next page says."""
    return olga.post(address, data=data, follow_redirects=True).get_data(as_text=True)


def test_drafts_of_a_series_are_shown_then_published(olga: FlaskClient, session: Session, run: Series) -> None:
    address = f"/organise/series/{run.id}/publication"
    assert "Publish 1 draft" in olga.get(f"/organise/series/{run.id}").get_data(as_text=True)
    page = olga.get(address).get_data(as_text=True)
    assert "Publish 1 event" in page
    assert states(session)["Draft"] is EventState.DRAFT
    assert "“Draft” is published." in send(olga, address, id=ids_on(page))
    assert "There is nothing to publish" in olga.get(address).get_data(as_text=True)
    assert "Nothing is published." in send(olga, address, id=ids_on(page))


def test_move_of_a_series_shows_both_dates_and_whom_it_reaches(
    olga: FlaskClient, session: Session, run: Series
) -> None:
    address = f"/organise/series/{run.id}/move"
    page = olga.get(f"{address}?by=-2&unit=days").get_data(as_text=True)
    assert "Tue 16 Feb 2027, 14:00 GMT" in page
    assert "Sun 14 Feb 2027, 14:00 GMT" in page
    assert "<strong>1 person</strong> will be told, each in one e-mail" in page
    said = send(olga, address, id=ids_on(page), by="-2", unit="days", reason="Works.")
    assert "2 events are moved. 1 letter goes out" in said
    session.rollback()
    session.expire_all()
    assert {row.starts_at.day for row in session.scalars(select(Event))} == {14}
    assert "it has changed since you looked" in send(olga, address, id=ids_on(page), by="-2", unit="days")


@pytest.mark.one_database
@pytest.mark.parametrize("by", ["0", "x", "", "9999", "9" * 400])
def test_wrong_distance_is_refused(olga: FlaskClient, session: Session, run: Series, by: str) -> None:
    address = f"/organise/series/{run.id}/move"
    assert olga.get(f"{address}?by={by}&unit=weeks").status_code == 422
    assert olga.post(address, data={"by": by, "unit": "weeks", "id": "1"}).status_code == 422
    assert olga.get(f"{address}?by=1&unit=years").status_code == 422
    assert {row.starts_at for row in session.scalars(select(Event))} == {SOON}


def test_series_is_cancelled_after_its_page_was_seen(olga: FlaskClient, session: Session, run: Series) -> None:
    address = f"/organise/series/{run.id}/cancellation"
    page = olga.get(address).get_data(as_text=True)
    assert "Cancel 2 events and tell 1 person" in page
    assert "2 events are cancelled. 1 letter goes out" in send(olga, address, id=ids_on(page))
    assert set(states(session).values()) == {EventState.CANCELLED}
    assert "Nothing lies ahead" in olga.get(address).get_data(as_text=True)


@pytest.mark.one_database
@pytest.mark.parametrize("noun", ["publication", "move", "cancellation"])
def test_series_of_others_is_closed(client: FlaskClient, session: Session, cast: Cast, run: Series, noun: str) -> None:
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    address = f"/organise/series/{run.id}/{noun}"
    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)


def test_ticked_drafts_are_published_and_refusals_listed(
    olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    event(session, lead=cast.oxford, title="Theirs")
    event(session, lead=cast.oxford, title="Unheard of", state=EventState.DRAFT, published_at=None)
    session.commit()
    assert len(ids_on(olga.get("/organise/events").get_data(as_text=True))) == 2
    every = [str(one) for one in session.scalars(select(Event.id))]
    said = send(olga, "/organise/events/decision", id=every, do="publication", back="/organise/events?state=draft")
    assert "“Draft” is published. Left out:" in said
    assert "“Talk”, as it is not a draft" in said
    assert "“Theirs”, as it is not yours" in said
    assert "Unheard of" not in said, "of what others prepare not even the title is told"
    assert states(session)["Unheard of"] is EventState.DRAFT


def test_ticked_events_are_cancelled_only_after_a_page_with_counts(
    olga: FlaskClient, session: Session, run: Series
) -> None:
    every = [str(one) for one in session.scalars(select(Event.id))]
    page = send(olga, "/organise/events/decision", id=every, do="cancellation")
    assert "Cancel 2 events and tell 1 person" in page
    assert states(session)["Talk"] is EventState.PUBLISHED
    assert "2 events are cancelled." in send(olga, "/organise/events/cancellation", id=ids_on(page))
    assert states(session)["Talk"] is EventState.CANCELLED


@pytest.mark.one_database
def test_nothing_ticked_is_told(olga: FlaskClient, run: Series) -> None:
    for do in ("publication", "cancellation"):
        assert "Tick at least one event first." in send(olga, "/organise/events/decision", do=do)
    for odd in ("x", "0", "9" * 40, "1-x"):
        assert "Tick at least one event first." in send(olga, "/organise/events/decision", do="publication", id=odd)
    for address in ("//evil.example", "https://evil.example", "/sign-out"):
        answer = olga.post("/organise/events/decision", data={"do": "publication", "back": address})
        assert answer.location == "/organise/events"
