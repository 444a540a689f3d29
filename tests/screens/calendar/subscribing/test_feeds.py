"""Feeds as a calendar client reads them: contents, validators, secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.core.clock import now
from programme.engines.calendar.models import Contribution, PersonalFeed, Venue
from programme.engines.calendar.states import Audience, EventState, Visibility
from programme.engines.registration.states import RegistrationState
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import event, opening, registration, series

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")
LINK = "https://meet.example.ac.uk/secret-room"


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def entries(client: FlaskClient, address: str) -> list[Any]:
    """The entries of a feed, which must be a calendar."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    return list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))


def test_entry_tells_everything_but_the_link_to_join(client: FlaskClient, session: Session, cast: Cast) -> None:
    venue = session.query(Venue).filter_by(code="OXF-SBS").one()
    row = event(session, lead=cast.oxford, venue_id=venue.id, online_link=LINK, is_online=True, sequence=3)
    row.contributions = [Contribution(name="Robin Rowanfield", affiliation="Physics")]
    session.commit()
    (entry,) = entries(client, "/calendar.ics")
    assert entry["UID"] == f"event-{row.id}@programme.example.ac.uk"
    assert entry["SEQUENCE"] == 3
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["DTSTART"].dt == row.starts_at
    description = str(entry["DESCRIPTION"])
    assert "Liverpool: dates not confirmed" in description
    assert "Oxford: Tuesday of 5th week, Hilary 2027" in description
    assert "Who may attend: Everyone" in description
    assert "Robin Rowanfield (Physics)" in description
    assert f"/events/quantum-sensing-for-chemists-{row.id}" in description
    assert (entry["GEO"].latitude, entry["GEO"].longitude) == (venue.latitude, venue.longitude)
    assert "Knowledge exchange" in entry["CATEGORIES"].to_ical().decode()
    assert LINK not in client.get("/calendar.ics").text.replace("\r\n ", "")


def test_feed_takes_the_filters_of_the_list(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford, title="Vaccines", strand=Strand.EXCHANGE)
    event(session, lead=cast.liverpool, title="Pitch night", strand=Strand.ENTREPRENEURSHIP, audience=Audience.INVITED)
    session.commit()
    for query, title in {
        "strand=exchange": "Vaccines",
        "university=liverpool": "Pitch night",
        "q=vacc": "Vaccines",
        "who=invited": "Pitch night",
    }.items():
        assert [str(entry["SUMMARY"]) for entry in entries(client, f"/calendar.ics?{query}")] == [title]
        assert title in client.get(f"/events?{query}").text
    assert client.get("/calendar.ics?strand=nonsense").status_code == 400


def test_cancelled_stays_thirty_days_and_others_ninety(client: FlaskClient, session: Session, cast: Cast) -> None:
    for days, state in ((29, "cancelled"), (31, "cancelled"), (89, "published"), (91, "published")):
        ends = now() - timedelta(days=days)
        event(
            session,
            lead=cast.oxford,
            title=f"{state} {days}",
            state=EventState(state),
            starts_at=ends - timedelta(hours=1),
            ends_at=ends,
        )
    session.commit()
    found = {str(entry["SUMMARY"]): str(entry["STATUS"]) for entry in entries(client, "/calendar.ics")}
    assert found == {"published 89": "CONFIRMED", "Cancelled: cancelled 29": "CANCELLED"}


def test_empty_feed_is_a_calendar_and_keeps_the_last_it_had(client: FlaskClient, session: Session, cast: Cast) -> None:
    assert entries(client, "/calendar.ics") == []
    long_ago = now() - timedelta(days=400)
    event(session, lead=cast.oxford, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    session.commit()
    assert len(entries(client, "/calendar.ics")) == 1


def test_unchanged_feed_is_answered_with_304_and_a_changed_one_is_not(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford)
    session.commit()
    first = client.get("/calendar.ics")
    again = client.get("/calendar.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]
    row.title, row.version, row.changed_at = "Another title", 2, now()
    session.commit()
    changed = client.get("/calendar.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    since = client.get("/calendar.ics", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 200


def test_feed_changes_when_an_event_grows_too_old(
    client: FlaskClient, session: Session, cast: Cast, clock: Any
) -> None:
    event(session, lead=cast.oxford)
    old = event(session, lead=cast.oxford, starts_at=now() - timedelta(days=90), ends_at=now() - timedelta(days=89))
    session.commit()
    first = client.get("/calendar.ics")
    clock.set(old.ends_at + timedelta(days=90, seconds=1))
    asked = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/calendar.ics", headers=asked).status_code == 200
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/calendar.ics", headers=since).status_code == 200


def test_head_has_the_headers_of_get_and_any_accept_gets_the_calendar(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    event(session, lead=cast.oxford)
    session.commit()
    got, head = client.get("/calendar.ics", headers={"Accept": "image/png"}), client.head("/calendar.ics")
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.one_database
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_unreadable_date_gets_the_whole_feed(client: FlaskClient, text: str) -> None:
    assert client.get("/calendar.ics", headers={"If-Modified-Since": text}).status_code == 200


def test_single_event_is_a_file_to_keep(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford, title="Café talk")
    session.commit()
    answer = client.get(f"/events/cafe-talk-{row.id}.ics")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"cafe-talk.ics\"; filename*=UTF-8''Caf%C3%A9%20talk.ics"
    )
    assert b"X-WR-CALNAME" not in answer.data
    assert client.get(f"/events/other-{row.id}.ics").status_code == 301


def test_series_has_its_feed(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.oxford)
    event(session, lead=cast.oxford, title="In it", series_id=run.id)
    event(session, lead=cast.oxford, title="Beside it")
    session.commit()
    found = entries(client, f"/series/corridor-colloquium-{run.id}.ics")
    assert [str(entry["SUMMARY"]) for entry in found] == ["In it"]


def test_public_feeds_know_neither_members_nor_hidden_events(client: FlaskClient, session: Session, cast: Cast) -> None:
    for visibility in (Visibility.MEMBERS, Visibility.HIDDEN):
        event(session, lead=cast.liverpool, title=f"For {visibility}", visibility=visibility)
    token = cookie_for(session, cast.olga)
    client.set_cookie("programme_session", token)
    assert entries(client, "/calendar.ics") == []


def own_address(client: FlaskClient, session: Session, who: Any) -> str:
    """Make the person's own calendar address through the page, and return it."""
    client.set_cookie("programme_session", cookie_for(session, who))
    shown = client.post("/calendars/own").text
    client.delete_cookie("programme_session")
    return shown.split("http://localhost/feeds/")[1].split("<")[0].removesuffix(".ics")


def test_own_calendar_holds_places_with_the_link_and_what_was_given_back(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    held = event(session, lead=cast.oxford, title="Held", online_link=LINK, is_online=True, sequence=2)
    gone = event(session, lead=cast.oxford, title="Given back", description="Secret detail")
    event(session, lead=cast.oxford, title="Not mine")
    waited = event(session, lead=cast.oxford, title="Waited for")
    kept = registration(session, to=opening(session, events=[held]), who=cast.alice)
    kept.seats[0].revision = 1
    back = opening(session, events=[gone])
    registration(session, to=back, who=cast.alice, state=RegistrationState.CANCELLED, confirmed_at=now())
    registration(session, to=opening(session, events=[waited]), who=cast.alice, state=RegistrationState.WAITLISTED)
    session.commit()
    token = own_address(client, session, cast.alice)
    answer = client.get(f"/feeds/{token}.ics")
    found = {str(entry["SUMMARY"]): entry for entry in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}
    assert set(found) == {"Held", "Cancelled: Given back"}
    assert found["Held"]["SEQUENCE"] == 3
    assert LINK in str(found["Held"]["DESCRIPTION"])
    assert "DESCRIPTION" not in found["Cancelled: Given back"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert token.encode() not in answer.data


def test_own_address_is_hashed_marked_when_used_and_410_once_replaced(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    first = own_address(client, session, cast.alice)
    kept = session.query(PersonalFeed).one()
    assert first not in kept.token_hash
    assert client.get(f"/feeds/{first}.ics").status_code == 200
    session.rollback()
    session.refresh(kept)
    assert kept.last_used_at is not None
    second = own_address(client, session, cast.alice)
    assert client.get(f"/feeds/{first}.ics").status_code == 410
    assert client.get(f"/feeds/{second}.ics").status_code == 200
    assert client.get("/feeds/nobody-ever-had-this.ics").status_code == 404
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    assert client.post("/calendars/own/end").status_code == 303
    assert client.get(f"/feeds/{second}.ics").status_code == 410


def test_all_day_event_ends_on_the_day_after_its_last(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(
        session,
        lead=cast.oxford,
        all_day=True,
        starts_at=datetime(2027, 2, 16, tzinfo=UTC),
        ends_at=datetime(2027, 2, 18, tzinfo=UTC),
    )
    session.commit()
    (entry,) = entries(client, "/calendar.ics")
    assert [str(entry[name].dt) for name in ("DTSTART", "DTEND")] == ["2027-02-16", "2027-02-18"]
