"""The browser stays at home, notices breaches, and axe finds what is wrong."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.bed.axe import axe_findings, axe_findings_everywhere, have_axe
from tests.bed.browser import OpenPage, watched
from tests.bed.servers.server import LiveServer
from tests.bed.trials.pages import little_app

GREY = "background: #777"
OVERLAPS = {
    "covered": "<div style='position: relative'><p id=it>Words.</p>"
    f"<i style='position: absolute; inset: 0; {GREY}'></i>",
    "on what is placed": "<div style='position: relative; isolation: isolate'><p id=it>Words.</p>"
    f"<i style='position: absolute; inset: 0; z-index: -1; {GREY}'></i>",
    "in one cell": f"<div style='display: grid'><i style='grid-area: 1/1; {GREY}'></i>"
    "<p id=it style='grid-area: 1/1'>Words.</p>",
    "pulled up": f"<div><div style='height: 3em; {GREY}'></div><p id=it style='margin: -2.5em 0 3em'>Words.</p>",
    "half out": f"<div><div style='height: 2em; {GREY}'><p id=it style='margin: 0; line-height: 2'>Words.<br>More.</p>"
    "</div>",
    "on a pseudo-element": "<div><style>#it {position: relative; isolation: isolate} #it::before {content: '';"
    f" position: absolute; inset: 0; z-index: -1; {GREY}}}</style><p id=it>Words.</p>",
    "shining through": "<div style='opacity: 0.5'><p id=it>Words.</p>",
}
"""Words whose letters and grounds are those of words that are clear, but for what is painted about them."""


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


def test_axe_can_be_at_hand_on_each_page(page: Page) -> None:
    have_axe(page.context)
    page.goto("/pale")
    assert page.evaluate("'axe' in window")
    assert [finding.rule for finding in axe_findings(page)] == ["color-contrast"]


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


def put(page: Page, body: str) -> None:
    """Show a page of this, whose words are grey and just dark enough for white."""
    page.goto("/good")
    page.set_content(
        "<!doctype html><html lang=en><title>A page</title><style>body {color: #666; background: #fff}</style>"
        f"<main><h1>A page</h1><p>Clear.</p>{body}</main></html>"
    )


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_axe_finds_words_that_meet_something_in_every_width_though_their_look_was_met(page: Page, overlap: str) -> None:
    put(page, f"{OVERLAPS[overlap]}</div>")
    found = axe_findings_everywhere(page)
    assert {(one.rule, one.target) for one in found} == {("color-contrast", "#it")}
    assert {one.where for one in found} == {"320 px, light", "320 px, dark", "1280 px, light", "1280 px, dark"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>Clear, too.</p><p id=it style='color: #999'>Words.</p>",
        f"<section><p>Clear, too.</p></section><section style='{GREY}'><p id=it>Words.</p></section>",
        "<p style='color: #888; font-size: 2em'>Clear, as it is large.</p><p id=it style='color: #888'>Words.</p>",
        "<p style='color: #888'>x</p><p id=it style='color: #888'>More than one letter.</p>",
        "<p style='color: #888; position: absolute; left: -99em'>Away.</p><p id=it style='color: #888'>Words.</p>",
    ],
    ids=["paler", "on another ground", "smaller", "longer", "in sight"],
)
def test_axe_finds_each_look_after_others_that_are_clear(page: Page, body: str) -> None:
    put(page, body)
    found = axe_findings_everywhere(page)
    assert [(one.rule, one.target, one.where) for one in found] == [("color-contrast", "#it", "320 px, light")]


def test_axe_looks_once_at_fifty_rows_of_one_look(page: Page) -> None:
    put(page, f"<ul style='color: #999'>{'<li>Pale.</li>' * 50}</ul>")
    assert len(axe_findings(page)) == 50
    assert len(axe_findings_everywhere(page)) == 1
