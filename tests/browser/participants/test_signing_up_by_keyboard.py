"""Somebody signs up with the keyboard alone, through every kind of question."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.models import Opening, Registration
from tests.bed.clock import Clock
from tests.browser.steps import FOCUSED, enter, tab_to, type_into, wrong_fields
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
OPTIONS = {"options": ["Morning", "Afternoon", "Both"]}
QUESTIONS = [
    {"kind": "short_text", "label": "Department", "is_required": True},
    {"kind": "long_text", "label": "Why do you come?"},
    {"kind": "email", "label": "Your supervisor’s e-mail"},
    {"kind": "number", "label": "Years of research", "settings": {"least": 0, "most": 60}},
    {"kind": "date", "label": "Day of arrival"},
    {"kind": "yes_no", "label": "Do you need a visa?", "is_required": True},
    {"kind": "one_of", "label": "Which session?", "settings": OPTIONS, "is_required": True},
    {"kind": "many_of", "label": "Which lunches?", "settings": OPTIONS},
    {"kind": "consent", "label": "I agree to be photographed.", "is_required": True},
]


@pytest.fixture
def opening(session: Session, clock: Clock) -> Opening:
    """A talk that asks one question of each kind."""
    people = cast.assemble(session)
    row = things.opening(session, events=[things.event(session, lead=people.oxford)])
    row.questionnaire = sheet = new_questionnaire(session, now=cast.LONG_AGO)
    for question in QUESTIONS:
        add_question(session, sheet, **question)  # type: ignore[arg-type]
    session.commit()
    return row


def test_whole_sign_up_goes_by_keyboard(page: Page, session: Session, opening: Opening) -> None:
    page.goto("/")
    enter(page, "^Quantum sensing for chemists")
    enter(page, "^Register$")
    expect(page.get_by_role("heading", level=1, name="Register")).to_be_visible()
    enter(page, "^Register for")
    missing = wrong_fields(page)
    assert len(missing) == 6, missing
    expect(page).to_have_title(re.compile("^Error: "))
    each_link_leads_to_its_field(page, missing)
    fill_in(page)
    enter(page, "^Register for")
    expect(page.get_by_role("heading", level=1, name="Check your mail")).to_be_visible()
    session.rollback()
    row = session.scalars(select(Registration)).one()
    sheet = row.answer_sheet
    assert (row.name, row.address) == ("Gwen Guest", "gwen@example.org")
    assert sheet is not None
    assert {answer.question.label: answer.text for answer in sheet.answers} == {
        "Department": "Chemistry",
        "Why do you come?": "For the lasers.\nAnd the lunch.",
        "Your supervisor’s e-mail": "boss@example.org",
        "Years of research": "3",
        "Day of arrival": "Tuesday 2 February 2027",
        "Do you need a visa?": "No",
        "Which session?": "Both",
        "Which lunches?": "Morning, Both",
        "I agree to be photographed.": "Agreed",
    }


def each_link_leads_to_its_field(page: Page, missing: list[str]) -> None:
    """Follow every link of the summary: the focus goes to a control that says the same."""
    for sentence in missing:
        page.get_by_role("alert").focus()
        enter(page, f"^{re.escape(sentence)}$")
        field = page.locator(":focus")
        wrong = field.locator("xpath=ancestor::*[contains(@class, 'field--bad')][1]")
        expect(wrong).to_contain_text(sentence)
    page.get_by_role("alert").focus()


def fill_in(page: Page) -> None:
    """Answer everything, in the order of the page."""
    type_into(page, "[Nn]ame$", "Gwen Guest")
    type_into(page, "^E-mail", "gwen@example.org")
    choose(page, "^Somewhere else")
    type_into(page, "^Department", "Chemistry")
    type_into(page, "^Why do you come", "For the lasers.\nAnd the lunch.")
    type_into(page, "^Your supervisor", "boss@example.org")
    type_into(page, "^Years of research", "3")
    tab_to(page, "^Day of arrival")
    page.keyboard.type("02022027")  # the same whichever of day and month the browser asks first
    choose(page, "^No$")
    choose(page, "^Both$")
    tick(page, "^Morning$")
    tick(page, "^Both$")
    tick(page, "^I agree to be photographed")


def choose(page: Page, words: str) -> None:
    """Go into the next group of radios and down to one of them."""
    tab_to(page, "", only="input[type=radio]")
    for _ in range(10):
        if re.search(words, page.evaluate(FOCUSED)["words"]):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name=re.compile(words)).and_(page.locator(":focus"))).to_be_checked()


def tick(page: Page, words: str) -> None:
    """Go to a box and tick it."""
    tab_to(page, words)
    page.keyboard.press("Space")
    expect(page.locator(":focus")).to_be_checked()
