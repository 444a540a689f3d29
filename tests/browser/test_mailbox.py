"""Somebody reads a letter in the demonstration's mailbox and follows its link."""

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.core import clock
from programme.engines.registration.models import Registration
from programme.engines.reminders.actions import ensure_default_rule
from programme.scheduler import run_due
from tests.bed.axe import axe_findings_everywhere
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for
from tests.factories.things import SOON, event, opening, registration


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


@pytest.mark.one_database
def test_reminder_is_read_and_its_link_leads_to_the_place(app: Flask, session: Session, page: Page) -> None:
    _, place = reminded(app, session)
    page.goto("/mailbox?to=alice")
    assert axe_findings_everywhere(page) == []
    page.get_by_role("link", name="Today: Quantum sensing for chemists").click()
    assert axe_findings_everywhere(page) == []
    page.get_by_text("As most people see it").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Quantum sensing for chemists")).to_be_visible()
    frame.get_by_role("link", name="See or give back your place").click()
    page.wait_for_url(f"**/registrations/{place.id}-*")
    expect(page.get_by_role("heading", name="You have a place at Quantum sensing")).to_be_visible()


@pytest.mark.one_database
def test_organiser_finds_the_letter_in_the_outbox(app: Flask, session: Session, page: Page) -> None:
    cast, _ = reminded(app, session)
    secret = cookie_for(session, cast.omar)
    page.goto("/mailbox")
    page.context.add_cookies([{"name": "programme_session", "value": secret, "url": page.url}])
    page.goto("/organise/mail")
    assert axe_findings_everywhere(page) == []
    page.get_by_role("link", name="Today: Quantum sensing for chemists").click()
    expect(page.get_by_text("Dear Alice Aldgrove")).to_be_visible()
    assert axe_findings_everywhere(page) == []
