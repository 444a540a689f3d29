"""Organisers' pages on a phone: the head is two lines, and everything is reached from its two menus."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy.orm import Session

from tests.browser.test_scheduling import enter
from tests.factories.cast import assemble

pytestmark = pytest.mark.one_database
TWO_LINES = 104
"""Pixels that two lines of links and their space may take."""


@pytest.mark.parametrize("width", [320, 375])
def test_head_is_two_lines_and_leads_everywhere_without_script(
    page_without_script: Page, session: Session, width: int
) -> None:
    page, cast = page_without_script, assemble(session)
    page.set_viewport_size(ViewportSize(width=width, height=700))
    enter(page, session, cast, "/organise/events")
    main = page.locator("main").bounding_box()
    assert main is not None
    assert main["y"] <= TWO_LINES
    expect(page.get_by_role("link", name="Series")).to_be_hidden()
    page.locator("summary", has_text="Events").press("Enter")
    page.get_by_role("navigation", name="Organise").get_by_role("link", name="Series").click()
    expect(page.get_by_role("heading", name="Series", level=1)).to_be_visible()
    page.locator("summary", has_text="Menu").click()
    expect(page.get_by_role("button", name="Dark theme")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="What’s on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What’s on")


def test_wide_head_shows_every_section_and_no_menu(page: Page, session: Session) -> None:
    enter(page, session, assemble(session), "/organise/events")
    expect(page.get_by_role("navigation", name="Organise").get_by_role("link")).to_have_count(11)
    expect(page.get_by_text("Menu", exact=True)).to_be_hidden()
