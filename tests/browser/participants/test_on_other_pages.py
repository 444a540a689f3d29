"""The programme elsewhere, in a browser: the frame that others paste, and addresses that are copied by hand."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.bed.clock import Clock
from tests.browser.steps import enter
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
TALK = "Quantum sensing for chemists"


@pytest.fixture
def people(session: Session, clock: Clock) -> cast.Cast:
    """Oxford gives a talk in February."""
    cast_ = cast.assemble(session)
    things.event(session, lead=cast_.oxford, title=TALK)
    session.commit()
    return cast_


def test_webmaster_makes_a_frame_whose_links_leave_it(page_without_script: Page, people: cast.Cast) -> None:
    page = page_without_script
    page.goto("/embed")
    page.get_by_label("Strand").select_option("Knowledge exchange")
    page.get_by_label("Colours").select_option("Dark")
    page.get_by_role("button", name="Show this list").click()
    pasted = page.get_by_label("A frame, as HTML").input_value()
    assert 'title="Events: Knowledge exchange"' in pasted
    live = page.frame_locator("iframe[title='Events: Knowledge exchange']")
    expect(live.get_by_role("heading", level=1, name="Events: Knowledge exchange")).to_be_visible()
    assert live.locator("html").evaluate("page => getComputedStyle(page).colorScheme") == "dark"
    live.get_by_role("link", name=TALK).click()
    expect(page.get_by_role("heading", level=1, name=TALK)).to_be_visible()
    assert page.context.cookies() == []


def test_address_of_a_list_is_there_to_copy_without_script(page_without_script: Page, people: cast.Cast) -> None:
    page = page_without_script
    page.goto("/events?university=oxford")
    enter(page, "^Subscribe to this list$")
    address = page.get_by_label("Address of this calendar")
    expect(address).to_have_value(re.compile(r"/calendar\.ics\?university=oxford$"))
    expect(address).not_to_be_editable()
    expect(page.locator("[data-copy]")).to_be_hidden()
    expect(page.get_by_role("definition").filter(has_text="Add to Google Calendar")).to_contain_text("8 to 24 hours")


def test_address_is_copied_by_a_button_where_script_runs(page: Page, people: cast.Cast) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/subscribe?strand=exchange")
    page.get_by_role("button", name="Copy address of this calendar").click()
    expect(page.get_by_role("button", name="Copied address of this calendar")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Address of this calendar").input_value()
