"""An organiser tries out a form that is filled in one section a page, with script and without: nothing of it stays."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from programme.engines.questionnaire import actions
from programme.engines.registration.models import Opening
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in
from tests.factories import cast, things

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("script", [True, False])
def test_the_preview_goes_section_by_section(
    open_page: OpenPage, session: Session, clock: Clock, *, script: bool
) -> None:
    people = cast.assemble(session)
    opening = things.opening(session, events=[things.event(session, lead=people.liverpool)], section_a_page=True)
    opening.questionnaire = form = actions.new_questionnaire(session, now=cast.LONG_AGO)
    actions.add_question(session, form, kind="section", label="Your work")
    actions.add_question(session, form, kind="long_text", label="What do you work on?", is_required=True)
    actions.add_question(session, form, kind="section", label="Last words")
    actions.add_question(session, form, kind="short_text", label="Anything else?")
    session.commit()
    page = signed_in(open_page, session, people.olga, script=script)
    page.goto(f"/organise/openings/{opening.id}/questions/preview")
    expect(page.get_by_text("Section 1 of 3")).to_be_visible()
    expect(page.get_by_label("What do you work on?")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Answer this question: What do you work on?").first).to_be_visible()
    assert not script or axe_findings_everywhere(page) == []
    page.get_by_label("What do you work on?").fill("Tides")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Section 3 of 3")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("What do you work on?")).to_have_value("Tides")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Anything else?").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Nothing is kept.")).to_be_visible()
    page.goto(f"/organise/openings/{opening.id}/questions/preview")
    expect(page.get_by_text("Section 1 of 3")).to_be_visible()
    session.rollback()
    assert session.get_one(Opening, opening.id).revision == 0
