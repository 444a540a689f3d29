"""A long application: begun with a file, saved behind the page, gone on with from the letter, and sent."""

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock as present
from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.models import Opening
from programme.scheduler import run_due
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.steps import follow, newest
from tests.factories import cast, files, things

pytestmark = pytest.mark.one_database
GWEN = "gwen@example.org"
FILE = FilePayload(name="cv.pdf", mimeType="application/pdf", buffer=files.PDF)
FALSE = FilePayload(name="cv.pdf", mimeType="application/pdf", buffer=files.HTML)
SORRY = "The night is for those who bring their own tent."


@pytest.fixture
def opening(session: Session, clock: Clock) -> Opening:
    """A camp in two sections; whoever stays the night without a tent cannot come."""
    people = cast.assemble(session)
    row = things.opening(session, events=[things.event(session, lead=people.oxford, title="Camp by the river")])
    row.questionnaire = form = actions.new_questionnaire(session, now=cast.LONG_AGO)
    actions.add_question(session, form, kind="section", label="About your work")
    actions.add_question(session, form, kind="long_text", label="What do you work on?", is_required=True)
    actions.add_question(
        session, form, kind="file", label="Your CV", is_required=True, settings={"accepts": ["pdf"], "most": "1"}
    )
    actions.add_question(session, form, kind="section", label="About the night")
    stays = actions.add_question(session, form, kind="yes_no", label="Do you stay the night?")
    tent = actions.add_question(session, form, kind="yes_no", label="Do you bring a tent?")
    actions.add_question(session, form, kind="short_text", label="What do you need for breakfast?")
    conditions.ask_only_if(session, tent, stays, ["yes"])
    conditions.end_form_at(session, tent, ["no"], SORRY)
    session.commit()
    return row


@pytest.mark.parametrize("script", [True, False])
def test_a_long_form_is_saved_and_sent_from_the_letter(
    app: Flask, open_page: OpenPage, capture: Capture, session: Session, opening: Opening, *, script: bool
) -> None:
    gwen, elsewhere = open_page(script=script), open_page(script=script)
    gwen.goto(f"/openings/{opening.id}/registration")
    gwen.get_by_label("E-mail").fill(GWEN)
    gwen.get_by_label("What do you work on?").fill("Tides")
    gwen.get_by_label("Your CV").set_input_files([FILE])
    gwen.get_by_role("button", name="Save and go on later").click()
    expect(gwen.get_by_text("Saved, not sent yet.").first).to_be_visible()
    expect(gwen.get_by_text("cv.pdf")).to_be_visible()
    assert not script or axe_findings_everywhere(gwen) == []
    more(gwen, script=script)
    run_due(app, present.now())
    follow(elsewhere, newest(capture, GWEN), "drafts")
    expect(elsewhere.get_by_label("What do you work on?")).to_have_value("Tides and sand")
    elsewhere.get_by_role("button", name="Register for").click()
    expect(elsewhere.get_by_text("Enter your name.").first).to_be_visible()
    elsewhere.get_by_label("Full name").fill("Gwen Guest")
    elsewhere.get_by_role("button", name="Register for").click()
    expect(elsewhere.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert session.scalars(select(Answer.text).order_by(Answer.question_id)).all() == [
        "Tides and sand",
        "cv.pdf (1 KB)",
    ]


def more(page: Page, *, script: bool) -> None:
    """Type more: with script it is saved behind the page, without by the button."""
    page.get_by_label("What do you work on?").fill("Tides and sand")
    if script:
        expect(page.locator("#draft-said")).to_contain_text("Saved at", timeout=15_000)
    else:
        page.get_by_role("button", name="Save and go on later").click()
        expect(page.get_by_text("Saved at").first).to_be_visible()


def test_a_file_that_is_not_what_it_says_loses_nothing(open_page: OpenPage, opening: Opening) -> None:
    page = open_page()
    page.goto(f"/openings/{opening.id}/registration")
    page.get_by_label("What do you work on?").fill("Tides")
    page.get_by_label("Your CV").set_input_files([FALSE])
    page.get_by_role("button", name="Register for").click()
    expect(page.get_by_role("alert")).to_contain_text("“cv.pdf” is not what its name says")
    expect(page.get_by_label("What do you work on?")).to_have_value("Tides")
    assert axe_findings_everywhere(page) == []


def test_an_ending_under_a_condition_hides_what_follows_while_both_hold(open_page: OpenPage, opening: Opening) -> None:
    page = open_page()
    page.goto(f"/openings/{opening.id}/registration")
    breakfast, button = (
        page.get_by_label("What do you need for breakfast?"),
        page.get_by_role("button", name="Register for"),
    )
    night = page.get_by_role("group", name="Do you stay the night?")
    tent = page.get_by_role("group", name="Do you bring a tent?")
    expect(tent).to_be_hidden()
    night.get_by_label("Yes").check()
    tent.get_by_label("No").check()
    expect(page.get_by_text(SORRY)).to_be_visible()
    expect(breakfast).to_be_hidden()
    expect(button).to_be_hidden()
    night.get_by_label("No").check()
    expect(breakfast).to_be_visible()
    expect(button).to_be_visible()
