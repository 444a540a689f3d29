"""One's own secret calendar: made, read by a calendar program, replaced, ended; what was replaced reads nothing."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
MAKE = re.compile("^Make its address ?: My programme$")


def test_own_calendar_is_made_replaced_and_ended(open_page: OpenPage, session: Session, clock: Clock) -> None:
    people = cast.assemble(session)
    talk = things.event(session, lead=people.oxford, online_link="https://meet.example.ac.uk/quantum")
    things.registration(session, to=things.opening(session, events=[talk]), who=people.alice)
    session.commit()
    page, program = signed_in(open_page, session, people.alice), open_page()
    page.goto("/me")
    page.get_by_role("link", name="Subscribe", exact=True).first.click()
    page.get_by_role("button", name=MAKE).click()
    first = address_shown(page)
    status, said = asked(program, first)
    assert status == 200
    assert "SUMMARY:Quantum sensing for chemists" in said
    assert "https://meet.example.ac.uk/quantum" in said
    page.goto("/calendars")
    expect(page.get_by_text("This is your own calendar address.")).to_be_hidden()
    assert first.rpartition("/")[2] not in page.content()
    page.get_by_role("button", name="Replace it by a new address").click()
    second = address_shown(page)
    assert second != first
    assert [asked(program, address)[0] for address in (first, second)] == [410, 200]
    page.get_by_role("link", name="Calendars of your own").click()
    page.get_by_label(re.compile("^Reminder ?: My programme$")).select_option("15 minutes before")
    page.get_by_role("button", name=re.compile("^Save ?: My programme$")).click()
    expect(page.get_by_text("Reminder of “My programme”: 15 minutes before.")).to_be_visible()
    assert "TRIGGER:-PT15M" in asked(program, second)[1]
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("The address of “My programme” has ended.")).to_be_visible()
    assert [asked(program, address)[0] for address in (first, second)] == [410, 410]
    expect(page.get_by_role("button", name=MAKE)).to_be_visible()


def address_shown(page: Page) -> str:
    """The secret address, which is shown this once, with a way to copy and to subscribe."""
    expect(page.get_by_text("This is your own calendar address.")).to_be_visible()
    address = page.get_by_label("Address of this calendar").input_value()
    link = page.get_by_role("link", name="Open in your calendar")
    expect(link).to_have_attribute("href", address.replace("http", "webcal", 1))
    return address


def asked(program: Page, address: str) -> tuple[int, str]:
    """What a calendar program gets, which is signed in nowhere."""
    answer = program.request.get(address)
    return answer.status, answer.text().replace("\r\n ", "")
