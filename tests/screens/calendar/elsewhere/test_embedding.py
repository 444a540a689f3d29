"""The frame and the JSON that other sites show: public events, framed nowhere else, the same for everybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from programme.engines.calendar.models import EventCoOwner
from programme.engines.calendar.states import EventState, Visibility
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import SOON, event, series

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def told(client: FlaskClient, address: str) -> Any:
    """What the JSON at an address says."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Set-Cookie" not in answer.headers
    return answer.json


def test_json_says_of_an_event_what_its_page_says_to_everybody(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    run = series(session, lead=cast.oxford)
    row = event(
        session,
        lead=cast.oxford,
        series_id=run.id,
        summary="Light & cold.",
        room="Room 3",
        is_online=True,
        online_link="https://meet.example.ac.uk/secret",
        contact_name="Nobody at all",
        contact_address="contact@example.ac.uk",
        focus_areas=["vaccines"],
        starts_at=datetime(2027, 5, 4, 13, tzinfo=UTC),
    )
    session.add(EventCoOwner(event_id=row.id, organisation_id=cast.liverpool.id))
    session.commit()
    body = client.get("/events.json").text
    (found,) = told(client, "/events.json")["events"]
    assert found["url"].endswith(f"/events/quantum-sensing-for-chemists-{row.id}")
    assert client.get(urlsplit(found["calendar"]).path).mimetype == "text/calendar"
    assert (found["starts_at"], found["starts_at_london"]) == ("2027-05-04T13:00:00Z", "2027-05-04T14:00:00+01:00")
    assert (found["status"], found["time_zone"], found["place"]) == ("confirmed", "Europe/London", "Room 3, and online")
    assert [one["key"] for one in found["run_by"]] == ["oxford", "liverpool"]
    assert found["series"]["title"] == "Corridor colloquium"
    assert found["focus"][0]["key"] == "vaccines"
    assert {"university": "oxford", "words": "Tuesday of 2nd week, Trinity 2027", "short": "2nd Wk TT27"} in found[
        "weeks"
    ]
    assert "secret" not in body
    assert "contact@" not in body
    assert "Nobody at all" not in body


@pytest.mark.parametrize("address", ["/events.json", "/embed/events"])
def test_other_sites_get_what_everybody_may_see_whoever_asks(
    client: FlaskClient, session: Session, cast: Cast, address: str
) -> None:
    closed = series(session, lead=cast.oxford, title="Closed circle", visibility=Visibility.MEMBERS)
    event(session, lead=cast.oxford, title="For everybody", series_id=closed.id)
    event(session, lead=cast.oxford, title="For members", visibility=Visibility.MEMBERS)
    event(session, lead=cast.oxford, title="In hiding", visibility=Visibility.HIDDEN)
    event(session, lead=cast.oxford, title="Not announced", state=EventState.DRAFT, published_at=None)
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    session.commit()
    assert "For members" in client.get("/events").text
    page = client.get(address)
    assert "For everybody" in page.text
    for title in ("For members", "In hiding", "Not announced", "Closed circle"):
        assert title not in page.text
    assert "Set-Cookie" not in page.headers
    assert "private" not in page.headers["Cache-Control"]


def test_json_goes_page_by_page_through_all_that_the_filters_ask_for(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    for number in range(5):
        event(session, lead=cast.oxford, title=f"Talk {number}", starts_at=SOON + timedelta(days=number))
    event(session, lead=cast.oxford, title="Cohort day", strand=Strand.COHORTS)
    session.commit()
    pages = [told(client, "/events.json?strand=exchange&per_page=2")]
    while pages[-1]["links"]["next"]:
        address = urlsplit(pages[-1]["links"]["next"])._replace(scheme="", netloc="").geturl()
        pages.append(told(client, address))
    assert [len(body["events"]) for body in pages] == [2, 2, 1]
    assert [one["title"] for body in pages for one in body["events"]] == [f"Talk {number}" for number in range(5)]
    assert pages[-1]["total"] == 5
    assert pages[-1]["links"]["prev"].endswith("page=2")
    assert told(client, "/events.json?from=2027-02-18&to=2027-02-18")["events"][0]["title"] == "Talk 2"
    assert told(client, "/events.json?when=past")["total"] == 0


def test_a_postponed_event_has_no_date_to_show(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford, state=EventState.POSTPONED, date_is_known=False)
    session.commit()
    (found,) = told(client, "/events.json")["events"]
    assert (found["status"], found["starts_at"], found["ends_at_london"], found["weeks"]) == (
        "postponed",
        None,
        None,
        [],
    )
    framed = client.get("/embed/events").text
    assert "Postponed" in framed
    assert 'datetime="2027' not in framed


def test_json_may_be_read_by_scripts_of_any_site_and_only_read(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/events.json", headers={"Origin": "https://www.example.ac.uk"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert client.post("/events.json").status_code == 405
    asked = {"Origin": "https://www.example.ac.uk", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Methods" not in client.options("/events.json", headers=asked).headers


@pytest.mark.parametrize("address", ["/events.json", "/embed/events?count=3"])
def test_unchanged_is_answered_with_304_and_an_edit_is_seen_at_once(
    client: FlaskClient, session: Session, cast: Cast, address: str
) -> None:
    row = event(session, lead=cast.oxford)
    session.commit()
    first = client.get(address)
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    row.title, row.version = "Another title", row.version + 1
    session.commit()
    changed = client.get(address, headers=tag)
    assert changed.status_code == 200
    assert "Another title" in changed.text


@pytest.mark.parametrize(
    "query", ["per_page=101", "per_page=0", "per_page=x", "page=x", "strand=cooking", "from=yesterday", "when=later"]
)
def test_json_refuses_what_it_cannot_read(client: FlaskClient, cast: Cast, query: str) -> None:
    answer = client.get(f"/events.json?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("We could not read the ")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_frame_alone_may_be_framed_and_runs_nothing(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford)
    session.commit()
    framed = client.get("/embed/events")
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "<script" not in framed.text
    links = re.findall(r"<a [^>]*>", framed.text)
    assert len(links) == 2
    assert all('target="_top"' in link and "noopener" in link and 'href="http' in link for link in links)
    for path in ("/", "/embed", "/events", f"/events/quantum-sensing-for-chemists-{row.id}", "/events.json"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_page_for_webmasters_makes_the_frame_that_they_see(client: FlaskClient, session: Session, cast: Cast) -> None:
    for number in range(4):
        event(session, lead=cast.oxford, title=f"Talk {number}", starts_at=SOON + timedelta(days=number))
    session.commit()
    page = client.get("/embed?university=oxford&count=3&theme=dark").text
    pasted, address = map(unescape, re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page))
    frame = re.search(r'<iframe src="([^"]+)" title="([^"]+)"', pasted)
    assert frame
    assert frame[2] == "Events: run by Oxford"
    path = unescape(frame[1]).partition("/embed/events")[2]
    framed = client.get(f"/embed/events{path}").text
    assert framed.count("<h2>") == 3
    assert "All 4 events" in framed
    assert 'class="theme-dark"' in framed
    assert told(client, urlsplit(address)._replace(scheme="", netloc="").geturl())["total"] == 4
    assert f'src="/embed/events{path.replace("&", "&amp;")}"' in page


def test_json_is_asked_for_as_often_as_the_setting_says(app: Flask, client: FlaskClient, cast: Cast) -> None:
    app.config["SEARCH_LIMIT"] = "2 per minute"
    assert [client.get("/events.json").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/embed/events").status_code == 200
