"""Pages on paper: an ordinary event is one sheet, and so are a month and a sign-in sheet."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from playwright.sync_api import Page
from pypdf import PdfReader
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Contribution, Venue
from programme.engines.calendar.states import ACCESS_FACTS
from tests.browser.test_scheduling import enter
from tests.factories.cast import Cast, assemble
from tests.factories.pictures import show
from tests.factories.things import event, opening, registration, series

pytestmark = pytest.mark.one_database
PAGE = re.compile(rb"/Type\s*/Page[^s]")
SENTENCE = "What the two universities know about it, and what they would like to hear from you. "


def sheets(page: Page, path: str) -> int:
    """How many sheets of A4 a page takes."""
    page.goto(path)
    return len(PAGE.findall(page.pdf(prefer_css_page_size=True)))


@pytest.fixture
def cast(session: Session) -> Cast:
    """The fixed cast."""
    return assemble(session)


@pytest.mark.parametrize("has_picture", [False, True])
def test_ordinary_event_is_one_sheet(
    app: Flask, page: Page, session: Session, cast: Cast, *, has_picture: bool
) -> None:
    venue = session.query(Venue).filter_by(code="OXF-SBS").one()
    venue.access = dict.fromkeys(
        ACCESS_FACTS, "Yes: a sentence or two on how it is, and whom to ask about it beforehand."
    )
    row = event(session, lead=cast.oxford, summary=SENTENCE, venue_id=venue.id, is_online=True, price_note="£25")
    row.description = "\n\n".join([SENTENCE * 4] * 3)
    row.contributions = [Contribution(name=f"Speaker {number}", affiliation="Physics") for number in range(3)]
    row.series_id = series(session, lead=cast.oxford).id
    place = opening(session, events=[row])
    registration(session, to=place, who=cast.alice, organisation_id=cast.liverpool.id)
    if has_picture:
        show(session, row, app.extensions["shelf"])
    session.commit()
    path = f"/events/quantum-sensing-for-chemists-{row.id}"
    assert sheets(page, path) == 1
    page.emulate_media(media="print")
    shown = page.locator("main").inner_text()
    assert f"Register, and see any change, at http://localhost:{page.url.split(':')[2].split('/')[0]}{path}" in shown
    assert "places left" not in shown
    assert sheets(page, f"/calendar?month={row.starts_at:%Y-%m}") == 1


def test_an_agenda_begins_on_its_first_sheet(page: Page, session: Session, cast: Cast) -> None:
    for number in range(13):
        event(
            session, lead=cast.oxford, title=f"Talk {number}", starts_at=datetime(2027, 2, 16 + number, 14, tzinfo=UTC)
        )
    session.commit()
    page.goto("/calendar/agenda?month=2027-02")
    first = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].extract_text()
    assert "Talk 0" in first, "not a heading alone"
    assert "Talk 9" in first


def test_sign_in_sheet_is_one_sheet_for_a_room(page: Page, session: Session, cast: Cast) -> None:
    place = opening(session, events=[event(session, lead=cast.liverpool)])
    for person in (cast.alice, cast.bob, cast.charlie):
        registration(session, to=place, who=person)
    session.commit()
    enter(page, session, cast, "/organise")
    assert sheets(page, f"/organise/openings/{place.id}/sheet") == 1
