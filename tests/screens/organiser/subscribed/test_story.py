"""An organiser gives an address, looks at it, follows it, decides what both changed, and stops."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from tests.bed.clock import Clock
from tests.bed.servers.elsewhere import Elsewhere, answered
from tests.factories.cast import Cast
from tests.factories.things import opening, registration
from tests.flows.following.conftest import calendar, talk
from tests.screens.organiser.subscribed.conftest import HOME, Browse, Give, says


def how_many(session: Session, model: type[Event | SubscribedAddress | FollowedEvent]) -> int:
    """Return how many rows there are."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_what_it_would_bring_is_shown_before_anything_is_made(session: Session, omar: FlaskClient, give: Give) -> None:
    address = give().location
    page = omar.get(address).text
    assert "2 new events" in page
    assert "On ferns" in page
    assert (how_many(session, Event), how_many(session, SubscribedAddress)) == (0, 1)
    assert (
        "It is followed from now on. 2 new events." in omar.post(f"{address}/confirmation", follow_redirects=True).text
    )
    assert how_many(session, Event) == 2
    assert omar.get(HOME).text.count("Followed</") == 1
    assert omar.get("/organise/audit?kind=organisation").text.count("subscribed to a calendar") == 1


def test_confirming_twice_follows_once(session: Session, omar: FlaskClient, give: Give) -> None:
    address = give().location
    for _ in range(2):
        omar.post(f"{address}/confirmation")
    assert (how_many(session, Event), how_many(session, FollowedEvent)) == (2, 2)


def test_thrown_away_nothing_is_left(session: Session, omar: FlaskClient, give: Give) -> None:
    omar.post(f"{give().location}/removal")
    assert (how_many(session, Event), how_many(session, SubscribedAddress)) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"url": ""}, "Enter the address"),
        ({"url": "http://localhost/feed.ics"}, "not on the public internet"),
        ({"url": "http://127.0.0.1/feed.ics"}, "not on the public internet"),
        ({"url": "http://169.254.169.254/"}, "not on the public internet"),
        ({"url": "file:///etc/passwd"}, "begins with https://"),
        ({"url": "https://name:word@talks.example.ac.uk/"}, "name or password"),
        ({"title": " "}, "Give it a name."),
        ({"series": 99}, "Choose one from the list."),
        ({"hours": 2}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_followed_is_said_and_all_typed_kept(
    session: Session, give: Give, elsewhere: Elsewhere, typed: dict[str, object], said: str
) -> None:
    answer = give(**{"title": "My typed title", **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert ("My typed title" in answer.text) is ("title" not in typed)
    assert (how_many(session, SubscribedAddress), elsewhere.asked) == (0, [])


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"<!doctype html>", "not a calendar"), (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "holds no events")],
)
def test_what_is_no_calendar_is_said(
    session: Session, give: Give, elsewhere: Elsewhere, body: bytes, said: str
) -> None:
    elsewhere.answers["/feed.ics"] = answered(body)
    answer = give()
    assert answer.status_code == 422
    assert said in answer.text
    assert how_many(session, SubscribedAddress) == 0


def test_a_calendar_of_this_site_is_refused(app: Flask, settings: Settings, give: Give) -> None:
    app.extensions["settings"] = replace(settings, base_url="https://programme.example.ac.uk")
    assert "calendar of this very site" in give(url="https://programme.example.ac.uk/calendar.ics").text


def test_the_same_address_is_followed_once(session: Session, omar: FlaskClient, give: Give) -> None:
    give()
    omar.post(f"{give().location}/confirmation")
    answer = give()
    assert (answer.status_code, how_many(session, SubscribedAddress)) == (422, 1)
    assert "followed already" in answer.text


def refreshed(omar: FlaskClient, clock: Clock, address: str) -> str:
    """Look at it now, and return the page."""
    clock.forward(minutes=5)
    return omar.post(f"{address}/refresh", follow_redirects=True).text


def test_a_conflict_is_shown_with_both_and_decided_by_a_button(
    session: Session, omar: FlaskClient, give: Give, elsewhere: Elsewhere, clock: Clock
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    event = session.scalars(select(Event).where(Event.title == "On moss")).one()
    event.title = "Moss, and why it matters"
    session.commit()
    says(elsewhere, talk("moss", "Mosses of the north"), talk("fern", "On ferns"))
    page = refreshed(omar, clock, address)
    assert "1 to be decided" in page
    assert "Mosses of the north" in page
    assert "Moss, and why it matters" in page
    entry = session.scalars(select(FollowedEvent).where(FollowedEvent.event_id == event.id)).one()
    verb = f"{address}/events/{entry.id}/decision"
    assert "Choose one of the two" in omar.post(verb, data={"field": "title"}, follow_redirects=True).text
    assert "Decided." in omar.post(verb, data={"field": "title", "which": "theirs"}, follow_redirects=True).text
    session.expire_all()
    session.rollback()
    assert session.get_one(Event, event.id).title == "Mosses of the north"
    assert "decided already" in omar.post(verb, data={"field": "title", "which": "ours"}, follow_redirects=True).text


def test_what_vanished_with_people_is_called_off_by_a_button(
    session: Session, cast: Cast, omar: FlaskClient, give: Give, elsewhere: Elsewhere, clock: Clock
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    event = session.scalars(select(Event).where(Event.title == "On moss")).one()
    registration(session, to=opening(session, events=[event]), who=cast.bob)
    session.commit()
    says(elsewhere, talk("fern", "On ferns"))
    assert "1 person has a place here" in refreshed(omar, clock, address)
    entry = session.scalars(select(FollowedEvent).where(FollowedEvent.event_id == event.id)).one()
    answer = omar.post(f"{address}/events/{entry.id}/vanishing", data={"which": "cancel"}, follow_redirects=True)
    assert "1 letter to people with places will go out." in answer.text
    session.rollback()
    session.expire_all()
    assert session.get_one(Event, event.id).state is EventState.CANCELLED


def test_trouble_is_shown_and_nothing_changes(
    session: Session, omar: FlaskClient, give: Give, elsewhere: Elsewhere, clock: Clock
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    elsewhere.answers["/feed.ics"] = answered(b"", status="404 Not Found")
    assert "404" in refreshed(omar, clock, address)
    assert "404" in omar.get(address).text
    assert "Cannot be read" in omar.get(HOME).text
    assert how_many(session, Event) == 2


def test_whoever_presses_again_and_again_asks_once_a_minute(
    omar: FlaskClient, give: Give, elsewhere: Elsewhere, clock: Clock
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    refreshed(omar, clock, address)
    asked = len(elsewhere.asked)
    assert "less than a minute ago" in omar.post(f"{address}/refresh", follow_redirects=True).text
    assert len(elsewhere.asked) == asked


def test_pausing_going_on_and_stopping_keep_the_events(session: Session, omar: FlaskClient, give: Give) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    number = int(address.rsplit("/", 1)[1])
    omar.post(f"{address}/pause")
    assert session.get_one(SubscribedAddress, number).state is AddressState.PAUSED
    assert "not followed at the moment" in omar.post(f"{address}/refresh", follow_redirects=True).text
    omar.post(f"{address}/following")
    session.rollback()
    session.expire_all()
    assert session.get_one(SubscribedAddress, number).state is AddressState.FOLLOWED
    assert "its events stay" in omar.post(f"{address}/removal", follow_redirects=True).text
    assert (how_many(session, Event), how_many(session, SubscribedAddress)) == (2, 0)
    verbs = set(session.scalars(select(AuditEntry.verb)))
    assert {"paused a calendar", "followed a calendar again", "stopped following a calendar"} <= verbs


def test_nobody_else_sees_or_changes_it(
    session: Session,
    cast: Cast,
    browse: Browse,
    client: FlaskClient,
    omar: FlaskClient,
    give: Give,
    elsewhere: Elsewhere,
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    asked = len(elsewhere.asked)
    entry = session.scalars(select(FollowedEvent.id)).first()
    verbs = ["confirmation", "refresh", "pause", "following", "removal", f"events/{entry}/decision"]
    verbs += [f"events/{entry}/vanishing"]
    for somebody, expected in ((cast.olga, 200), (cast.ada, 200), (cast.alice, 403)):
        other = browse(somebody)
        assert other.get(HOME).status_code == expected
        assert "Talks elsewhere" not in other.get(HOME).text
        assert other.get(address).status_code == 403
        assert [other.post(f"{address}/{verb}").status_code for verb in verbs] == [403] * len(verbs)
    assert client.get(HOME).location.startswith("/sign-in")
    assert client.post(f"{address}/removal").location.startswith("/sign-in")
    assert give(by=browse(cast.olga)).status_code == 422
    assert (how_many(session, SubscribedAddress), len(elsewhere.asked)) == (1, asked)


def test_an_event_of_another_address_is_not_decided_about(
    session: Session, omar: FlaskClient, give: Give, elsewhere: Elsewhere
) -> None:
    first = give().location
    omar.post(f"{first}/confirmation")
    elsewhere.answers["/b.ics"] = answered(calendar(talk("oak", "On oaks")))
    second = give(url=elsewhere.url("/b.ics")).location
    entry = session.scalars(select(FollowedEvent.id)).first()
    answer = omar.post(f"{second}/events/{entry}/vanishing", data={"which": "keep"}, follow_redirects=True)
    assert "not followed any more" in answer.text


def test_the_organisers_home_asks_what_is_to_be_decided_and_tells_of_lasting_trouble(
    cast: Cast, browse: Browse, omar: FlaskClient, give: Give, elsewhere: Elsewhere, clock: Clock
) -> None:
    address = give().location
    omar.post(f"{address}/confirmation")
    elsewhere.answers["/feed.ics"] = answered(b"", status="404 Not Found")
    refreshed(omar, clock, address)
    assert "Talks elsewhere" not in omar.get("/organise").text, "one failure is often over by the next look"
    refreshed(omar, clock, address)
    assert "Talks elsewhere cannot be read" in omar.get("/organise").text
    says(elsewhere, talk("moss", "On moss", "whenever"), talk("fern", "On ferns"))
    refreshed(omar, clock, address)
    assert "Decide about 1 event of Talks elsewhere" in omar.get("/organise").text
    assert "Talks elsewhere" not in browse(cast.olga).get("/organise").text
