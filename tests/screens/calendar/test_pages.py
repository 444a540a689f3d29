"""What's on, the list, the month, series and strands, as a reader sees them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from programme.engines.calendar.models import AcademicPeriod, Contribution
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble
from tests.factories.things import SOON, event, series

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def test_whats_on_shows_weeks_of_both_universities_and_the_ruler(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    event(
        session,
        lead=cast.oxford,
        starts_at=datetime(2027, 1, 20, 14, tzinfo=UTC),
        ends_at=datetime(2027, 1, 20, 15, tzinfo=UTC),
    )
    session.commit()
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in page.headers
    assert "Quantum sensing for chemists" in page.text
    assert "1st week, Hilary 2027" in page.text
    assert "Liverpool, dates not confirmed" in page.text
    assert 'href="#w-2027-01-18"' in page.text
    assert "1 event in the next 8 weeks" in page.text


def test_liverpool_says_its_weeks_once_dates_are_entered(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford)
    assert "dates not confirmed" in client.get("/").text
    first = date(2027, 2, 1)
    session.add(
        AcademicPeriod(organisation_id=cast.liverpool.id, label="Semester 2", code="S2", first_day=first, weeks=12)
    )
    session.commit()
    page = client.get(f"/events/quantum-sensing-for-chemists-{row.id}").text
    assert "Semester 2, week 3" in page
    assert "Tuesday of 5th week, Hilary 2027" in page
    assert "The dates of term are provisional." in page


def test_next_eight_weeks_have_an_address(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford, title="Far away", starts_at=SOON + timedelta(weeks=8))
    session.commit()
    first = client.get("/").text
    assert "Far away" not in first
    address = re.search(r'href="(/\?from=[\d-]+)">Show the next 8 weeks', first)
    assert address
    assert "Far away" in client.get(address[1]).text


def test_more_events_than_fit_are_cut_at_a_day_and_go_on(client: FlaskClient, session: Session, cast: Cast) -> None:
    for number in range(90):
        starts = SOON + timedelta(hours=number)
        event(session, lead=cast.oxford, title=f"Talk {number}.", starts_at=starts)
    session.commit()
    shown: set[str] = set()
    address = "/"
    for _ in range(3):
        page = client.get(address).text
        shown |= set(re.findall(r"Talk \d+\.", page))
        more = re.search(r'href="(/\?from=[\d-]+)">Show what follows', page)
        if more is None:
            break
        address = more[1]
    assert len(shown) == 90


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("strand=cohorts", {"Cohort day"}),
        ("university=liverpool", {"Cohort day"}),
        ("at=online", {"Online clinic"}),
        ("focus=vaccines", {"Vaccine talk"}),
        ("who=everyone", {"Cohort day", "Online clinic", "Vaccine talk"}),
        ("from=2027-02-17&to=2027-02-17", {"Online clinic"}),
        ("q=rowanfield", {"Vaccine talk"}),
        ("q=colloquium", {"Online clinic"}),
        ("q=VACCINE+talk", {"Vaccine talk"}),
        ("q=100%25", set()),
        ("q=graphene+cooking", set()),
        ("when=past", set()),
    ],
)
def test_list_takes_every_filter(
    client: FlaskClient, session: Session, cast: Cast, query: str, expected: set[str]
) -> None:
    run = series(session, lead=cast.oxford)
    event(session, lead=cast.liverpool, title="Cohort day", strand=Strand.COHORTS)
    event(
        session,
        lead=cast.oxford,
        title="Online clinic",
        is_online=True,
        series_id=run.id,
        starts_at=SOON + timedelta(days=1),
    )
    talk = event(session, lead=cast.oxford, title="Vaccine talk", focus_areas=["vaccines"])
    talk.contributions = [Contribution(name="Robin Rowanfield")]
    session.commit()
    page = client.get(f"/events?{query}").text
    assert {title for title in ("Cohort day", "Online clinic", "Vaccine talk") if title in page} == expected
    if not expected:
        assert "Nothing between the two ends" in page


def test_list_leaves_parts_to_their_whole_unless_something_is_looked_for(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    whole = event(session, lead=cast.oxford, title="Methods week")
    event(session, lead=cast.oxford, title="Workshop on lasers", part_of_id=whole.id, is_online=True)
    session.commit()
    assert "Workshop on lasers" not in client.get("/events").text
    assert "Workshop on lasers" in client.get("/events?q=lasers").text
    assert "Workshop on lasers" in client.get("/events?at=online").text


def test_active_filters_can_be_taken_away(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/events?strand=cohorts&at=OXF").text
    assert 'href="/events?strand=cohorts"' in page
    assert 'href="/events?at=OXF"' in page


def test_month_shows_each_event_on_its_days(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford, title="Two days", ends_at=SOON + timedelta(days=1))
    session.commit()
    page = client.get("/calendar?month=2027-02").text
    assert "February 2027" in page
    assert page.count("Two days") == 2
    assert "to 14:00" in page
    assert "5th week begins in Oxford" in page
    assert "Two days" not in client.get("/calendar?month=2027-04").text


def test_strands_and_series_have_pages(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.oxford)
    event(session, lead=cast.oxford, series_id=run.id)
    session.commit()
    for strand in Strand:
        page = client.get(f"/strands/{strand.value}")
        assert ("Quantum sensing" in page.text) == (strand is Strand.EXCHANGE)
        assert f"/calendar.ics?strand={strand.value}" in page.text
    assert client.get("/strands/sport").status_code == 404
    assert "Quantum sensing" in client.get(f"/series/corridor-colloquium-{run.id}").text
    assert client.get(f"/series/other-{run.id}").location == f"/series/corridor-colloquium-{run.id}"
    assert f"/series/corridor-colloquium-{run.id}/subscribe" in client.get("/subscribe").text
