"""An organiser makes an event, publishes it, and moves it after seeing whom that reaches."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import opening, registration

pytestmark = pytest.mark.one_database


def enter(page: Page, session: Session, cast: Cast, path: str) -> None:
    """Come in as Olga."""
    token = cookie_for(session, cast.olga)
    page.context.add_cookies([{"name": "programme_session", "value": token, "domain": "localhost", "path": "/"}])
    page.goto(path)


def test_event_is_made_published_and_moved_without_script(page_without_script: Page, session: Session) -> None:
    page, cast = page_without_script, assemble(session)
    enter(page, session, cast, "/organise")
    page.get_by_role("link", name="New event").click()
    page.get_by_label("Title", exact=True).fill("Surfaces that clean themselves")
    page.get_by_role("group", name="Starts").get_by_label("Day").fill("2031-03-04")
    page.get_by_role("group", name="Starts").get_by_label("Time").fill("14:00")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the time at which it ends.")
    page.get_by_role("group", name="Ends").get_by_label("Time").fill("15:00")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("“Surfaces that clean themselves” is published.")).to_be_visible()
    made = session.scalars(select(Event)).one()
    registration(session, to=opening(session, events=[made]), who=cast.alice)
    session.commit()
    page.get_by_role("link", name="Move", exact=True).click()
    page.get_by_role("group", name="Starts").get_by_label("Day").fill("2031-03-05")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_text("Wednesday 5 March 2031, 14:00 to 15:00 GMT")).to_be_visible()
    page.get_by_role("button", name="Move it and tell 1 person").click()
    expect(page.get_by_text("1 person will get an e-mail.")).to_be_visible()
    session.rollback()
    assert [row.letter for row in session.scalars(select(OutboxMessage))] == ["event_moved"]
