"""Somebody reads a letter in the demonstration's mailbox and follows its link."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from programme.config import Settings
from programme.core import clock
from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.registration.models import Registration
from programme.engines.reminders.actions import ensure_default_rule
from programme.extensions import db
from programme.scheduler import run_due
from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES
from tests.factories.things import SOON, event, opening, registration

pytestmark = pytest.mark.one_database


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, demo=True)


def reminded(app: Flask, session: Session) -> tuple[Cast, Registration]:
    """Alice has a place and was reminded of it today."""
    cast = assemble(session)
    later = SOON.replace(year=clock.now().year + 2)
    talk = event(session, lead=cast.oxford, starts_at=later)
    place = registration(session, to=opening(session, events=[talk]), who=cast.alice)
    ensure_default_rule(session, talk.id, LONG_AGO)
    session.commit()
    run_due(app, later.replace(hour=1))
    return cast, place


def test_reminder_is_read_and_its_link_leads_to_the_place(app: Flask, session: Session, page: Page) -> None:
    _, place = reminded(app, session)
    page.goto("/mailbox?to=alice")
    page.get_by_role("link", name="Today: Quantum sensing for chemists").click()
    letter = shown(page)
    expect(letter.get_by_role("heading", name="Quantum sensing for chemists")).to_be_visible()
    expect(page.get_by_text("Dear Alice Aldgrove")).to_be_hidden()
    page.get_by_text("As plain text").click()
    expect(page.get_by_text("Dear Alice Aldgrove")).to_be_visible()
    assert axe_findings_everywhere(page) == []
    letter.get_by_role("link", name="See, change or give back your place").click()
    page.wait_for_url(f"**/registrations/{place.id}-*")
    expect(page.get_by_role("heading", name="You have a place at Quantum sensing")).to_be_visible()


def test_calendar_file_of_a_letter_can_be_kept(app: Flask, session: Session, page: Page) -> None:
    [letter_id] = written(app, session, "registration_confirmed")
    page.goto(f"/mailbox/{letter_id}")
    with page.expect_download() as begun:
        page.get_by_role("link", name="Calendar file (.ics").click()
    assert Path(begun.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_organiser_finds_the_letter_in_the_outbox(app: Flask, session: Session, page: Page) -> None:
    cast, _ = reminded(app, session)
    secret = cookie_for(session, cast.omar)
    page.goto("/mailbox")
    page.context.add_cookies([{"name": "programme_session", "value": secret, "url": page.url}])
    page.goto("/organise/mail")
    page.get_by_role("link", name="Today: Quantum sensing for chemists").click()
    expect(shown(page).get_by_text("Dear Alice Aldgrove")).to_be_visible()
    page.get_by_text("As plain text").click()
    expect(page.get_by_text("Dear Alice Aldgrove")).to_be_visible()


@pytest.mark.parametrize("part", range(2))
def test_no_letter_has_a_finding(app: Flask, session: Session, open_page: OpenPage, part: int) -> None:
    page, wrong = open_page(bypass_csp=True), []  # its policy lets nothing run, axe neither
    kinds = list(EXAMPLES)[part::2]
    for kind, letter_id in zip(kinds, written(app, session, *kinds), strict=True):
        page.goto(f"/mailbox/{letter_id}/html")
        wrong += [f"{kind}: {finding}" for finding in axe_findings_everywhere(page)]
        page.set_viewport_size({"width": 320, "height": 900})
        width = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{kind} is {width} px wide"] if width > 320 else []
    assert wrong == []


def written(app: Flask, session: Session, *kinds: str) -> list[int]:
    """Play the story of each kind of letter, let its letters go, and give the captured one's id."""
    desk, ids = Desk(session, assemble(session), app.extensions["keepers"]), []
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    for kind in kinds:
        EXAMPLES[kind](desk)
        session.commit()
        # early for what comes in the morning, later for what reminds the day before, and on the day in one letter
        early, before, on_the_day = desk.now.replace(hour=2), SOON - timedelta(hours=20), SOON - timedelta(hours=5)
        queued = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.letter == kind)).all()
        session.commit()
        for now in sorted({early, desk.now, before, on_the_day, *queued}):
            dispatch(factory, app.extensions["mail_room"], now=now)
        its_row = CapturedMail.outbox_message_id == OutboxMessage.id
        found = select(CapturedMail.id).join(OutboxMessage, its_row).where(OutboxMessage.letter == kind)
        letter_id = session.scalar(found.order_by(CapturedMail.id.desc()).limit(1))
        assert letter_id is not None, f"{kind} did not go"
        ids.append(letter_id)
    return ids


def shown(page: Page) -> Frame:
    """The letter within the page."""
    page.wait_for_load_state()
    [frame] = [frame for frame in page.frames if frame.url.endswith("/html")]
    return frame
