"""Changing one's address: asked for, proved by the letter that goes there, and what waits follows."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from programme.core import clock
from programme.scheduler import run_due
from tests.bed.browser import OpenPage
from tests.bed.mail import Capture
from tests.browser.steps import follow, newest, signed_in
from tests.factories.cast import assemble

pytestmark = pytest.mark.one_database
NEW = "alice@people.example.org"


def test_address_is_changed_through_the_mail(
    app: Flask, session: Session, open_page: OpenPage, capture: Capture
) -> None:
    people = assemble(session)
    page = signed_in(open_page, session, people.alice)
    page.goto("/me/account")
    page.get_by_text("Change your address").click()
    page.get_by_label("New e-mail address").fill("alice at home")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("New e-mail address").fill(NEW)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text(f"on its way to {NEW}")).to_be_visible()
    run_due(app, clock.now())
    follow(page, newest(capture, NEW), "address")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text(f"Letters come to {NEW} from now on")).to_be_visible()
    run_due(app, clock.now())
    assert newest(capture, people.alice.address)["Subject"] == "The address of your account was changed"
