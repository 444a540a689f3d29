"""How training comes into the record, by the door of an event and by a certificate, and counts once assented to."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from programme.people.states import Strand
from tests.browser.doctoral.people import Story, go, is_told, paper, press, shows
from tests.factories import things

TALK = "Writing for two examiners"


def offer_event(it: Story) -> None:
    """There is an event with places; Olga says what it is worth as training."""
    lead, others = it.people.liverpool, [it.people.oxford]
    begins = it.clock.now + timedelta(days=3)
    talk = things.event(it.session, lead=lead, title=TALK, strand=Strand.COHORTS, co_owners=others, starts_at=begins)
    things.opening(it.session, events=[talk])
    it.session.commit()
    olga = it.at("olga")
    olga.goto("/organise/events")
    go(olga, TALK)
    go(olga, "Say what it is worth")
    olga.get_by_label("Hours").fill("7")
    olga.get_by_label("D2 Communication").check()
    press(olga, "Save")
    is_told(olga, "Whoever is marked as present finds it in their training record.")


def attend(it: Story) -> None:
    """Tamsin takes a place, comes, and is let in at the door; My programme leads to what she may hand in."""
    tamsin, olga = it.at("tamsin"), it.at("olga")
    tamsin.goto("/")
    go(tamsin, TALK)
    go(tamsin, "Register", exact=False)
    press(tamsin, "Register for")
    it.clock.forward(days=3)
    olga.goto("/organise/registrations")
    go(olga, TALK)
    go(olga, "Door")
    olga.get_by_role("button", name="Here").first.click()
    expect(olga.get_by_text("Here since").first).to_be_visible()
    tamsin.goto("/me")
    go(tamsin, "Hand in training", exact=False)
    shows(tamsin, "0 of 3 days. 3 days to go. Not assented to yet: 1 day.")
    press(tamsin, "Hand it in")
    is_told(tamsin, "Your supervisor is asked to assent to it.")


def declare(it: Story) -> None:
    """She declares a course elsewhere, with its certificate."""
    page = it.at("tamsin")
    go(page, "Add training")
    page.get_by_label("What it was").fill("Scientific drawing")
    page.get_by_label("Organised by").fill("The Linnean Society")
    page.get_by_label("First day").fill("2028-09-18")
    page.get_by_label("Last day").fill("2028-09-19")
    page.get_by_label("Hours").fill("14")
    page.get_by_label("A3 Creativity").check()
    page.get_by_label("Certificate").set_input_files([paper("certificate")])
    press(page, "Hand it in")
    shows(page, "Not assented to yet: 3 days.")


def assent(it: Story) -> None:
    """Bob assents to both by the link in his letter of the afternoon, having read the certificate; then they count."""
    it.clock.forward(hours=7)
    said = it.letter("bob", "2 things wait for your signature").get_body(("plain",))
    assert said is not None
    link = re.search(r"Scientific drawing\s.*?(http\S+)", said.get_content(), re.DOTALL)
    assert link is not None
    bob = it.at("bob")
    bob.goto(link[1])
    with bob.expect_download() as certificate:
        go(bob, "certificate.pdf")
    assert certificate.value.suggested_filename == "certificate.pdf"
    bob.get_by_label(f"Training: {TALK}").check()
    press(bob, "I agree")
    is_told(bob, "Thank you: you have signed all 2.")
    page = it.at("tamsin")
    page.reload()
    shows(page, "3 of 3 days. That is all that is asked.")
    expect(page.get_by_text("Assented to", exact=True)).to_have_count(2)
    expect(page.get_by_role("row", name="A3 Creativity")).to_contain_text("14 h")
    expect(page.get_by_role("row", name="D2 Communication")).to_contain_text("7 h")
