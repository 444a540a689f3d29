"""How a cohort comes to be, is shared, and calls for applications: what Olga does first."""

from playwright.sync_api import Page, expect

from tests.browser.doctoral.people import Story, fill_moment, go, is_headed, is_told, press, shows

CALL = "Corridor Doctoral Award, entry 2027"


def make_cohort(it: Story) -> None:
    """Olga makes an award, shares it with Oxford, and makes the cohort of 2027."""
    olga = it.at("olga")
    olga.goto("/organise")
    olga.get_by_role("navigation", name="Organise").get_by_role("link", name="Cohorts").click()
    expect(olga.get_by_role("heading", name="No award yet")).to_be_visible()
    go(olga, "New award")
    olga.get_by_label("Title", exact=True).fill("Corridor Doctoral Award")
    olga.get_by_label("Training a year").fill("3")
    press(olga, "Make the award")
    is_headed(olga, "Corridor Doctoral Award")
    is_told(olga, "Share it with the other university, and add a cohort.")
    go(olga, "Choose who shares it")
    olga.get_by_label("University of Oxford").check()
    press(olga, "Save")
    shows(olga, "with Oxford", "3 days a year")
    go(olga, "Add a cohort")
    olga.get_by_label("Title", exact=True).fill("Corridor cohort 2027")
    olga.get_by_label("Enters in the academic year that begins in").fill("2027")
    olga.get_by_label("Target size").fill("12")
    press(olga, "Make the cohort")
    is_headed(olga, "Corridor cohort 2027")
    is_told(olga, "Call for applications, or bring in who is there already.")


def open_call(it: Story) -> None:
    """Olga makes a call with its form, looks at what is asked, opens it, and goes back to the admission."""
    olga = it.at("olga")
    go(olga, "Call for applications")
    go(olga, "Make a call")
    fill_moment(olga, "Applications close", "2027-02-01", "17:00")
    fill_moment(olga, "References are wanted by", "2027-02-15", "17:00")
    fill_moment(olga, "Reviewers score until", "2027-03-01", "17:00")
    press(olga, "Make the call")
    is_told(olga, "The call is made, as a draft with a ready form.")
    expect(olga.get_by_role("button", name="Remind referees")).to_have_count(0)
    go(olga, "Look at it, and open it")
    is_headed(olga, CALL)
    look_at_form(olga)
    press(olga, "Open registration")
    is_told(olga, "is open.")
    go(olga, "Admission: Corridor cohort 2027")
    shows(olga, "Nobody has applied yet.", "closes Monday 1 February, 17:00 GMT")


def look_at_form(olga: Page) -> None:
    """The form is ready, and is seen as applicants see it."""
    go(olga, "Form")
    expect(olga.get_by_role("heading", name="Title of your project")).to_be_visible()
    go(olga, "See it as people do")
    expect(olga.get_by_role("group", name="At which university would you like to be registered?")).to_be_visible()
    go(olga, "Roll")
