"""The month and one's own agenda by keyboard alone: find, look back and ahead, open, give back."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import enter, signed_in, tab_to
from tests.factories import cast, things
from tests.factories.things import SOON

pytestmark = pytest.mark.one_database
TALK = "Quantum sensing for chemists"


@pytest.fixture
def people(session: Session, clock: Clock) -> cast.Cast:
    """Alice has a place at a talk in February; in January there is another, today."""
    cast_ = cast.assemble(session)
    talk = things.event(session, lead=cast_.oxford, title=TALK)
    things.event(session, lead=cast_.liverpool, title="Moss on roofs", starts_at=clock.now.replace(hour=17))
    things.registration(session, to=things.opening(session, events=[talk]), who=cast_.alice)
    session.commit()
    return cast_


def test_month_is_walked_through_by_keyboard(page: Page, people: cast.Cast) -> None:
    page.goto("/")
    tab_to(page, "^Skip to main content$")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.goto("/")
    enter(page, "^Calendar$")
    expect(page.get_by_role("heading", level=1, name="January 2027")).to_be_visible()
    tab_to(page, "Moss on roofs")
    page.goto("/calendar")
    enter(page, "^February, the next month$")
    expect(page.get_by_role("heading", level=1, name="February 2027")).to_be_visible()
    day = page.locator("li", has=page.locator(f"time[datetime^='{SOON:%Y-%m-%d}']"))
    assert day.get_by_role("link").count() == 1
    enter(page, TALK)
    expect(page.get_by_role("heading", level=1, name=TALK)).to_be_visible()
    page.go_back()
    enter(page, "^January, the month before$")
    expect(page.get_by_role("heading", level=1, name="January 2027")).to_be_visible()
    enter(page, "^The same month in the list of events$")
    expect(page.get_by_role("link", name="Moss on roofs")).to_be_visible()
    expect(page.get_by_role("link", name=TALK)).to_be_hidden()


def test_month_is_heard_as_weeks_and_days_with_headings(page: Page, session: Session, people: cast.Cast) -> None:
    for number in range(7):
        things.event(session, lead=people.oxford, title=f"Poster {number}", starts_at=SOON)
    session.commit()
    page.goto("/calendar?month=2027-02")
    week = page.get_by_role("region", name="Week from 15 February 2027")
    day = week.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3, name="16 February 2027"))
    expect(day.get_by_role("link")).to_have_count(6)
    expect(week.get_by_role("heading", level=3)).to_have_count(1)
    expect(day.get_by_role("link").last).to_have_accessible_name("3 more on Tuesday 16 February")
    expect(week.get_by_role("listitem").filter(has_text="6th week begins in Oxford")).to_have_count(1)
    enter(page, "^Skip the weeks of February 2027$")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="The same month in the list of events")).to_be_focused()
    page.goto("/calendar?month=2027-02")
    enter(page, "^Today$")
    expect(page).to_have_url(re.compile(r"/calendar\?month=2027-01#today$"))
    expect(page.locator("#today [aria-current=date]")).to_have_text(re.compile("12 January 2027, today"))


def test_agenda_of_a_month_is_reached_by_keyboard_and_is_what_a_phone_shows(page: Page, people: cast.Cast) -> None:
    page.goto("/calendar?month=2027-02")
    enter(page, "^Agenda$")
    expect(page).to_have_url(re.compile(r"/calendar/agenda\?month=2027-02$"))
    expect(page.get_by_role("navigation", name="Views").get_by_role("link", name="Agenda")).to_have_attribute(
        "aria-current", "page"
    )
    expect(page.get_by_role("heading", level=3, name=re.compile("Tuesday 16 February 2027"))).to_be_visible()
    expect(page.get_by_role("heading", level=4, name=TALK)).to_be_visible()
    enter(page, "^January, the month before$")
    expect(page.get_by_role("link", name="Moss on roofs")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/calendar?month=2027-02")
    expect(page.locator(".mday:visible")).to_have_count(1)
    page.goto("/calendar")
    expect(page.locator(".mday:visible")).to_have_count(1)
    expect(page.locator("#today")).to_be_visible()


def test_agenda_is_used_by_keyboard(open_page: OpenPage, session: Session, people: cast.Cast) -> None:
    page = signed_in(open_page, session, people.alice)
    page.goto("/")
    enter(page, "^My programme$")
    enter(page, f"^See your place: {TALK}$")
    expect(page.get_by_role("heading", level=1, name=f"You have a place at {TALK}")).to_be_visible()
    page.go_back()
    enter(page, f"^Cancel: {TALK}$")
    enter(page, "^Keep it$")
    expect(page.get_by_role("heading", level=1, name=f"You have a place at {TALK}")).to_be_visible()
    enter(page, "^Cancel your place$")
    enter(page, "^Give back my place$")
    expect(page.get_by_role("heading", level=1, name=f"You cancelled: {TALK}")).to_be_visible()
    enter(page, "^My programme$")
    expect(page.get_by_role("heading", name="Nothing is in your programme yet")).to_be_visible()
