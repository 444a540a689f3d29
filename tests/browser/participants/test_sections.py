"""A form filled in one section a page: with script and without, back and on, and sent from the last."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.models import Opening
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.factories import cast, things

pytestmark = pytest.mark.one_database


@pytest.fixture
def opening(session: Session, clock: Clock) -> Opening:
    """A camp: the work, the night for those who stay, and last words."""
    people = cast.assemble(session)
    camp = things.event(session, lead=people.oxford, title="Camp by the river")
    row = things.opening(session, events=[camp], section_a_page=True)
    row.questionnaire = form = actions.new_questionnaire(session, now=cast.LONG_AGO)
    actions.add_question(session, form, kind="section", label="Your work", hint="In a few words.")
    actions.add_question(session, form, kind="long_text", label="What do you work on?", is_required=True)
    stays = actions.add_question(session, form, kind="yes_no", label="Do you stay the night?", is_required=True)
    night = actions.add_question(session, form, kind="section", label="The night")
    actions.add_question(session, form, kind="short_text", label="Which tent?", is_required=True)
    actions.add_question(session, form, kind="section", label="Last words")
    actions.add_question(session, form, kind="short_text", label="Anything else?")
    conditions.ask_only_if(session, night, stays, ["yes"])
    session.commit()
    return row


@pytest.mark.parametrize("script", [True, False])
def test_a_form_is_filled_in_section_by_section(
    open_page: OpenPage, session: Session, opening: Opening, *, script: bool
) -> None:
    page = open_page(script=script)
    page.goto(f"/openings/{opening.id}/registration")
    expect(page.get_by_label("What do you work on?")).to_be_hidden()
    page.get_by_label("Full name").fill("Gwen Guest")
    page.get_by_label("E-mail").fill("gwen@example.org")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Section 2 of 3")).to_be_visible()
    expect(page.get_by_label("Full name")).to_be_hidden()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("There are 2 things to put right")).to_be_visible()
    assert not script or axe_findings_everywhere(page) == []
    page.get_by_label("What do you work on?").fill("Tides")
    page.get_by_role("group", name="Do you stay the night?").get_by_label("Yes").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Which tent?").fill("The blue one")
    page.get_by_label("Which tent?").press("Enter")
    expect(page.get_by_text("Section 4 of 4")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Which tent?")).to_have_value("The blue one")
    page.go_back()
    expect(page.get_by_text("Section 4 of 4")).to_be_visible()
    page.get_by_role("button", name="Register for").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert session.scalars(select(Answer.text).order_by(Answer.question_id)).all() == ["Tides", "Yes", "The blue one"]
