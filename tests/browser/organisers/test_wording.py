"""An administrator puts a letter into other words without any script: looks, is corrected, saves, goes back."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.bed.axe import UNTESTED, axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in
from tests.factories import cast

pytestmark = pytest.mark.one_database
FRAME = "iframe.letter__frame"


def test_administrator_puts_a_letter_into_other_words(open_page: OpenPage, session: Session, clock: Clock) -> None:
    people = cast.assemble(session)
    ada = signed_in(open_page, session, people.ada, script=False)
    ada.goto("/organise/mail")
    ada.get_by_role("link", name="Letters and their wording").click()
    ada.get_by_role("link", name="An event is moved").click()
    ada.get_by_label("Their turn").fill("You wait for {titel}.")
    ada.get_by_role("button", name="Look at it").click()
    expect(ada.get_by_role("alert")).to_contain_text("Line 1: there is no placeholder {titel} here. Did you mean")
    expect(ada.get_by_label("Their turn")).to_have_value("You wait for {titel}.")
    ada.get_by_label("Their turn").fill("You wait for {title}, and <b>that is</b> all.")
    ada.get_by_label("Look at it for").select_option("Waiting")
    ada.get_by_role("button", name="Look at it").click()
    expect(ada.get_by_text("This is how it would read.")).to_be_visible()
    letter = ada.frame_locator(FRAME)
    expect(letter.get_by_text("You wait for Quantum sensing for chemists, and <b>that is</b> all.")).to_be_visible()
    ada.get_by_role("button", name="Save the wording").click()
    expect(ada.get_by_role("status")).to_contain_text("Saved: 1 part in other words.")
    expect(ada.get_by_text("by Ada Ashdown")).to_be_visible()
    ada.get_by_role("link", name="Back to the original wording").click()
    expect(ada.get_by_text("You stay on the waiting list.")).to_be_visible()
    ada.get_by_role("button", name="Back to the original wording").click()
    expect(ada.get_by_role("status")).to_contain_text("Back to the original wording in 1 part.")


def test_what_would_be_said_is_as_accessible(open_page: OpenPage, session: Session, clock: Clock) -> None:
    ada = signed_in(open_page, session, cast.assemble(session).ada)
    ada.goto("/organise/letters/event_moved")
    for words in ("You wait for {titel}.", "You wait for {title}."):
        ada.get_by_label("Their turn").fill(words)
        ada.get_by_role("button", name="Look at it").click()
        found = [one for one in axe_findings_everywhere(ada) if one.rule != UNTESTED]
        assert found == []
