"""An organiser makes an event, publishes it, and moves it after seeing whom that reaches."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import event, opening, registration, series

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


def test_organisers_pages_have_no_axe_finding(open_page: OpenPage, session: Session) -> None:
    cast = assemble(session)
    run = series(session, lead=cast.liverpool)
    row = event(session, lead=cast.liverpool, series_id=run.id, co_owners=[cast.oxford])
    registration(session, to=opening(session, events=[row], capacity=4), who=cast.alice)
    session.commit()
    page = open_page()
    home, found = f"/organise/events/{row.id}", []
    enter(page, session, cast, "/organise")
    for path in (
        *("/organise", "/organise/events", "/organise/events?when=all", "/organise/events/new", home),
        *(f"{home}/{noun}" for noun in ("details", "move", "postponement", "cancellation", "copies", "co-owners")),
        *("/organise/series", f"/organise/series/{run.id}", f"/organise/series/{run.id}/copies"),
        *("/organise/dates", "/organise/dates/new", "/organise/dates/table", "/organise/venues", "/organise/venues/1"),
    ):
        page.goto(path)
        expect(page.get_by_role("navigation", name="Organise")).to_be_visible()
        found += [(path, finding) for finding in axe_findings_everywhere(page)]
    assert found == []
