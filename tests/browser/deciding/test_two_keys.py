"""Two universities decide together: by keys, by a link without an account, in time or late; one no ends it."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.deciding.school import ALICE, CHARLIE, OLGA, OMAR, School, school, set_keys, turn
from tests.browser.steps import follow, newest

pytestmark = pytest.mark.one_database


@pytest.fixture
def here(app: Flask, session: Session, open_page: OpenPage, capture: Capture, clock: Clock) -> School:
    del clock
    return school(app, session, open_page, capture)


def test_both_universities_say_yes_and_only_the_stage_is_seen(here: School) -> None:
    omar, olga = here.page_of("omar"), here.page_of("olga")
    set_keys(omar, here.opening.id)
    charlie = here.apply("charlie")
    expect(charlie.get_by_text("Liverpool and Oxford are considering your registration.")).to_be_visible()
    assert here.subjects(OLGA) == ["For Liverpool to decide: Summer school"]
    assert here.subjects(OMAR) == ["For Oxford to decide: Summer school"]
    turn(olga, "Yes", reason="A clear plan.")
    expect(olga.get_by_text("A clear plan.")).to_be_visible()
    charlie.reload()
    expect(charlie.get_by_text("Liverpool and Oxford are considering your registration.")).to_be_visible()
    expect(charlie.get_by_text("A clear plan.")).to_have_count(0)
    turn(omar, "Yes", reason="We agree.")
    here.send()
    assert here.subjects(CHARLIE)[-1] == "You have a place now: Summer school"
    assert "plan" not in here.text(CHARLIE)
    assert "agree" not in here.text(CHARLIE)
    alice = here.apply("alice")
    turn(olga, "Yes")
    turn(omar, "Yes")
    here.send()
    alice.reload()
    expect(alice.get_by_text("You are 1st on the waiting list", exact=True)).to_be_visible()
    assert here.subjects(ALICE)[-1] == "You are on the waiting list: Summer school"


def test_one_no_ends_it_with_words_for_the_person_and_a_reason_between_organisers(here: School) -> None:
    omar, olga = here.page_of("omar"), here.page_of("olga")
    set_keys(omar, here.opening.id)
    charlie = here.apply("charlie")
    turn(omar, "No", reason="Weak in optics.", words="Come again next year.")
    expect(omar.get_by_text("Weak in optics.")).to_be_visible()
    here.send()
    assert here.subjects(CHARLIE)[-1] == "No place this time: Summer school"
    assert "Come again next year." in here.text(CHARLIE)
    assert "optics" not in here.text(CHARLIE)
    charlie.reload()
    expect(charlie.get_by_text("Come again next year.")).to_be_visible()
    expect(charlie.get_by_text("optics")).to_have_count(0)
    own_data = charlie.request.get("/me/account/data.json").text()
    assert "Come again next year." in own_data
    assert "optics" not in own_data
    olga.goto("/organise/keys")
    expect(olga.get_by_text("No key waits for you")).to_be_visible()


def test_a_key_is_given_away_and_turned_by_the_link_without_an_account(here: School, open_page: OpenPage) -> None:
    omar, olga = here.page_of("omar"), here.page_of("olga")
    set_keys(omar, here.opening.id)
    here.apply("charlie")
    omar.goto("/organise/keys")
    omar.locator("main table a").first.click()
    omar.get_by_text("Give it to another person").click()
    omar.get_by_label("Name").fill("Quillan Harbourne")
    omar.get_by_label("E-mail").fill("quillan@example.org")
    omar.get_by_role("button", name="Give it").click()
    expect(omar.get_by_text("A link to decide goes to quillan@example.org.")).to_be_visible()
    here.send()
    quillan, old = open_page(), open_page()
    follow(old, newest(here.capture, OMAR), "keys")
    expect(old.get_by_role("heading", level=1, name="This link has ended")).to_be_visible()
    follow(quillan, newest(here.capture, "quillan@example.org"), "keys")
    expect(quillan.get_by_text("To learn")).to_be_visible()
    quillan.get_by_label("Yes", exact=True).check()
    quillan.get_by_role("button", name="Decide").click()
    expect(quillan.get_by_role("heading", level=1, name="Your decision is noted")).to_be_visible()
    turn(olga, "Yes")
    here.send()
    assert here.subjects(CHARLIE)[-1] == "You have a place now: Summer school"


def test_a_late_key_is_told_to_those_it_escalates_to(here: School, clock: Clock) -> None:
    omar = here.page_of("omar")
    set_keys(omar, here.opening.id)
    here.apply("charlie")
    clock.forward(days=12)
    here.send()
    assert here.subjects(OLGA)[-1] == "For Liverpool to decide soon: Summer school"
    clock.forward(days=2)
    here.send()
    assert here.subjects("dean@example.ac.uk") == ["Late, 1 decision: Summer school"]
    assert "the keys of Liverpool and Oxford" in " ".join(here.text("dean@example.ac.uk").split())
    assert here.subjects(OLGA)[-1] == "Liverpool is late to decide: Summer school"
    olga = here.page_of("olga")
    olga.goto("/organise")
    olga.get_by_role("link", name="1 key waits for you", exact=True).click()
    expect(olga.get_by_text("late", exact=False).first).to_be_visible()
