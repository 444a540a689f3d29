"""How Tamsin applies, names referees, and how these answer: not one of them has an account."""

import re

from playwright.sync_api import expect

from tests.bed.axe import axe_findings_everywhere
from tests.browser.doctoral.calling import CALL
from tests.browser.doctoral.people import ADDRESSES, Story, go, hides, is_headed, is_told, paper, press, shows
from tests.browser.steps import wrong_fields

SEND = re.compile("^Send your application")


def begin_application(it: Story) -> None:
    """Tamsin finds the call, begins, and keeps what she has for later."""
    tamsin = it.at("tamsin")
    tamsin.goto("/")
    go(tamsin, CALL)
    is_headed(tamsin, "Apply")
    shows(tamsin, "Applications close on Monday 1 February, 17:00 GMT")
    assert axe_findings_everywhere(tamsin) == []
    tamsin.get_by_label("Full name").fill("Tamsin Thorne")
    tamsin.get_by_label("E-mail").fill(ADDRESSES["tamsin"])
    wished = tamsin.get_by_role("group", name="At which university would you like to be registered?")
    wished.get_by_label("University of Oxford").check()
    tamsin.get_by_label("Title of your project").fill("Moss on Mersey stone")
    press(tamsin, "Save and go on later")
    shows(tamsin, "Saved, not sent yet.")


def send_application(it: Story) -> None:
    """She goes on from the letter, hears what is missing, hands in her CV, sends it and proves her address."""
    page = it.follow("tamsin", "Go on with your form", "drafts")
    expect(page.get_by_label("Title of your project")).to_have_value("Moss on Mersey stone")
    page.get_by_role("radio", name="Full time").check()
    page.get_by_label("Your proposal").fill("We look at moss.")
    press(page, SEND)
    assert len(wrong_fields(page)) == 2
    expect(page.get_by_label("Your proposal")).to_have_value("We look at moss.")
    page.get_by_label("What prepares you for it").fill("I have looked at moss before.")
    page.get_by_label("Your CV").set_input_files([paper("cv")])
    press(page, SEND)
    is_headed(page, "Check your mail")
    it.follow("tamsin", "We have your registration", "registrations")
    press(page, "Keep my place")
    is_headed(page, f"You have applied for {CALL}")
    shows(page, "2 references are wanted; none are asked for yet.", "whatever they decide, by Monday 15 March 2027")


def name_referees(it: Story) -> None:
    """She names two people who know her, and asks them."""
    page = it.at("tamsin")
    go(page, "Name your referees")
    for number, name in ((1, "Rowan Redmire"), (2, "Sasha Sedgeley")):
        asked = page.get_by_role("group", name=f"Referee {number}")
        asked.get_by_label("Name").fill(name)
        asked.get_by_label("E-mail").fill(ADDRESSES[name.partition(" ")[0].lower()])
    press(page, "Save, and ask them now")
    is_told(page, "2 referees are asked by e-mail.")
    shows(page, "Everybody is asked. There is nothing you need do.")


def answer_as_referees(it: Story) -> None:
    """Rowan writes at two sittings, Sasha hands in a file; Tamsin sees that both came, and not what they say."""
    rowan = it.follow("rowan", "A reference for an application", "references")
    is_headed(rowan, "A reference about Tamsin Thorne")
    rowan.get_by_label("Your reference").fill("She sees what others overlook.")
    press(rowan, "Save, and go on later")
    is_told(rowan, "Nobody reads it before you send it.")
    press(rowan, "Send it")
    is_headed(rowan, "Your reference is sent")
    sasha = it.follow("sasha", "A reference for an application", "references")
    sasha.get_by_label("Or a file").set_input_files([paper("about-tamsin")])
    press(sasha, "Send it")
    is_headed(sasha, "Your reference is sent")
    tamsin = it.at("tamsin")
    tamsin.reload()
    expect(tamsin.get_by_text("Received")).to_have_count(2)
    hides(tamsin, "overlook")
