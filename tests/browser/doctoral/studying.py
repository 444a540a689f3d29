"""How a milestone comes due, is handed in with what shows it, is signed in order, and is done."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from programme.scheduler import run_due
from tests.browser.doctoral.people import Story, go, go_to_cohort, hides, is_headed, is_told, paper, press, shows
from tests.browser.steps import wrong_fields

FIRST_DAY = datetime(2027, 10, 4, 9, 0, tzinfo=UTC)
TEN_WEEKS_BEFORE = datetime(2028, 9, 23, 9, 0, tzinfo=UTC)
ASKED = "Your signature is asked for: Transfer of status"


def begin(it: Story) -> None:
    """In October the course begins by itself, as Olga sees."""
    it.clock.set(FIRST_DAY)
    run_due(it.app, it.clock.now)
    olga = it.at("olga")
    go_to_cohort(olga)
    go(olga, "Tamsin Thorne")
    shows(olga, "Active since Friday 1 October 2027")


def hear_of_it(it: Story) -> None:
    """Ten weeks before, Tamsin is reminded; she signs in, and comes to the milestone that the letter leads to."""
    it.clock.set(TEN_WEEKS_BEFORE)
    page = it.follow("tamsin", "Milestones of your doctorate", "milestones")
    it.sign_in("tamsin")
    is_headed(page, "Research integrity training")
    go(page, "Milestones")
    shows(page, "0 of 5 done. Next: Research integrity training, 4 November 2028.")
    go(page, "2 Transfer of status")
    shows(page, "Then the primary supervisor, the department and the college sign, in this order.")


def hand_in(it: Story) -> None:
    """She hands it in without the form first, and hears what is missing; then with it."""
    page = it.at("tamsin")
    page.get_by_label("A word to those who sign").fill("As we agreed in June.")
    press(page, "Hand it in")
    assert wrong_fields(page) == ["Add the file that shows it, such as the form or the certificate."]
    expect(page.get_by_label("A word to those who sign")).to_have_value("As we agreed in June.")
    page.get_by_label("File").set_input_files([paper("gso2")])
    press(page, "Hand it in")
    shows(page, "It waits for the primary supervisor to sign.", "gso2.pdf")


def sign_in_order(it: Story) -> None:
    """Bob signs on its page, then the department and the college by their links; nobody before their turn."""
    bob = it.at("bob")
    bob.goto("/me")
    go(bob, "See them", exact=False)
    go(bob, "Tamsin Thorne")
    go(bob, "Milestones")
    go(bob, "2 Transfer of status")
    shows(bob, "As we agreed in June.", "You are asked to sign it")
    press(bob, "Sign")
    is_told(bob, "You have signed. Whoever signs next is asked now.")
    for who, role in (("dora", "for the department"), ("cleo", "for the college")):
        page = it.follow(who, ASKED, "signatures")
        shows(page, f"is asked to sign {role} by Saturday 2 December 2028.", "gso2.pdf")
        press(page, "I agree")
    page = it.at("tamsin")
    page.reload()
    expect(page.get_by_text("Signed 23 September 2028")).to_have_count(3)
    hides(page, "Hand it in")
    said = it.letter("tamsin", "Cleo Carfax has signed: Transfer of status").get_body(("plain",))
    assert said is not None
    assert "Everybody has signed: it is done." in said.get_content()
