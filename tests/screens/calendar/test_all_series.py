"""The page of all series: next dates, counts, filters, pages, and what nobody may see."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from programme.core.clock import now
from programme.engines.calendar.states import EventState, Visibility
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import SOON, event, series

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")
WEEK = timedelta(weeks=1)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def titles(client: FlaskClient, query: str = "") -> list[str]:
    """The series that the page lists, in order."""
    return re.findall(
        r'<h2 class="ev__title"[^>]*><a href="/series/[^"]+">([^<]+)</a>', client.get(f"/series{query}").text
    )


def test_series_are_listed_by_their_next_date_with_counts_and_feed(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    later = series(session, lead=cast.oxford, title="Later", strand=Strand.COHORTS)
    event(session, lead=cast.oxford, series_id=later.id, starts_at=SOON + WEEK)
    sooner = series(session, lead=cast.liverpool, title="Sooner", co_owners=[cast.oxford])
    for number, days in enumerate((-400, -60, 0, 7, 14)):
        row = event(session, lead=cast.liverpool, title=f"Talk {number}", series_id=sooner.id)
        row.starts_at, row.ends_at = SOON + timedelta(days=days), SOON + timedelta(days=days, hours=1)
    over = series(session, lead=cast.oxford, title="Over")
    event(session, lead=cast.oxford, series_id=over.id, starts_at=now() - WEEK)
    session.commit()
    assert titles(client) == ["Sooner", "Later", "Over"]
    page = client.get("/series").text
    assert "3 dates ahead, 2 past" in page
    assert re.search(r'Next: <a href="/events/talk-2-\d+">Talk 2</a>, <time[^>]*>14:00 to 15:00 GMT', page)
    assert "Liverpool and Oxford" in page
    assert "5th Wk HT27" in page
    assert "The last one was on Tuesday 5 January 2027." in page
    assert f"webcal://localhost/series/sooner-{sooner.id}.ics" in page


def test_filters_narrow_the_list_and_have_an_address(client: FlaskClient, session: Session, cast: Cast) -> None:
    for title, lead, strand in (
        ("Materials colloquium", cast.liverpool, Strand.EXCHANGE),
        ("Founders’ evenings", cast.oxford, Strand.ENTREPRENEURSHIP),
    ):
        run = series(session, lead=lead, title=title, strand=strand, description=f"About {strand}")
        event(session, lead=lead, series_id=run.id)
    shared = series(session, lead=cast.oxford, title="Shared", co_owners=[cast.liverpool])
    event(session, lead=cast.oxford, series_id=shared.id)
    session.commit()
    assert titles(client, "?strand=entrepreneurship") == ["Founders’ evenings"]
    assert titles(client, "?university=liverpool") == ["Materials colloquium", "Shared"]
    assert titles(client, "?q=COLLOQUIUM+about") == ["Materials colloquium"]
    assert titles(client, "?q=%25") == []
    assert "No series between the two ends like that" in client.get("/series?q=nothing").text
    assert client.get("/series?strand=nonsense").status_code == 400


def test_empty_page_says_so(client: FlaskClient, cast: Cast) -> None:
    assert "There is no series yet" in client.get("/series").text


@pytest.mark.one_database
def test_list_goes_on_page_by_page(client: FlaskClient, session: Session, cast: Cast) -> None:
    for number in range(31):
        run = series(session, lead=cast.oxford, title=f"Series {number:02}")
        event(session, lead=cast.oxford, series_id=run.id, starts_at=SOON + timedelta(days=number))
    session.commit()
    assert len(titles(client)) == 30
    assert titles(client, "?page=2") == ["Series 30"]
    assert titles(client, "?page=99") == ["Series 30"]


def test_series_of_drafts_and_for_others_are_not_told(client: FlaskClient, session: Session, cast: Cast) -> None:
    for title, visibility, state in (
        ("Drafts", Visibility.PUBLIC, EventState.DRAFT),
        ("Members", Visibility.MEMBERS, EventState.PUBLISHED),
        ("Hidden", Visibility.HIDDEN, EventState.PUBLISHED),
    ):
        run = series(session, lead=cast.oxford, title=title, visibility=visibility)
        event(session, lead=cast.oxford, series_id=run.id, state=state, visibility=visibility)
    session.commit()
    assert titles(client) == []
    client.set_cookie("programme_session", cookie_for(session, cast.bob))
    assert titles(client) == ["Members"]
    assert "/series/members" in client.get("/series").text
    assert ".ics" not in client.get("/series").text


def test_what_is_called_off_has_no_next_date(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.oxford)
    event(session, lead=cast.oxford, series_id=run.id, state=EventState.CANCELLED)
    event(session, lead=cast.oxford, series_id=run.id, state=EventState.POSTPONED, date_is_known=False)
    session.commit()
    page = client.get("/series").text
    assert "dates ahead" not in page
    assert "Next:" not in page
