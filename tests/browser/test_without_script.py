"""Everything works with JavaScript off: an organiser makes and opens an event, a participant comes, stays and goes."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from programme.core import clock as present
from programme.scheduler import run_due
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.steps import follow, newest, signed_in
from tests.factories.cast import assemble

pytestmark = pytest.mark.one_database
TITLE = "Surfaces that clean themselves"


def test_event_is_made_opened_and_registered_for_without_script(
    app: Flask, open_page: OpenPage, session: Session, capture: Capture, clock: Clock
) -> None:
    people = assemble(session)
    olga, gwen = signed_in(open_page, session, people.olga, script=False), open_page(script=False)
    make_and_publish(olga)
    open_registration(olga)
    sign_up(gwen)
    run_due(app, present.now())
    follow(gwen, newest(capture, "gwen@example.org"), "registrations")
    gwen.get_by_role("button", name="Keep my place").click()
    expect(gwen.get_by_role("heading", level=1, name=f"You have a place at {TITLE}")).to_be_visible()
    olga.reload()
    expect(olga.get_by_role("row", name="Gwen Guest")).to_contain_text("Confirmed")
    gwen.get_by_role("link", name="Cancel your place").click()
    gwen.get_by_role("button", name="Give back my place").click()
    expect(gwen.get_by_role("heading", level=1, name=f"You cancelled: {TITLE}")).to_be_visible()
    gwen.goto("/")
    gwen.get_by_role("button", name="Dark theme").click()
    expect(gwen.locator("html")).to_have_class(re.compile("theme-dark"))


def make_and_publish(page: Page) -> None:
    """Write the event down as a draft, and publish it."""
    page.goto("/organise")
    page.get_by_role("link", name="New event").click()
    page.get_by_label("Title", exact=True).fill(TITLE)
    for when, time in (("Starts", "14:00"), ("Ends", "15:00")):
        page.get_by_role("group", name=when).get_by_label("Day").fill("2027-03-04")
        page.get_by_role("group", name=when).get_by_label("Time").fill(time)
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(f"“{TITLE}” is published.")).to_be_visible()


def open_registration(page: Page) -> None:
    """Open it with one ready-made question."""
    page.get_by_role("main").get_by_role("link", name="Open registration").click()
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("link", name="Form", exact=True).click()
    page.get_by_role("button", name=re.compile("^Add ?: Dietary needs")).click()
    page.get_by_role("link", name="Roll", exact=True).click()
    page.get_by_role("button", name="Open registration").click()
    expect(page.get_by_text(f"Registration for “{TITLE}” is open.")).to_be_visible()


def sign_up(page: Page) -> None:
    """Find it in the list, forget the address at first, and register."""
    page.goto("/events")
    page.get_by_label("Words").or_(page.get_by_role("searchbox")).first.fill("clean themselves")
    page.get_by_role("main").get_by_role("button", name=re.compile("Search|Show|Find|Filter")).first.click()
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("main").get_by_role("link", name="Register").first.click()
    page.get_by_label(re.compile("name$")).fill("Gwen Guest")
    page.get_by_role("checkbox", name="Vegan").check()
    page.get_by_role("main").get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(["Enter your e-mail address."])
    expect(page.get_by_role("checkbox", name="Vegan")).to_be_checked()
    page.get_by_label(re.compile("^E-mail")).fill("gwen@example.org")
    page.get_by_role("main").get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1, name="Check your mail")).to_be_visible()
