"""Pages that no address shows by itself (a form with its errors, a preview, an answer) have no finding either."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy.orm import Session

from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.states import RegistrationState
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in
from tests.data.invented import SPREADSHEET
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
MOVED = b"Title,Series,Start,End,Venue\nSaid twice,Made-up Matters,04/02/2027 10:00,,Lecture Theatre Nought\n"
QUESTIONS = ("long_text", "number", "yes_no", "many_of", "consent")


@pytest.fixture
def people(session: Session, clock: Clock) -> cast.Cast:
    """The cast, and a full talk that asks some questions: Alice is in it, Bob waits, Charlie cancelled."""
    found = cast.assemble(session)
    talk = things.event(session, lead=found.liverpool)
    opening = things.opening(session, events=[talk], capacity=1)
    opening.questionnaire = sheet = new_questionnaire(session, now=cast.LONG_AGO)
    for kind in QUESTIONS:
        settings = {"options": ["One", "Two"]} if kind == "many_of" else {}
        add_question(
            session, sheet, kind=kind, label=f"A {kind}", hint="Why we ask", is_required=True, settings=settings
        )
    states = (RegistrationState.CONFIRMED, RegistrationState.WAITLISTED, RegistrationState.CANCELLED)
    for who, state in zip((found.alice, found.bob, found.charlie), states, strict=True):
        things.registration(session, to=opening, who=who, state=state)
    session.commit()
    return found


def test_what_participants_see_has_no_finding(open_page: OpenPage, session: Session, people: cast.Cast) -> None:
    guest, bob, charlie = open_page(), *(signed_in(open_page, session, who) for who in (people.bob, people.charlie))
    wrong = [
        *(looked_at(guest, step) for step in registering(guest)),
        *(looked_at(bob, step) for step in waiting(bob)),
        *(looked_at(charlie, step) for step in having_left(charlie)),
    ]
    assert [finding for findings in wrong for finding in findings] == []


def test_what_organisers_see_has_no_finding(open_page: OpenPage, session: Session, people: cast.Cast) -> None:
    olga = signed_in(open_page, session, people.olga)
    wrong = [looked_at(olga, step) for story in (scheduling, asking, deciding) for step in story(olga)]
    assert [finding for findings in wrong for finding in findings] == []


def test_what_an_import_shows_has_no_finding(open_page: OpenPage, session: Session, people: cast.Cast) -> None:
    omar = signed_in(open_page, session, people.omar)
    wrong = [looked_at(omar, step) for step in importing(omar)]
    assert [finding for findings in wrong for finding in findings] == []


def looked_at(page: Page, step: str) -> list[str]:
    """What is wrong with the page as it is now."""
    return [f"{step}: {finding}" for finding in axe_findings_everywhere(page)]


def registering(page: Page) -> Iterator[str]:
    """A form sent empty; a link asked for without an address."""
    page.goto("/openings/1/registration")
    page.get_by_role("main").get_by_role("button", name="waiting list").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a form with its errors"
    page.goto("/sign-in")
    page.get_by_role("button", name="E-mail me a link").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "no address to sign in with"


def waiting(page: Page) -> Iterator[str]:
    """The place of somebody who waits; a calendar address made a moment ago."""
    page.goto("/me")
    page.get_by_role("link", name="See where you stand").click()
    yield "waiting"
    page.goto("/calendars")
    page.get_by_role("button", name="Make its address").first.click()
    expect(page.get_by_text("This is your own calendar address.")).to_be_visible()
    yield "an own calendar"


def having_left(page: Page) -> Iterator[str]:
    """An agenda with nothing in it."""
    page.goto("/me")
    expect(page.get_by_role("heading", name="Nothing is in your programme yet")).to_be_visible()
    yield "an empty agenda"


def scheduling(page: Page) -> Iterator[str]:
    """An event without anything; a time that there are two of; a move before it is made."""
    page.goto("/organise/events/new")
    starts = page.get_by_role("group", name="Starts")
    starts.get_by_label("Day").fill("2027-10-31")
    starts.get_by_label("Time").fill("01:30")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "an event with errors, at a time that there are two of"
    page.goto("/organise/events/1/move")
    page.get_by_role("group", name="Starts").get_by_label("Day").fill("2027-02-17")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("button", name="Move it and tell 2 people")).to_be_visible()
    yield "a move before it is made"


def asking(page: Page) -> Iterator[str]:
    """A question without options; an opening without a title."""
    page.goto("/organise/openings/1/questions")
    page.get_by_role("radio", name="One of").check()
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a question with errors"
    page.goto("/organise/openings/1/edit")
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "an opening with errors"


def deciding(page: Page) -> Iterator[str]:
    """Somebody chosen on the roll; a place beyond the number; a list and a letter before they are sent."""
    page.goto("/organise/openings/1")
    page.get_by_label("Select Bob Birchfield").check()
    yield "somebody chosen on the roll"
    page.get_by_role("button", name="Give a place").click()
    expect(page.get_by_label("Give a place even if all are taken")).to_be_visible()
    yield "a place beyond the number"
    page.goto("/organise/openings/1/people/pasted")
    page.get_by_role("textbox").fill("Gwen Guest, gwen@example.org\nnobody at all")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("heading", name="1 of 2 lines can be added")).to_be_visible()
    yield "a list before it is added"
    page.goto("/organise/openings/1/letters/new")
    page.get_by_role("textbox", name="Subject").fill("Tomorrow")
    page.get_by_role("textbox", name="Text").fill("The doors open at 13:30.")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("button", name="Send 1 letter")).to_be_visible()
    yield "a letter before it is sent"


def importing(page: Page) -> Iterator[str]:
    """No file; a preview opened line by line; the report; a question left open."""
    page.goto("/organise/imports")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "no file"
    check(page, SPREADSHEET.read_bytes())
    page.get_by_text("Line by line").click()
    yield "a preview"
    page.get_by_role("button", name="Import 60 events").click()
    expect(page.get_by_text("60 events imported.")).to_be_visible()
    yield "a report"
    check(page, MOVED)
    page.get_by_role("button", name="Import 1 event").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what line 2 is.")
    yield "a question left open"


def check(page: Page, content: bytes) -> None:
    """Upload a file."""
    page.goto("/organise/imports")
    file = FilePayload(name="talks.csv", mimeType="text/csv", buffer=content)
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_role("button", name="Check the file").click()
