"""A place offered by mail: taken by one, lapsed and passed on to the next; an invitation followed to a place."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock as present
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import Eligibility, RegistrationState
from programme.scheduler import run_due
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.steps import follow, newest, signed_in
from tests.factories import cast, things

pytestmark = pytest.mark.one_database
TALK = "Quantum sensing for chemists"
R = RegistrationState


@pytest.fixture
def people(session: Session, clock: Clock) -> cast.Cast:
    """The cast, on a Tuesday in January."""
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: cast.Cast) -> Opening:
    """One place, offered for a day; Alice has it, Bob and Charlie wait."""
    row = things.opening(
        session, events=[things.event(session, lead=people.oxford)], capacity=1, offer_hours=24, title=TALK
    )
    things.registration(session, to=row, who=people.alice)
    for who in (people.bob, people.charlie):
        things.registration(session, to=row, who=who, state=R.WAITLISTED)
    session.commit()
    return row


def test_an_offer_lapses_and_whoever_is_next_takes_it_without_script(
    app: Flask,
    session: Session,
    people: cast.Cast,
    opening: Opening,
    page_without_script: Page,
    capture: Capture,
    clock: Clock,
) -> None:
    alice = session.scalars(select(Registration).where(Registration.person_id == people.alice.id)).one()
    page = page_without_script
    page.goto(f"{app.extensions['links'].path(alice)}/cancellation")
    page.get_by_role("button", name="Give back my place").click()
    run_due(app, present.now())
    follow(page, newest(capture, people.bob.address), "registrations")
    expect(page.get_by_role("heading", level=1, name=f"A place is yours to take at {TALK}")).to_be_visible()
    expect(page.get_by_text("Answer by Wednesday 13 January, 09:00 GMT, tomorrow")).to_be_visible()
    clock.forward(hours=24)
    run_due(app, present.now())
    assert newest(capture, people.bob.address)["Subject"] == f"The place offered to you has lapsed: {TALK}"
    page.reload()
    expect(page.get_by_role("heading", level=1, name=f"Your place has lapsed: {TALK}")).to_be_visible()
    follow(page, newest(capture, people.charlie.address), "registrations")
    page.get_by_role("button", name="Take the place").click()
    expect(page.get_by_text("You have the place.")).to_be_visible()
    run_due(app, present.now())
    assert newest(capture, people.charlie.address)["Subject"] == f"You have a place: {TALK}"


def test_an_invitation_is_sent_and_followed_to_a_place(
    app: Flask,
    session: Session,
    people: cast.Cast,
    opening: Opening,
    open_page: OpenPage,
    capture: Capture,
    clock: Clock,
) -> None:
    opening.eligibility, opening.capacity = Eligibility.INVITED, 30
    for row in session.scalars(select(Registration).where(Registration.state == R.WAITLISTED)):
        row.state = R.CANCELLED
    session.commit()
    organiser = signed_in(open_page, session, people.omar)
    organiser.goto(f"/organise/openings/{opening.id}")
    organiser.get_by_role("link", name="Invitations").click()
    organiser.get_by_label("Names and addresses").fill("Ada Marlstone <ada@example.org>\nnobody")
    organiser.get_by_role("button", name="Look at it first").click()
    expect(organiser.get_by_text("There is no e-mail address in this line.")).to_be_visible()
    organiser.get_by_role("button", name="Invite 1 person").click()
    expect(organiser.get_by_text("1 person invited.")).to_be_visible()
    run_due(app, present.now())
    guest = open_page()
    follow(guest, newest(capture, "ada@example.org"), "invitations")
    guest.get_by_label("E-mail").fill("friend@example.org")
    guest.get_by_role("button", name="Register").click()
    expect(guest.get_by_role("alert")).to_contain_text("This invitation is for ada@example.org")
    expect(guest.get_by_label("Full name")).to_have_value("Ada Marlstone")
    guest.get_by_label("E-mail").fill("ada@example.org")
    guest.get_by_role("button", name="Register").click()
    expect(guest.get_by_role("heading", level=1)).to_contain_text("mail")
    run_due(app, present.now() + timedelta(seconds=1))
    assert newest(capture, "ada@example.org")["Subject"] == f"You have a place: {TALK}"
    organiser.reload()
    organiser.get_by_role("link", name="1 answered").click()
    expect(organiser.get_by_role("rowheader", name="Ada Marlstone")).to_be_visible()
