"""The page of one calendar: every way into it, whole and rightly quoted."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from programme.engines.calendar.states import Visibility
from programme.people.states import Strand
from tests.conformance.rules import faults
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import SOON, event, series

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def ways(page: str) -> dict[str, str]:
    """The addresses on a page of a calendar, by where they lead."""
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    leading = {urlsplit(link).netloc: link for link in links if link.startswith("https://")}
    address = re.search(r"<textarea[^>]*readonly[^>]*>([^<]+)</textarea>", page)
    assert address
    return {
        "https": unescape(address[1]),
        "webcal": next(link for link in links if link.startswith("webcal:")),
        **leading,
    }


@pytest.mark.parametrize(
    ("query", "held"),
    [
        ("", {"Cohort day", "Online clinic", "Vaccine talk & more"}),
        ("strand=cohorts", {"Cohort day"}),
        ("university=oxford", {"Online clinic", "Vaccine talk & more"}),
        ("at=online", {"Online clinic"}),
        ("focus=vaccines", {"Vaccine talk & more"}),
        ("q=talk+%26+more&university=oxford", {"Vaccine talk & more"}),
        ("from=2027-02-17", {"Online clinic"}),
    ],
)
def test_every_filter_of_the_list_is_a_calendar_in_every_way(
    client: FlaskClient, session: Session, cast: Cast, query: str, held: set[str]
) -> None:
    event(session, lead=cast.liverpool, title="Cohort day", strand=Strand.COHORTS)
    event(session, lead=cast.oxford, title="Online clinic", is_online=True, starts_at=SOON + timedelta(days=1))
    event(session, lead=cast.oxford, title="Vaccine talk & more", focus_areas=["vaccines"])
    session.commit()
    listed = client.get(f"/events?{query}").text
    link = re.search(r'href="(/subscribe[^"]*)">', listed)
    assert link
    page = client.get(unescape(link[1])).text
    found = ways(page)
    assert parse_qs(urlsplit(found["https"]).query) == parse_qs(query)
    body = client.get(urlsplit(found["https"])._replace(scheme="", netloc="").geturl()).data
    assert faults(body) == []
    assert {title for title in ("Cohort day", "Online clinic", "Vaccine talk & more") if title.encode() in body} == held
    assert found["webcal"] == "webcal" + found["https"].removeprefix("https").removeprefix("http")
    google = urlsplit(found["calendar.google.com"])
    assert (google.path, parse_qs(google.query)) == ("/calendar/r", {"cid": [found["webcal"]]})
    for host in ("outlook.office.com", "outlook.live.com"):
        outlook = urlsplit(found[host])
        assert outlook.path == "/calendar/0/addfromweb"
        assert parse_qs(outlook.query)["url"] == [found["https"]]
        assert "+" not in outlook.query
    assert f"{len(held)} event{'s' if len(held) > 1 else ''} ahead" in page


def test_page_says_how_long_each_calendar_takes_and_that_we_write_as_well(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/subscribe").text
    for sentence in ("8 to 24 hours", "about 3 hours", "30 minutes", "we write to you about urgent changes as well"):
        assert sentence in page
    assert "Nothing lies ahead in it now" in page


def test_days_that_were_chosen_are_kept_and_said_to_bound_the_calendar(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/subscribe?strand=cohorts&to=2027-03-01").text
    assert "It holds only the days that you chose" in page
    assert 'href="/subscribe?strand=cohorts">Take the same without days' in page


def test_series_has_a_page_of_its_own_unless_it_is_not_for_everybody(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    run = series(session, lead=cast.oxford)
    closed = series(session, lead=cast.oxford, title="Closed circle", visibility=Visibility.MEMBERS)
    empty = series(session, lead=cast.oxford, title="Nothing yet")
    for one in (run, closed):
        event(session, lead=cast.oxford, series_id=one.id)
    session.commit()
    page = client.get(f"/series/old-name-{run.id}/subscribe", follow_redirects=True)
    assert page.request.path == f"/series/corridor-colloquium-{run.id}/subscribe"
    found = ways(page.text)
    assert found["https"].endswith(f"/series/corridor-colloquium-{run.id}.ics")
    assert client.get(urlsplit(found["https"]).path).status_code == 200
    assert client.get(f"/series/closed-circle-{closed.id}/subscribe").status_code == 404
    assert client.get(f"/series/nothing-yet-{empty.id}/subscribe").status_code == 404
    assert f"/series/corridor-colloquium-{run.id}/subscribe" in client.get(f"/series/corridor-colloquium-{run.id}").text


def test_count_is_that_of_the_calendar_whoever_looks(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford)
    event(session, lead=cast.oxford, visibility=Visibility.MEMBERS)
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    session.commit()
    assert "1 event ahead" in client.get("/subscribe").text
