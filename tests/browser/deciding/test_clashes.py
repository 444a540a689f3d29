"""What clashes is told where one registers and where a place is offered, with the sum, and bars nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock as present
from programme.engines.calendar.models import Event, Venue
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.scheduler import run_due
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.steps import follow, newest, signed_in
from tests.factories import cast, things
from tests.factories.things import SOON

pytestmark = pytest.mark.one_database
SUM = (
    "“Clinic” ends 12:00 GMT in Liverpool on Tuesday 16 February, “Summer school” begins 14:00 GMT in Oxford:"
    " 2\N{NO-BREAK SPACE}h between, 3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}10 needed at the least."
)


@pytest.fixture
def people(session: Session, clock: Clock) -> cast.Cast:
    """The cast; Bob is in a clinic in Liverpool that ends two hours before the school in Oxford begins."""
    known = cast.assemble(session)
    starts = SOON - timedelta(hours=4)
    place(session, known, "Clinic", code="LIV-MIF", who="bob", starts_at=starts, ends_at=starts + timedelta(hours=2))
    return known


def place(session: Session, known: cast.Cast, title: str, *, code: str, who: str = "", **given: object) -> Opening:
    """Open something somewhere; whoever is named has a place."""
    venue_id = session.scalars(select(Venue.id).where(Venue.code == code)).one()
    row: Event = things.event(session, lead=known.oxford, title=title, venue_id=venue_id, **given)
    opened = things.opening(session, events=[row], capacity=1, offer_hours=24, title=title)
    if who:
        things.registration(session, to=opened, who=getattr(known, who))
    session.commit()
    return opened


def warned(page: Page, head: str, sentence: str) -> None:
    """The warning stands on the page, as hard or as tight as it is."""
    region = page.get_by_role("region", name=head)
    expect(region).to_contain_text(sentence)


def text(capture: Capture, address: str) -> str:
    """What the newest letter to somebody says, on one line."""
    body = newest(capture, address).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_whoever_registers_is_warned_with_the_sum_and_has_the_place_all_the_same(
    app: Flask, session: Session, people: cast.Cast, open_page: OpenPage, capture: Capture
) -> None:
    school = place(session, people, "Summer school", code="OXF-SBS")
    bob = signed_in(open_page, session, people.bob)
    bob.goto(f"/openings/{school.id}/registration")
    warned(bob, "It clashes with what you have", SUM)
    bob.get_by_role("main").get_by_role("button", name="Register").click()
    expect(bob.get_by_role("heading", level=1)).to_contain_text("You have a place at Summer school")
    warned(bob, "It clashes with what you have", SUM)
    run_due(app, present.now())
    assert " ".join(SUM.split()) in text(capture, people.bob.address)
    assert "your place stands" in text(capture, people.bob.address)


def test_what_overlaps_is_told_and_bars_nothing(
    app: Flask, session: Session, people: cast.Cast, open_page: OpenPage, capture: Capture
) -> None:
    starts = SOON - timedelta(hours=3)
    lecture = place(session, people, "Lecture", code="LIV-MIF", starts_at=starts, ends_at=SOON - timedelta(hours=1))
    bob = signed_in(open_page, session, people.bob)
    bob.goto(f"/openings/{lecture.id}/registration")
    warned(bob, "It clashes with what you have", "“Clinic” is at the same time as “Lecture”")
    bob.get_by_role("main").get_by_role("button", name="Register").click()
    expect(bob.get_by_role("heading", level=1)).to_contain_text("You have a place at Lecture")
    run_due(app, present.now())
    said = text(capture, people.bob.address)
    assert "“Clinic” is at the same time as “Lecture”: Tuesday 16 February" in said
    assert "Both are on from 11:00 to 12:00" in said


@pytest.mark.parametrize(
    ("code", "needed"),
    [("DAR-LAB", "50 min"), ("OXF-SBS", "3 h 10"), ("HAR-DLS", "4 h 05"), ("LON-X", "2 h 45")],
)
def test_the_way_from_liverpool_to_each_site_is_reckoned(
    app: Flask, session: Session, people: cast.Cast, open_page: OpenPage, capture: Capture, code: str, needed: str
) -> None:
    session.add(Venue(code="LON-X", name="A house in London", site="LON"))
    starts = SOON - timedelta(minutes=110)
    visit = place(session, people, "Visit", code=code, starts_at=starts, ends_at=SOON)
    bob = signed_in(open_page, session, people.bob)
    bob.goto(f"/openings/{visit.id}/registration")
    warned(
        bob, "It clashes with what you have", f"{needed} needed at the least".replace(" min", "\N{NO-BREAK SPACE}min")
    )
    bob.get_by_role("main").get_by_role("button", name="Register").click()
    run_due(app, present.now())
    assert f"10 min between, {needed} needed at the least" in text(capture, people.bob.address)


def test_travel_times_that_an_administrator_changes_are_what_is_reckoned_with(
    app: Flask, session: Session, people: cast.Cast, open_page: OpenPage, capture: Capture
) -> None:
    school = place(session, people, "Summer school", code="OXF-SBS")
    ada, bob = (signed_in(open_page, session, who) for who in (people.ada, people.bob))
    ada.goto("/organise/travel")
    ada.locator("[name=least_LIV_OXF]").fill("110")
    ada.locator("[name=planned_LIV_OXF]").fill("130")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("1 way changed")).to_be_visible()
    bob.goto(f"/openings/{school.id}/registration")
    warned(bob, "It will be tight", "2\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}10 needed.")
    bob.get_by_role("main").get_by_role("button", name="Register").click()
    run_due(app, present.now())
    assert "2 h between, 2 h 10 needed." in text(capture, people.bob.address)


def test_what_can_just_be_reached_is_called_tight(
    app: Flask, session: Session, people: cast.Cast, open_page: OpenPage, capture: Capture
) -> None:
    later = SOON + timedelta(hours=1, minutes=20)
    tea = place(session, people, "Tea", code="OXF-SBS", starts_at=later, ends_at=later + timedelta(hours=1))
    bob = signed_in(open_page, session, people.bob)
    bob.goto(f"/openings/{tea.id}/registration")
    warned(bob, "It will be tight", "3\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}20 between")
    bob.get_by_role("main").get_by_role("button", name="Register").click()
    run_due(app, present.now())
    assert "3 h 20 between" in text(capture, people.bob.address)


def test_whoever_is_offered_a_place_is_warned_by_the_letter_and_may_take_it(
    app: Flask, session: Session, people: cast.Cast, open_page: OpenPage, capture: Capture
) -> None:
    school = place(session, people, "Summer school", code="OXF-SBS", who="alice")
    things.registration(session, to=school, who=people.bob, state=RegistrationState.WAITLISTED)
    session.commit()
    alice, bob = (signed_in(open_page, session, who) for who in (people.alice, people.bob))
    mine = select(Registration).where(Registration.person_id == people.alice.id)
    alice.goto(f"{app.extensions['links'].path(session.scalars(mine).one())}/cancellation")
    alice.get_by_role("button", name="Give back my place").click()
    run_due(app, present.now())
    assert " ".join(SUM.split()) in text(capture, people.bob.address)
    follow(bob, newest(capture, people.bob.address), "registrations")
    warned(bob, "It clashes with what you have", SUM)
    bob.get_by_role("button", name="Take the place").click()
    expect(bob.get_by_text("You have the place.")).to_be_visible()
    run_due(app, present.now())
    assert newest(capture, people.bob.address)["Subject"] == "You have a place: Summer school"
