"""The door through a bad connection: nothing is lost, nothing counts twice, and the page says what waits."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, ViewportSize, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.registration.door.actions import settle
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import Attendance, Source
from programme.people.models import Person, Role
from tests.bed.browser import OpenPage
from tests.browser.steps import signed_in
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
PHONE = {"viewport": ViewportSize(width=390, height=800)}


@pytest.fixture
def opening(session: Session) -> Opening:
    """A talk with two people, who wait before its door, and Hal who lets them in."""
    people = cast.assemble(session)
    event = things.event(session, lead=people.liverpool)
    row = things.opening(session, events=[event], capacity=2)
    for who in (people.alice, people.bob):
        things.registration(session, to=row, who=who)
    helper = cast.person(session, "Hal Helpful", "hal@example.org")
    cast.grant(session, helper, Role.HELPER, organisation=people.liverpool, subject=("event", event.id))
    settle(session, row.id, takes_walk_ins=True)
    session.commit()
    return row


@pytest.fixture
def door(open_page: OpenPage, session: Session, opening: Opening) -> Page:
    """The door, on a telephone."""
    people = {row.name: row for row in session.scalars(select(Person))}
    session.rollback()
    page = signed_in(open_page, session, people["Hal Helpful"], **PHONE)
    page.goto(f"/organise/openings/{opening.id}/door", wait_until="load")
    return page


def acts(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(AuditEntry.verb == "mark attendance")) or 0


def here(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(Seat.attendance == Attendance.PRESENT)) or 0


def line(page: Page, name: str) -> str:
    return f"li[data-chair]:has(b:text-is('{name}'))"


def press(page: Page, word: str, name: str) -> None:
    page.get_by_role("button", name=f"{word} : {name}").or_(page.get_by_role("button", name=f"{word}: {name}")).click()


def test_presses_without_a_connection_are_kept_and_sent_when_it_is_back(door: Page, session: Session) -> None:
    door.context.set_offline(True)
    press(door, "Here", "Alice Aldgrove")
    press(door, "Here", "Bob Birchfield")
    waiting = door.get_by_role("region", name="2 not sent yet")
    expect(waiting).to_be_visible()
    expect(waiting).to_contain_text("Alice Aldgrove: here")
    expect(door.locator(line(door, "Alice Aldgrove"))).to_contain_text("Not sent yet")
    assert here(session) == 0
    door.context.set_offline(False)
    expect(waiting).to_be_hidden()
    expect(door.locator(line(door, "Alice Aldgrove"))).to_contain_text("Here since")
    expect(door.locator("[data-count=present]")).to_have_text("2")
    assert (here(session), acts(session)) == (2, 2)


def test_a_reply_that_got_lost_is_asked_for_again_and_counts_once(door: Page, session: Session) -> None:
    lost = list[int]()

    def lose_the_first(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    door.route("**/attendance", lose_the_first)
    press(door, "Here", "Alice Aldgrove")
    expect(door.locator(line(door, "Alice Aldgrove"))).to_contain_text("Here since")
    assert lost == [200]
    assert (here(session), acts(session)) == (1, 1)
    press(door, "Take back", "Alice Aldgrove")
    expect(door.locator(line(door, "Alice Aldgrove"))).not_to_contain_text("Here since")
    assert (here(session), acts(session)) == (0, 2)


def test_what_waits_outlives_the_page(door: Page, session: Session) -> None:
    door.route("**/attendance", lambda route: route.abort())
    press(door, "Here", "Bob Birchfield")
    expect(door.get_by_role("region", name="1 not sent yet")).to_be_visible()
    door.reload()
    expect(door.get_by_role("region", name="1 not sent yet")).to_contain_text("Bob Birchfield")
    door.unroute("**/attendance")
    door.get_by_role("button", name="Try now").click()
    expect(door.get_by_role("region", name=re.compile("not sent yet"))).to_be_hidden()
    expect(door.locator(line(door, "Bob Birchfield"))).to_contain_text("Here since")
    assert (here(session), acts(session)) == (1, 1)


def test_what_the_server_refuses_is_said_and_not_sent_again(door: Page, session: Session) -> None:
    seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    seat.registration.state = type(seat.registration.state).CANCELLED
    session.commit()
    press(door, "Here", "Alice Aldgrove")
    refused = door.get_by_role("region", name="Not taken in")
    expect(refused).to_contain_text("Alice Aldgrove: This person has no place here.")
    refused.get_by_role("button", name="Read").click()
    expect(refused).to_be_hidden()
    assert door.evaluate("localStorage.getItem('programme-door')") == "[]"


def test_signed_out_in_the_middle_keeps_what_waits_until_signed_in_again(door: Page, session: Session) -> None:
    cookies = [one for one in door.context.cookies() if one["name"] == "programme_session"]
    door.context.clear_cookies()
    press(door, "Here", "Alice Aldgrove")
    waiting = door.get_by_role("region", name="1 not sent yet")
    expect(waiting).to_contain_text("You are signed out.")
    expect(waiting.get_by_role("link", name="Sign in again")).to_be_visible()
    door.context.add_cookies([{**cookies[0]}])  # type: ignore[typeddict-item]
    door.get_by_role("button", name="Try now").click()
    expect(waiting).to_be_hidden()
    assert here(session) == 1


def test_one_that_the_server_has_trouble_with_stops_no_other(door: Page, session: Session) -> None:
    seats = session.scalars(select(Seat.id).order_by(Seat.id)).all()
    session.rollback()
    door.route(f"**/seats/{seats[0]}/attendance", lambda route: route.fulfill(status=503, body="later"))
    press(door, "Here", "Alice Aldgrove")
    expect(door.get_by_role("region", name="1 not sent yet")).to_contain_text("Alice Aldgrove")
    press(door, "Here", "Bob Birchfield")
    expect(door.locator(line(door, "Bob Birchfield"))).to_contain_text("Here since")
    expect(door.get_by_role("region", name="1 not sent yet")).to_contain_text("Alice Aldgrove")
    door.unroute(f"**/seats/{seats[0]}/attendance")
    door.get_by_role("button", name="Try now").click()
    expect(door.locator(line(door, "Alice Aldgrove"))).to_contain_text("Here since")
    assert (here(session), acts(session)) == (2, 2)


def test_walk_ins_are_kept_without_a_connection_too(door: Page, session: Session) -> None:
    door.get_by_role("link", name="Without a place").click()
    door.get_by_label("Name").fill("Wanda Walker")
    door.context.set_offline(True)
    door.get_by_role("button", name="Let them in").click()
    expect(door.get_by_role("region", name="1 not sent yet")).to_contain_text("Wanda Walker: let in")
    door.context.set_offline(False)
    expect(door.get_by_role("heading", level=1)).to_have_text("Quantum sensing for chemists")
    expect(door.locator(line(door, "Wanda Walker"))).to_contain_text("Here since")
    session.rollback()
    assert session.scalar(select(func.count()).where(Registration.source == Source.WALK_IN)) == 1


def test_numbers_follow_what_other_telephones_do(door: Page, session: Session) -> None:
    expect(door.locator("[data-count=present]")).to_have_text("0")
    seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    seat.attendance = Attendance.PRESENT
    session.commit()
    expect(door.locator("[data-count=present]")).to_have_text("1", timeout=15_000)


def test_without_script_every_button_posts(open_page: OpenPage, session: Session, opening: Opening) -> None:
    helper = session.scalars(select(Person).where(Person.name == "Hal Helpful")).one()
    session.rollback()
    page = signed_in(open_page, session, helper, script=False, **PHONE)
    page.goto(f"/organise/openings/{opening.id}/door")
    press(page, "Here", "Alice Aldgrove")
    expect(page.get_by_text("Alice Aldgrove is here.")).to_be_visible()
    expect(page.get_by_role("region", name="Not sent yet")).to_have_count(0)
    assert here(session) == 1


READS_CODES = """(code) => {
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return [{ rawValue: code }]; }
  };
  const picture = document.createElement("canvas");
  setInterval(() => picture.getContext("2d").fillRect(0, 0, 9 * Math.random(), 9), 100);
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => picture.captureStream(5) } });
}"""


def test_the_camera_within_the_page_reads_a_code_once(
    open_page: OpenPage, session: Session, opening: Opening, app: Flask
) -> None:
    seat = session.scalars(select(Seat).order_by(Seat.id)).first()
    helper = session.scalars(select(Person).where(Person.name == "Hal Helpful")).one()
    assert seat is not None
    url = app.extensions["codes"].url(seat)
    session.rollback()
    page = signed_in(open_page, session, helper, **PHONE)
    page.add_init_script(f"({READS_CODES})({url!r})")
    page.goto(f"/organise/openings/{opening.id}/door")
    page.locator("summary", has_text="Read a code").click()
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator(line(page, "Alice Aldgrove"))).to_contain_text("Here since")
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="Stop the camera").click()
    expect(page.get_by_role("button", name="Stop the camera")).to_be_hidden()
    assert (here(session), acts(session)) == (1, 1)


def test_where_the_browser_reads_no_codes_nothing_is_offered(door: Page) -> None:
    door.locator("summary", has_text="Read a code").click()
    expect(door.get_by_label("Code")).to_be_visible()
    expect(door.get_by_role("button", name="Use the camera")).to_be_hidden()
