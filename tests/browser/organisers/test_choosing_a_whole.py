"""An organiser looks for the event that a new one is part of: nothing typed is lost, and Enter still saves."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from tests.browser.test_scheduling import enter
from tests.factories.cast import assemble
from tests.factories.things import event

pytestmark = pytest.mark.one_database


def test_whole_is_found_and_chosen_without_script(page_without_script: Page, session: Session) -> None:
    page, cast = page_without_script, assemble(session)
    whole = event(session, lead=cast.liverpool, title="Summer school")
    session.commit()
    enter(page, session, cast, "/organise/events/new")
    page.get_by_label("Title", exact=True).fill("Morning")
    page.get_by_role("group", name="Starts").get_by_label("Day").fill("2031-03-04")
    page.get_by_label("Look for another event").fill("school")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Morning")
    expect(page.get_by_text("1 event found")).to_be_visible()
    page.get_by_label("Part of").select_option(str(whole.id))
    page.get_by_label("Title", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter the time too")
    page.get_by_role("group", name="Starts").get_by_label("Time").fill("09:00")
    page.get_by_role("group", name="Ends").get_by_label("Time").fill("12:00")
    page.get_by_label("Title", exact=True).press("Enter")
    expect(page.get_by_text("“Morning” is a draft now.")).to_be_visible()
    made = session.scalars(select(Event).where(Event.title == "Morning")).one()
    assert made.part_of_id == whole.id
