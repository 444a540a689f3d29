"""How reviewers of both universities score, both universities turn their keys, and Tamsin takes the place."""

from playwright.sync_api import Page, expect

from tests.browser.doctoral.calling import CALL
from tests.browser.doctoral.people import (
    ADDRESSES,
    Story,
    go,
    go_to_cohort,
    hides,
    is_headed,
    is_told,
    press,
    shows,
)

SCORES = {
    "Quality of the project": "4½",
    "Preparation of the applicant": "4",
    "What both universities add to it": "4",
    "Can it be done in the time": "3½",
}


def name_reviewers(it: Story) -> None:
    """Olga sees the application, names a reviewer of each university, and shares out."""
    olga = it.at("olga")
    go_to_cohort(olga)
    go(olga, "Admission")
    shows(olga, "1 person has applied: 1 with complete references")
    go(olga, "Reviewers")
    for name, university in (("Alice Aldgrove", "Liverpool"), ("Ruth Radcliffe", "Oxford")):
        olga.get_by_label("Name", exact=True).fill(name)
        olga.get_by_label("E-mail").fill(ADDRESSES[name.partition(" ")[0].lower()])
        olga.get_by_role("radio", name=f"University of {university}").check()
        press(olga, "Name them")
    press(olga, "Share them out")
    is_told(olga, "2 reviewers told.")


def review(it: Story) -> None:
    """Alice, who is signed in, and Ruth, who signs in by a letter, declare what ties them to Tamsin, and score."""
    score(it.follow("alice", "Applications wait for your review", "reviewing"))
    ruth = it.follow("ruth", "Applications wait for your review", "reviewing")
    it.sign_in("ruth")
    score(ruth)


def score(page: Page) -> None:
    """A reviewer opens the application, says that nothing ties them, reads it, and scores it at two sittings."""
    is_headed(page, CALL)
    go(page, "Tamsin Thorne")
    hides(page, "We look at moss.")
    page.get_by_role("radio", name="Nothing ties me to this applicant").check()
    press(page, "Declare, and go on")
    shows(page, "We look at moss.", "She sees what others overlook.", "about-tamsin.pdf")
    for number, (criterion, points) in enumerate(SCORES.items()):
        page.get_by_label(criterion).select_option(label=points)
        if not number:
            press(page, "Save")
            is_told(page, "3 criteria are left to score.")
    press(page, "Save")
    is_told(page, "Saved. You may change it until reviewing ends.")


def turn_keys(it: Story) -> None:
    """Olga turns her key from the application, Omar his by the link in his letter; Tamsin is offered a place."""
    olga = it.at("olga")
    go_to_cohort(olga)
    go(olga, "Admission")
    go(olga, "Tamsin Thorne")
    shows(olga, "4.1 of 5, by 2 of 2")
    go(olga, "Turn Liverpool’s key")
    olga.get_by_role("radio", name="Yes").check()
    olga.get_by_label("Reason").fill("A clear plan.")
    press(olga, "Decide")
    is_told(olga, "Your key says yes.")
    expect(olga.get_by_role("button", name="Offer a place")).to_have_count(0)
    omar = it.follow("omar", "For Oxford to decide", "keys")
    omar.get_by_role("radio", name="Yes").check()
    press(omar, "Decide")
    is_headed(omar, "Your decision is noted")


def accept(it: Story) -> None:
    """Tamsin reads until when she may answer, and takes the place by the link in her letter."""
    page = it.follow("tamsin", "A place is offered to you", "registrations")
    shows(page, "Answer by Friday 22 January, 09:00 GMT, in 10 days.", "After that the offer lapses.")
    hides(page, "A clear plan.")
    press(page, "Take the place")
    is_headed(page, f"You have a place at {CALL}")
