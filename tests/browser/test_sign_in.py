"""Signing in as a person does: with a browser, through the mail."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from tests.factories.cast import assemble

pytestmark = pytest.mark.one_database


def test_person_signs_in_by_mail_and_out_again(page: Page, session: Session) -> None:
    assemble(session)
    page.goto("/me/account")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    ask(page, "olga@liverpool.example.ac.uk")
    page.goto(link_in_mail(session))
    page.get_by_role("button", name="Sign in as olga@liverpool.example.ac.uk").click()
    expect(page).to_have_url(re.compile(r"/me/account$"))
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_role("link", name="Organise", exact=True)).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_newcomer_makes_an_account_without_script_by_keyboard(page_without_script: Page, session: Session) -> None:
    assemble(session)
    page = page_without_script
    page.goto("/sign-in")
    page.get_by_label("E-mail").focus()
    page.keyboard.type("nora@oxford.example.ac.uk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    page.goto(link_in_mail(session))
    page.get_by_label("Your name").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Enter your name.")).to_be_visible()
    page.get_by_label("Your name").fill("Nora Newly")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/me$"))
    page.goto("/me/account")
    expect(page.get_by_text("University of Oxford").first).to_be_visible()


def ask(page: Page, address: str) -> None:
    """Ask for a link."""
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="E-mail me a link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()


def link_in_mail(session: Session) -> str:
    """The path in the newest letter."""
    session.rollback()
    newest = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    path = f"/sign-in/{newest.context['token']}"
    session.rollback()
    return path
