"""A participant keeps a place from the letter, changes an answer, gives it back; who waits gets the letter."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from programme.core import clock as present
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.models import Opening
from programme.scheduler import run_due
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.steps import follow, newest
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
GWEN, WANDA = "gwen@example.org", "wanda@example.org"


@pytest.fixture
def opening(session: Session, clock: Clock) -> Opening:
    """A talk with one place, which asks for a department."""
    people = cast.assemble(session)
    row = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    row.questionnaire = new_questionnaire(session, now=cast.LONG_AGO)
    add_question(session, row.questionnaire, kind="short_text", label="Department")
    session.commit()
    return row


def test_place_goes_from_one_to_the_next(
    app: Flask, open_page: OpenPage, capture: Capture, opening: Opening, clock: Clock
) -> None:
    gwen, wanda = open_page(), open_page()
    sign_up(gwen, "Gwen Guest", GWEN)
    run_due(app, present.now())
    assert newest(capture, GWEN)["Subject"] == "Keep your place: Quantum sensing for chemists"
    follow(gwen, newest(capture, GWEN), "registrations")
    keep(gwen)
    sign_up(wanda, "Wanda Waits", WANDA)
    run_due(app, present.now())
    follow(wanda, newest(capture, WANDA), "registrations")
    expect(wanda.get_by_text("You are 1st on the waiting list", exact=True)).to_be_visible()
    wanda.get_by_role("button", name="Keep my place").click()
    change_answer(gwen)
    give_back(gwen)
    run_due(app, present.now())
    wanda.reload()
    expect(wanda.get_by_role("heading", level=1, name="You have a place at Quantum")).to_be_visible()
    assert newest(capture, WANDA)["Subject"] == "You have a place now: Quantum sensing for chemists"
    assert entries(capture, WANDA) == ["STATUS:CONFIRMED"]
    assert newest(capture, GWEN)["Subject"] == "Cancelled: Quantum sensing for chemists"
    assert entries(capture, GWEN) == ["STATUS:CANCELLED"]


def sign_up(page: Page, name: str, address: str) -> None:
    """Find the talk and register as a guest does."""
    page.goto("/")
    page.get_by_role("link", name="Quantum sensing for chemists").first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("^(Register|Join the waiting list)")).first.click()
    page.get_by_label(re.compile("name$")).fill(name)
    page.get_by_label(re.compile("^E-mail")).fill(address)
    page.get_by_label("Department").fill("Chemistry")
    page.get_by_role("main").get_by_role("button", name=re.compile("^(Register|Join)")).click()
    expect(page.get_by_role("heading", level=1, name="Check your mail")).to_be_visible()


def keep(page: Page) -> None:
    """Show that the address is theirs."""
    expect(page.get_by_text("Keep your place by")).to_be_visible()
    page.get_by_role("button", name="Keep my place").click()
    expect(page.get_by_text("Keep your place by")).to_be_hidden()
    expect(page.get_by_role("heading", level=1, name="You have a place at Quantum")).to_be_visible()


def change_answer(page: Page) -> None:
    """Come from another department after all."""
    page.get_by_role("link", name="Change your answers").click()
    expect(page.get_by_label("Department")).to_have_value("Chemistry")
    page.get_by_label("Department").fill("Physics")
    page.get_by_role("button", name="Save your answers").click()
    expect(page.get_by_role("status")).to_have_text("Your answers are changed.")
    page.get_by_role("link", name="Change your answers").click()
    expect(page.get_by_label("Department")).to_have_value("Physics")
    page.get_by_role("link", name="Leave them as they are").click()


def give_back(page: Page) -> None:
    """Cancel, after a look at what that means."""
    page.get_by_role("link", name="Cancel your place").click()
    expect(page.get_by_text("It goes to whoever is next, at once.")).to_be_visible()
    page.get_by_role("button", name="Give back my place").click()
    expect(page.get_by_role("heading", level=1, name="You cancelled: Quantum sensing")).to_be_visible()
    expect(page.get_by_role("link", name="Register again")).to_be_visible()


def entries(capture: Capture, address: str) -> list[str]:
    """The states in the calendar file of somebody's newest letter."""
    [file, *_] = newest(capture, address).iter_attachments()
    return re.findall(r"(?m)^STATUS:\w+", file.get_content())
