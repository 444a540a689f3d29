"""Importing as an organiser does: with a browser, by role, with and without script."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.bed.clock import Clock
from tests.bed.servers.server import LiveServer
from tests.data.invented import SPREADSHEET
from tests.factories.cast import assemble, cookie_for

pytestmark = pytest.mark.one_database

MOVED = b"Title,Series,Start,End,Venue\nSaid twice,Made-up Matters,04/02/2027 10:00,,Lecture Theatre Nought\n"


def sign_in(page: Page, session: Session, live_server: LiveServer) -> None:
    """Sign in as Omar."""
    token = cookie_for(session, assemble(session).omar)
    page.context.add_cookies([{"name": "programme_session", "value": token, "url": live_server.url}])


def check(page: Page, name: str, content: bytes) -> None:
    """Upload a file."""
    page.goto("/organise/imports")
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check the file").click()


def test_organiser_imports_a_spreadsheet_and_follows_a_move(
    page_without_script: Page, session: Session, live_server: LiveServer, clock: Clock
) -> None:
    page = page_without_script
    sign_in(page, session, live_server)
    check(page, "talks.csv", SPREADSHEET.read_bytes())
    expect(page.get_by_role("heading", name="talks.csv")).to_be_visible()
    page.get_by_role("button", name="Import 60 events").click()
    expect(page.get_by_text("60 events imported.")).to_be_visible()
    check(page, "talks.csv", MOVED)
    page.get_by_role("button", name="Import 1 event").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what line 2 is.")
    page.get_by_role("group", name="Line 2: Said twice").get_by_label("The same event at another time").check()
    page.get_by_role("button", name="Import 1 event").click()
    expect(page.get_by_text("1 changed.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/organise/imports/2$"))
