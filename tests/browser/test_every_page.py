"""Every page, in a real browser: no axe finding, nothing sideways at 320 px, no other host, no error."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, ViewportSize
from sqlalchemy.orm import Session

from programme.config import Settings
from tests.bed.axe import UNTESTED, axe_findings_everywhere, have_axe
from tests.bed.browser import OpenPage
from tests.bed.servers.server import LiveServer
from tests.browser.pages import ORGANISER, PUBLIC, Visit, show, visits
from tests.data.invented import spreadsheet

pytestmark = pytest.mark.one_database
PARTS = 4
NARROW = ViewportSize(width=320, height=900)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As a demonstration, so that the mailbox is there."""
    return replace(settings, demo=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_narrow_enough(
    app: Flask, posted: Session, open_page: OpenPage, live_server: LiveServer, part: int
) -> None:
    shown = show(app, posted)
    pages: dict[str, Page] = {}
    wrong: list[str] = []
    shown.values["import_id"] = uploaded(
        pages.setdefault(ORGANISER, signed_in(open_page, live_server, shown.cookies[ORGANISER]))
    )
    for visit in list(visits(app, shown))[part::PARTS]:
        if visit.role not in pages:
            pages[visit.role] = signed_in(open_page, live_server, shown.cookies.get(visit.role, ""))
        wrong += looked_at(pages[visit.role], visit)
    assert wrong == [], "\n".join(wrong)


def signed_in(open_page: OpenPage, server: LiveServer, secret: str) -> Page:
    """Open a page for somebody; an empty secret is the public."""
    page = open_page()
    have_axe(page.context)
    if secret:
        page.context.add_cookies([{"name": "programme_session", "value": secret, "url": server.url}])
    return page


def uploaded(page: Page) -> str:
    """Upload an invented spreadsheet and return the id of its preview."""
    page.goto("/organise/imports")
    file = FilePayload(name="talks.csv", mimeType="text/csv", buffer=spreadsheet())
    page.locator("#file").set_input_files([file])
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url("**/organise/imports/*")
    return Path(page.url).name


def looked_at(page: Page, visit: Visit) -> list[str]:
    """Look at one page and return what is wrong with it; whoever looks at several stays narrow from one to the next."""
    answer = page.goto(visit.path)
    if answer is None or not answer.ok:
        return [f"{visit.path} ({visit.rule}) answered {answer.status if answer else 'nothing'}"]
    page.set_viewport_size(NARROW)
    found = [one for one in axe_findings_everywhere(page) if one.rule != UNTESTED]
    wrong = [f"{visit.path}: {one.rule} ({one.kind}, {one.where}) {one.target}" for one in found]
    width = page.evaluate("document.documentElement.scrollWidth")
    return wrong + ([f"{visit.path} is {width} px wide at 320"] if width > NARROW["width"] else [])


def test_public_pages_set_no_cookie(app: Flask, posted: Session) -> None:
    shown = show(app, posted)
    client = app.test_client()
    setting = [
        visit.path
        for visit in visits(app, replace(shown, values={**shown.values, "import_id": "1"}))
        if visit.role == PUBLIC and client.get(visit.path).headers.get("Set-Cookie")
    ]
    assert setting == []
