"""An organiser opens registration with a form of their own: asks, orders, looks, opens, and changes it later."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in, wrong_fields
from tests.factories import cast, things

pytestmark = pytest.mark.one_database


def test_registration_is_opened_with_a_form(open_page: OpenPage, session: Session, clock: Clock) -> None:
    people = cast.assemble(session)
    talk = things.event(session, lead=people.liverpool, title="Meet the hosts")
    session.commit()
    olga, gwen = signed_in(open_page, session, people.olga), open_page()
    olga.goto(f"/organise/events/{talk.id}")
    olga.get_by_role("main").get_by_role("link", name="Open registration").click()
    settle(olga)
    build(olga)
    gwen.goto(f"/events/{talk.id}")
    expect(gwen.get_by_role("main").get_by_role("link", name="Register")).to_be_hidden()
    olga.get_by_role("button", name="Open registration").click()
    expect(olga.get_by_role("status")).to_have_text("Registration for “Meet the hosts” is open.")
    gwen.reload()
    expect(gwen.get_by_role("heading", name="12 places left")).to_be_visible()
    answer(gwen)
    change_later(olga)
    gwen.goto(f"/events/{talk.id}/registration")
    expect(gwen.get_by_role("group", name="Morning or afternoon?")).to_be_visible()
    expect(gwen.get_by_role("group", name="Which session?")).to_be_hidden()


def settle(page: Page) -> None:
    """Say how many places there are; what is missing is told, and the rest of what was typed stays."""
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_label("Places", exact=False).first.fill("12")
    page.get_by_label("Note").first.fill("Bring a card.")
    page.get_by_role("button", name="Save as a draft").click()
    assert wrong_fields(page) == ["Enter a title."]
    expect(page.get_by_label("Places", exact=False).first).to_have_value("12")
    page.get_by_label("Title", exact=True).fill("Meet the hosts")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("status")).to_contain_text("Saved as a draft.")


def build(page: Page) -> None:
    """Ask three questions, put one right, change their order, take one out, and look."""
    page.get_by_role("link", name="Form", exact=True).click()
    expect(page.get_by_role("heading", name="No questions yet")).to_be_visible()
    page.get_by_role("radio", name="One of").check()
    page.get_by_label("Question", exact=True).fill("Which session?")
    page.get_by_role("button", name="Add the question").click()
    assert len(wrong_fields(page)) == 1
    expect(page.get_by_label("Question", exact=True)).to_have_value("Which session?")
    page.get_by_role("textbox", name="Options").fill("Morning\nAfternoon")
    page.get_by_label("People must answer it").check()
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("status")).to_have_text("The question is added.")
    for word in ("Department", "Access needs"):
        page.get_by_role("button", name=re.compile(f"^Add ?: {word}")).click()
    asks(page, ["Which session?", "Department or group", "What do you need to take part?"])
    page.get_by_role("button", name=re.compile("^Up ?: Department")).click()
    page.get_by_role("button", name=re.compile("^Remove ?: What do you need")).click()
    asks(page, ["Department or group", "Which session?"])
    page.get_by_role("link", name="See it as people do").click()
    expect(page.get_by_role("group", name="Which session?")).to_be_visible()
    page.get_by_role("link", name="Roll", exact=True).click()


def asks(page: Page, questions: list[str]) -> None:
    """Say that these questions are asked, in this order."""
    expect(page.get_by_role("region", name="Questions").get_by_role("heading", level=3)).to_have_text(questions)


def answer(page: Page) -> None:
    """Register as a guest does."""
    page.get_by_role("main").get_by_role("link", name="Register").first.click()
    expect(page.get_by_text("Bring a card.")).to_be_visible()
    page.get_by_label(re.compile("name$")).fill("Gwen Guest")
    page.get_by_label(re.compile("^E-mail")).fill("gwen@example.org")
    page.get_by_role("radio", name="Morning").check()
    page.get_by_role("main").get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1, name="Check your mail")).to_be_visible()


def change_later(page: Page) -> None:
    """Say a question otherwise once it was answered: it is asked anew, and the answer given stays."""
    page.get_by_role("link", name="Form", exact=True).click()
    expect(page.get_by_text("People have answered this form.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Edit ?: Which session")).click()
    page.get_by_label("Question", exact=True).fill("Morning or afternoon?")
    page.get_by_role("button", name="Save the question").click()
    asks(page, ["Department or group", "Morning or afternoon?"])
    page.get_by_role("link", name="Roll", exact=True).click()
    page.get_by_role("row", name="Gwen Guest").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Which session?")
    expect(page.get_by_role("main")).to_contain_text("Morning")
