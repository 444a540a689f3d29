"""The organisers decide about many at once, look first, think again; they write notes, and answers change."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from programme.flows.deciding.rounds import WINDOW
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.deciding.school import ALICE, CHARLIE, OMAR, School, school, set_keys, turn

pytestmark = pytest.mark.one_database


@pytest.fixture
def here(app: Flask, session: Session, open_page: OpenPage, capture: Capture, clock: Clock) -> School:
    del clock
    return school(app, session, open_page, capture)


def tick_all(page: Page, here: School, verb: str) -> None:
    """Tick everybody on the roll and ask what a decision would do."""
    page.goto(f"/organise/openings/{here.opening.id}")
    for name in ("Charlie Chalkwell", "Alice Aldgrove"):
        page.get_by_label(f"Select {name}").check()
    page.get_by_role("button", name=verb).click()


def test_a_decision_about_many_is_foreseen_undone_and_made_again(here: School, clock: Clock) -> None:
    omar = here.page_of("omar")
    for who in ("charlie", "alice"):
        here.apply(who)
    tick_all(omar, here, "Give a place")
    expect(omar.get_by_text("Gets a place, and a letter that says so")).to_be_visible()
    expect(omar.get_by_text("Stays where they are: no place is left for them")).to_be_visible()
    omar.get_by_role("button", name="Give a place").click()
    expect(omar.get_by_text("Places were given to Charlie Chalkwell. Letters go at 09:10.")).to_be_visible()
    here.send()
    assert here.subjects(CHARLIE) == ["We have your registration: Summer school"]
    omar.get_by_role("button", name="Undo").click()
    expect(omar.get_by_text("Undone for 1 person. No letter goes to them.")).to_be_visible()
    clock.forward(seconds=WINDOW.total_seconds() + 1)
    here.send()
    assert here.subjects(CHARLIE) == ["We have your registration: Summer school"]
    tick_all(omar, here, "Refuse…")
    omar.get_by_label("Reason").fill("Too many came.")
    omar.get_by_role("button", name="Refuse").click()
    clock.forward(seconds=WINDOW.total_seconds() + 1)
    here.send()
    assert here.subjects(CHARLIE)[-1] == here.subjects(ALICE)[-1] == "No place this time: Summer school"
    assert "Too many came." in here.text(ALICE)


def test_notes_stay_between_organisers_and_no_letter_holds_them(here: School, clock: Clock) -> None:
    omar, olga = here.page_of("omar"), here.page_of("olga")
    charlie = here.apply("charlie")
    omar.goto(f"/organise/openings/{here.opening.id}")
    omar.get_by_role("link", name="Charlie Chalkwell").click()
    omar.get_by_label("Write a note").fill("Knows the hosts well.")
    omar.get_by_role("button", name="Keep the note").click()
    olga.goto(omar.url)
    expect(olga.get_by_text("Knows the hosts well.")).to_be_visible()
    omar.get_by_role("button", name="Give a place", exact=True).click()
    clock.forward(minutes=1)
    here.send()
    assert here.subjects(CHARLIE)[-1] == "You have a place now: Summer school"
    assert "Knows the hosts" not in "".join(str(letter) for letter in here.capture.messages)
    charlie.reload()
    expect(charlie.get_by_text("Knows the hosts")).to_have_count(0)


@pytest.mark.parametrize(
    ("choice", "words"),
    [("Never", "Answers to this form stay as they were sent."), ("Until it is decided", "This has been decided")],
)
def test_answers_stay_as_the_opening_says(here: School, choice: str, words: str) -> None:
    omar, olga = here.page_of("omar"), here.page_of("olga")
    set_keys(omar, here.opening.id, also=choice)
    charlie = here.apply("charlie")
    expect(charlie.get_by_role("link", name="Change your answers")).to_have_count(0 if choice == "Never" else 1)
    turn(olga, "Yes")
    turn(omar, "Yes")
    here.send()
    assert here.subjects(CHARLIE)[-1] == "You have a place now: Summer school"
    charlie.reload()
    expect(charlie.get_by_text(words)).to_be_visible()
    expect(charlie.get_by_role("link", name="Change your answers")).to_have_count(0)


def test_answers_change_until_a_day_and_the_decision_is_about_what_stands_then(here: School, clock: Clock) -> None:
    omar = here.page_of("omar")
    omar.goto(f"/organise/openings/{here.opening.id}/decisions")
    omar.get_by_label("Until a day and a time").check()
    omar.locator("[name=until-date]").fill("2027-01-20")
    omar.locator("[name=until-time]").fill("12:00")
    omar.get_by_role("button", name="Save", exact=True).click()
    expect(omar.get_by_text("Saved.")).to_be_visible()
    charlie = here.apply("charlie")
    clock.forward(days=7)
    charlie.reload()
    charlie.get_by_role("link", name="Change your answers").click()
    form = charlie.url
    charlie.get_by_label("Why?").fill("To teach")
    charlie.get_by_role("button", name="Save your answers").click()
    clock.forward(days=2)
    charlie.goto(form)
    expect(charlie.get_by_text("The time to change answers is over.").first).to_be_visible()
    expect(charlie.get_by_label("Why?")).to_have_count(0)
    omar.goto(f"/organise/openings/{here.opening.id}")
    omar.get_by_role("link", name="Charlie Chalkwell").click()
    expect(omar.get_by_text("To teach")).to_be_visible()
    omar.get_by_role("button", name="Give a place", exact=True).click()
    here.send()
    assert here.subjects(CHARLIE)[-1] == "You have a place now: Summer school"


def test_a_change_after_the_yes_is_decided_anew_and_everybody_hears(here: School) -> None:
    omar, olga = here.page_of("omar"), here.page_of("olga")
    set_keys(omar, here.opening.id, also="Decide again when answers change")
    charlie = here.apply("charlie")
    turn(olga, "Yes")
    turn(omar, "Yes")
    charlie.reload()
    charlie.get_by_role("link", name="Change your answers").click()
    charlie.get_by_label("Why?").fill("To teach")
    charlie.get_by_role("button", name="Save your answers").click()
    expect(charlie.get_by_text("What you have stays yours meanwhile.")).to_be_visible()
    here.send()
    assert here.subjects(CHARLIE)[-1] == "We look at your changed answers: Summer school"
    assert here.subjects(OMAR)[-1] == "For Oxford to decide: Summer school"
    turn(olga, "Yes")
    turn(omar, "No", reason="Not for teachers.", words="Teachers come in spring.")
    here.send()
    assert here.subjects(CHARLIE)[-1] == "No place this time: Summer school"
    assert "Teachers come in spring." in here.text(CHARLIE)
