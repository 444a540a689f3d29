"""The browser stays at home, notices breaches, and axe finds what is wrong."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.bed.axe import axe_findings, axe_findings_everywhere
from tests.bed.browser import OpenPage, watched
from tests.bed.servers.server import LiveServer
from tests.bed.trials.pages import little_app


@pytest.fixture
def app() -> Flask:
    """Pages made for the purpose."""
    return little_app()


def test_page_opens_by_path(page: Page) -> None:
    page.goto("/good")
    assert page.get_by_text("Changed.").is_visible()


def test_script_can_be_off(page_without_script: Page) -> None:
    page_without_script.goto("/good")
    assert page_without_script.get_by_text("Words.").is_visible()


def test_two_people_have_two_browsers(open_page: OpenPage) -> None:
    alice, bob = open_page(), open_page()
    alice.goto("/good")
    alice.context.add_cookies([{"name": "who", "value": "alice", "url": alice.url}])
    assert bob.context.cookies() == []


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/styled", "content security policy"),
        ("/elsewhere", "another host"),
        ("/throws", "error in a script"),
    ],
)
def test_what_must_not_happen_is_noticed(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, path: str, says: str
) -> None:
    context = new_context(base_url=live_server.url)
    with pytest.raises(AssertionError, match=says), watched(context, home=live_server.url):
        context.new_page().goto(path)


def test_axe_finds_pale_words_and_nothing_on_a_good_page(page: Page) -> None:
    page.goto("/pale")
    assert [finding.rule for finding in axe_findings(page)] == ["color-contrast"]
    page.goto("/good")
    assert axe_findings_everywhere(page) == []


def test_axe_finds_each_look_that_is_pale_by_night_only(page: Page) -> None:
    page.goto("/night")
    found = axe_findings_everywhere(page)
    assert {(finding.rule, finding.where.split(", ")[1]) for finding in found} == {("color-contrast", "dark")}
    narrow, broad = (
        sorted(re.sub("<[^>]+>", "", one.markup) for one in found if one.where.startswith(width))
        for width in ("320 px", "1280 px")
    )
    assert narrow == ["Above.", "Aloft.", "Dim.", "Pale", "Pale."], "once each look, and whatever is placed apart"
    assert broad == ["Above.", "Aloft.", "Broad."], "what is new in this width, and whatever is placed apart"
