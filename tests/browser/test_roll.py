"""An organiser's evening: opens registration with questions, sees a sign-up, promotes, marks attendance, writes."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in
from tests.factories import cast, things

pytestmark = pytest.mark.one_database


def test_organiser_opens_registration_and_runs_the_roll(open_page: OpenPage, session: Session, clock: Clock) -> None:
    people = cast.assemble(session)
    event = things.event(session, lead=people.liverpool, title="Meet the hosts", room_capacity=1)
    session.commit()
    page = signed_in(open_page, session, people.olga)
    open_registration(page, event.id)
    opening = session.scalars(select(Opening)).one()
    sign_up(open_page, opening.id, "Gwen Guest", "gwen@example.org")
    sign_up(open_page, opening.id, "Wanda Waits", "wanda@example.org")
    page.goto(f"/organise/openings/{opening.id}")
    expect(page.get_by_role("row", name="Gwen Guest")).to_contain_text("Confirmed")
    expect(page.get_by_role("row", name="Wanda Waits")).to_contain_text("Waiting, 1st")
    promote(page, "Wanda Waits")
    expect(page.get_by_role("row", name="Wanda Waits")).to_contain_text("Confirmed")
    page.get_by_role("link", name="Door", exact=True).click()
    page.get_by_role("button", name=re.compile(r"^Here ?: Gwen Guest$")).click()
    expect(page.get_by_text("Gwen Guest is here.")).to_be_visible()
    write_to_all(page)
    session.rollback()
    sent = session.scalars(select(OutboxMessage.recipient).where(OutboxMessage.letter == "organiser_message")).all()
    assert sorted(sent) == ["gwen@example.org", "wanda@example.org"]
    assert {row.name for row in session.scalars(select(Registration))} == {"Gwen Guest", "Wanda Waits"}


def open_registration(page: Page, event_id: int) -> None:
    """Open registration for an event with two questions."""
    page.goto(f"/organise/openings/new?event={event_id}")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("link", name="Form", exact=True).click()
    page.get_by_role("button", name=re.compile(r"^Add ?: Department$")).click()
    page.get_by_role("radio", name="One of").check()
    page.get_by_label("Question", exact=True).fill("Which session?")
    page.get_by_role("textbox", name="Options").fill("Morning\nAfternoon")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("heading", name="Which session?")).to_be_visible()
    page.get_by_role("link", name="Roll", exact=True).click()
    page.get_by_role("button", name="Open registration").click()
    expect(page.get_by_text("is open.")).to_be_visible()


def sign_up(open_page: OpenPage, opening_id: int, name: str, address: str) -> None:
    """Register as a guest does."""
    page = open_page()
    page.goto(f"/openings/{opening_id}/registration")
    page.get_by_label("Name", exact=False).first.fill(name)
    page.get_by_label("E-mail", exact=False).first.fill(address)
    page.get_by_label("Somewhere else").check()
    page.get_by_label("Afternoon").check()
    page.get_by_role("main").get_by_role("button", name="Register").or_(
        page.get_by_role("main").get_by_role("button", name="waiting list")
    ).click()
    expect(page.get_by_role("heading", level=1, name="mail")).to_be_visible()


def promote(page: Page, name: str) -> None:
    """Give a place to somebody beyond the number."""
    page.get_by_label(f"Select {name}").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("button", name="Give a place").click()
    page.get_by_label("Give a place even if all are taken").check()
    page.get_by_role("button", name="Give a place").click()
    expect(page.get_by_text(f"Give a place: decided about {name}.")).to_be_visible()


def write_to_all(page: Page) -> None:
    """Write to everybody with a place."""
    page.get_by_role("link", name="Write", exact=True).click()
    page.get_by_role("textbox", name="Subject").fill("Tomorrow")
    page.get_by_role("textbox", name="Text").fill("The doors open at 13:30.")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Dear Gwen Guest")).to_be_visible()
    page.get_by_role("button", name="Send 2 letters").click()
    expect(page.get_by_text("2 letters on the way.")).to_be_visible()
