"""How Tamsin is admitted, is given supervisors at both universities, and everybody signs the agreement."""

from playwright.sync_api import Page, expect

from tests.browser.doctoral.people import ADDRESSES, Story, go, go_to_cohort, is_headed, is_told, press, shows

ASKED = "Your signature is asked for: Joint supervision agreement"
TEAM = (
    ("Bob Birchfield", "Primary supervisor", "University of Oxford", "60"),
    ("Petra Penhallow", "Supervisor at the partner", "University of Liverpool", "40"),
    ("Cleo Carfax", "College adviser", "University of Oxford", "0"),
)


def admit(it: Story) -> None:
    """Olga makes the candidature, filled in from the application; Tamsin finds the way to her record."""
    olga = it.at("olga")
    go_to_cohort(olga)
    go(olga, "Admission")
    go(olga, "Tamsin Thorne")
    expect(olga.get_by_label("Project")).to_have_value("Moss on Mersey stone")
    olga.get_by_label("Department").fill("Plant Sciences")
    press(olga, "Make the candidature")
    is_told(olga, "Tamsin Thorne is admitted, and their milestones are reckoned. Name their supervisors next.")
    shows(olga, "Saturday 2 December 2028 (provisional), form GSO.2", "from Friday 1 October 2027")
    tamsin = it.at("tamsin")
    tamsin.reload()
    shows(tamsin, "You are admitted.")


def name_team(it: Story) -> None:
    """Olga names supervisors at home and at the partner, and who signs for the department."""
    olga = it.at("olga")
    go(olga, "Supervision")
    shows(olga, "Not a joint supervision", "There is no primary supervisor: name one at Oxford.")
    for name, role, university, share in TEAM:
        go(olga, "Add a supervisor")
        olga.get_by_label("Their name").fill(name)
        olga.get_by_label("Their e-mail").fill(address_of(name))
        olga.get_by_role("radio", name=role).check()
        olga.get_by_label("Institution").select_option(label=university)
        olga.get_by_label("Share of the supervision").fill(share)
        press(olga, "Add the supervisor")
        is_told(olga, f"{name} supervises from 1 October 2027 on.")
    go(olga, "Milestones")
    olga.locator("summary", has_text="Name them").click()
    olga.get_by_label("Their name").fill("Dora Dunmore")
    olga.get_by_label("Their e-mail").fill(address_of("Dora Dunmore"))
    press(olga, "Name them")
    is_told(olga, "The agreement waits for them, too: ask for it under Supervision.")


def sign_agreement(it: Story) -> None:
    """Olga asks everybody; four sign by their links, Bob from My programme; then it counts as joint."""
    olga = it.at("olga")
    go(olga, "Supervision")
    shows(olga, "Joint once everybody has signed")
    press(olga, "Ask everybody who has not signed")
    is_told(
        olga, "A letter with a link to sign goes to Tamsin Thorne, Bob Birchfield, Petra Penhallow, Cleo Carfax and"
    )
    for who in ("tamsin", "petra", "cleo", "dora"):
        sign(it.follow(who, ASKED, "signatures"))
    bob = it.at("bob")
    bob.goto("/me")
    shows(bob, "Joint supervision agreement of Tamsin Thorne")
    go(bob, "Read and sign", exact=False)
    sign(bob)
    olga.reload()
    shows(olga, "Joint supervision, signed by everybody")
    expect(olga.get_by_text("Signed Tue 12 Jan")).to_have_count(5)


def sign(page: Page) -> None:
    """Somebody reads who supervises whom, and agrees."""
    is_headed(page, "Joint supervision agreement")
    shows(page, "Bob Birchfield, University of Oxford, 60 %", "Petra Penhallow, University of Liverpool, 40 %")
    press(page, "I agree")
    shows(page, "There is nothing more to do.")


def address_of(name: str) -> str:
    """Return the address of somebody by their full name."""
    return ADDRESSES[name.partition(" ")[0].lower()]
