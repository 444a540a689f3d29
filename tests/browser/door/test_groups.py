"""A group at the door: each has a line and a mark, through a bad connection and without a script too."""

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.door.group import those_present
from programme.engines.registration.models import Companion, Opening, Registration, Seat
from programme.people.models import Person
from tests.bed.browser import OpenPage
from tests.browser.door.test_story import PHONE, READS_CODES, acts, opening, press
from tests.browser.steps import signed_in

__all__ = ["opening"]
pytestmark = pytest.mark.one_database


@pytest.fixture
def group(session: Session, opening: Opening) -> Seat:
    """Alice's chair, by which Ben and Cleo come, too."""
    row = session.scalars(select(Registration).where(Registration.name == "Alice Aldgrove")).one()
    row.companions, row.heads = [Companion(name="Ben Bloom"), Companion(name="Cleo Chen")], 3
    session.commit()
    return row.seats[0]


def phone(open_page: OpenPage, session: Session, *, script: bool = True) -> Page:
    helper = session.scalars(select(Person).where(Person.name == "Hal Helpful")).one()
    session.rollback()
    return signed_in(open_page, session, helper, script=script, **PHONE)


def present(session: Session, seat: Seat) -> list[str]:
    session.rollback()
    session.expire_all()
    return [one.name.split()[0] for one in those_present(session.get_one(Seat, seat.id))]


def who(page: Page, name: str) -> str:
    return f"[data-person]:has(b:text-is('{name}'))"


def test_each_of_a_group_is_marked_without_a_connection_and_counts_once(
    open_page: OpenPage, session: Session, opening: Opening, group: Seat
) -> None:
    page = phone(open_page, session)
    page.goto(f"/organise/openings/{opening.id}/door", wait_until="load")
    page.context.set_offline(True)
    press(page, "Here", "Cleo Chen")
    press(page, "Absent", "Ben Bloom")
    waiting = page.get_by_role("region", name="2 not sent yet")
    expect(waiting).to_contain_text("Cleo Chen: here")
    expect(page.locator(who(page, "Cleo Chen"))).to_contain_text("Not sent yet")
    expect(page.locator(who(page, "Alice Aldgrove"))).not_to_contain_text("Not sent yet")
    page.context.set_offline(False)
    expect(waiting).to_be_hidden()
    expect(page.locator(who(page, "Cleo Chen"))).to_contain_text("Here since")
    expect(page.locator(who(page, "Ben Bloom"))).to_contain_text("Did not come")
    expect(page.locator("[data-count=present]")).to_have_text("1")
    assert (present(session, group), acts(session)) == (["Cleo"], 2)


def test_a_lost_reply_about_a_group_is_asked_for_again_and_counts_once(
    open_page: OpenPage, session: Session, app: Flask, group: Seat
) -> None:
    address, lost = app.extensions["codes"].path(group), list[int]()

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page = phone(open_page, session)
    page.route("**/check-in/**", lose_the_first)
    page.goto(address)
    page.get_by_label("Ben Bloom").uncheck()
    page.get_by_role("button", name="Check in those ticked").click()
    expect(page.get_by_text("2 of 3 are here")).to_be_visible()
    assert lost == [200]
    assert (present(session, group), acts(session)) == (["Alice", "Cleo"], 1)


def test_a_code_of_a_group_leads_to_its_ticks(
    open_page: OpenPage, session: Session, opening: Opening, app: Flask, group: Seat
) -> None:
    url = app.extensions["codes"].url(group)
    page = phone(open_page, session)
    page.add_init_script(f"({READS_CODES})({url!r})")
    page.goto(f"/organise/openings/{opening.id}/door")
    page.locator("summary", has_text="Read a code").click()
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("group", name="Who has come?")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)
    assert present(session, group) == []


def test_without_script_a_group_is_ticked_too(
    open_page: OpenPage, session: Session, opening: Opening, app: Flask, group: Seat
) -> None:
    page = phone(open_page, session, script=False)
    page.goto(app.extensions["codes"].path(group))
    page.get_by_label("Cleo Chen").uncheck()
    page.get_by_role("button", name="Check in those ticked").click()
    expect(page.get_by_text("Alice Aldgrove and Ben Bloom are here.")).to_be_visible()
    page.goto(f"/organise/openings/{opening.id}/door")
    press(page, "Take back", "Ben Bloom")
    press(page, "Here", "Cleo Chen")
    assert present(session, group) == ["Alice", "Cleo"]
