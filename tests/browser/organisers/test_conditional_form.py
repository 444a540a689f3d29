"""A form whose questions depend on answers: built by keyboard, tried out, and answered with and without script."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import enter, signed_in, tab_to, type_into
from tests.factories import things
from tests.factories.cast import Cast, assemble

pytestmark = pytest.mark.one_database
STAYS, ROOM = "Do you stay the night?", "Which room?"


@pytest.fixture
def people(session: Session, clock: Clock) -> Cast:
    """The cast, in January."""
    return assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """Twenty places at a retreat."""
    row = things.opening(session, events=[things.event(session, lead=people.liverpool, title="Retreat")])
    session.commit()
    return row


@pytest.mark.parametrize("script", [True, False])
def test_form_with_a_condition_is_built_by_keyboard_and_answered(
    open_page: OpenPage, session: Session, people: Cast, opening: Opening, *, script: bool
) -> None:
    olga, gwen = signed_in(open_page, session, people.olga, script=script), open_page(script=script)
    olga.goto(f"/organise/openings/{opening.id}/questions")
    add(olga, "Yes or no", STAYS)
    add(olga, "One of", ROOM, options="Attic\nBarn", required=True)
    enter(olga, f"^When asked.*{re.escape(ROOM)}")
    enter(olga, "^Show its answers")
    tab_to(olga, "^Yes$", only="input")
    olga.keyboard.press("Space")
    enter(olga, "^Ask it only then")
    words = f"Only if you answered “Yes” to “{STAYS}”"
    expect(olga.get_by_role("region", name="Questions")).to_contain_text(words)
    try_out(olga)
    answer(gwen, opening.id)
    olga.goto(f"/organise/openings/{opening.id}")
    olga.get_by_role("row", name="Gwen Guest").get_by_role("link").first.click()
    expect(olga.get_by_role("main")).to_contain_text("Barn")


def add(page: Page, kind: str, label: str, *, options: str = "", required: bool = False) -> None:
    """Add a question by keyboard alone."""
    tab_to(page, "^Short text", only="input")
    for _ in range(30):
        if page.evaluate("document.activeElement.labels[0].innerText").startswith(kind):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    type_into(page, "^Question", label)
    if options:
        type_into(page, "^Options", options)
    if required:
        tab_to(page, "^People must answer it", only="input")
        page.keyboard.press("Space")
    enter(page, "^Add the question")
    expect(page.get_by_role("status")).to_have_text("The question is added.")


def try_out(page: Page) -> None:
    """See the form as people do: the room is asked only of those who stay, and nothing is kept."""
    enter(page, "^See it as people do")
    room = page.get_by_role("group", name=ROOM)
    expect(room).to_be_hidden()
    choose(page, STAYS, "Yes")
    expect(room).to_be_visible()
    enter(page, "^Try these answers")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text([f"Choose one: {ROOM}"])
    choose(page, STAYS, "No")
    expect(room).to_be_hidden()
    enter(page, "^Try these answers")
    expect(page.get_by_text("With these answers the form would be sent. Nothing is kept.")).to_be_visible()


def choose(page: Page, question: str, answer: str) -> None:
    """Choose a radio by keyboard: Tab into the group, and arrows within it."""
    page.get_by_role("group", name=question).get_by_role("radio").first.focus()
    for _ in range(2):
        if page.evaluate("document.activeElement.labels[0].innerText").strip() == answer:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("group", name=question).get_by_role("radio", name=answer)).to_be_checked()


def answer(page: Page, opening_id: int) -> None:
    """Register as a guest: forget the room at first, and lose nothing."""
    page.goto(f"/openings/{opening_id}/registration")
    expect(page.get_by_role("group", name=ROOM)).to_be_hidden()
    type_into(page, "name", "Gwen Guest")
    type_into(page, "^E-mail", "gwen@example.org")
    choose(page, STAYS, "Yes")
    enter(page, "^Register for")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text([f"Choose one: {ROOM}"])
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()
    choose(page, ROOM, "Barn")
    enter(page, "^Register for")
    expect(page.get_by_role("heading", level=1, name="Check your mail")).to_be_visible()
