"""Who is in the stories of doctorates, the browser that each sits at, and the letters that each gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import FilePayload, Page, expect

from programme.core import clock as present
from programme.scheduler import run_due
from programme.strands.cohorts.rulebooks.founding import found_rulebooks
from programme.strands.cohorts.training.frameworks.loading import found_framework
from tests.browser.steps import follow, newest, signed_in
from tests.factories import cast, files

if TYPE_CHECKING:
    import re
    from email.message import EmailMessage

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.bed.browser import OpenPage
    from tests.bed.clock import Clock
    from tests.bed.mail import Capture
    from tests.factories.cast import Cast

ADDRESSES = {
    "alice": "alice@liverpool.example.ac.uk",
    "bob": "bob@oxford.example.ac.uk",
    "charlie": "charlie@example.org",
    "olga": "olga@liverpool.example.ac.uk",
    "omar": "omar@oxford.example.ac.uk",
    "tamsin": "tamsin@example.org",
    "rowan": "rowan@example.org",
    "sasha": "sasha@example.org",
    "ruth": "ruth@oxford.example.ac.uk",
    "petra": "petra@liverpool.example.ac.uk",
    "cleo": "cleo@oxford.example.ac.uk",
    "dora": "dora@oxford.example.ac.uk",
}
"""The cast have accounts; nobody else does when a story begins."""


@dataclass
class Story:
    """The browsers, the letters and the clock of one story; everybody has one browser throughout."""

    app: Flask
    session: Session
    open_page: OpenPage
    capture: Capture
    clock: Clock
    people: Cast
    browsers: dict[str, Page] = field(default_factory=dict)

    def at(self, who: str) -> Page:
        """Return the browser of somebody: the cast's are signed in, everybody else's is not."""
        if who not in self.browsers:
            known = getattr(self.people, who, None)
            self.browsers[who] = signed_in(self.open_page, self.session, known) if known else self.open_page()
        return self.browsers[who]

    def letter(self, who: str, subject: str) -> EmailMessage:
        """Return the newest letter to somebody, which begins so; letters that are due go first."""
        run_due(self.app, present.now())
        found = newest(self.capture, ADDRESSES[who])
        assert str(found["Subject"]).startswith(subject), str(found["Subject"])
        return found

    def follow(self, who: str, subject: str, noun: str) -> Page:
        """Somebody opens the link to a noun in their newest letter."""
        page = self.at(who)
        follow(page, self.letter(who, subject), noun)
        return page

    def sign_in(self, who: str) -> None:
        """Somebody who was asked to sign in does so by a letter, and comes to where they wanted to go."""
        page = self.at(who)
        is_headed(page, "Sign in")
        page.get_by_label("E-mail").fill(ADDRESSES[who])
        press(page, "E-mail me a link")
        self.follow(who, "Sign in to", "sign-in")
        press(page, "Sign in")


def story(app: Flask, session: Session, open_page: OpenPage, capture: Capture, clock: Clock) -> Story:
    """Return an installation as it is founded, with the cast in it."""
    people = cast.assemble(session)
    found_rulebooks(session, now=cast.LONG_AGO)
    found_framework(session, now=cast.LONG_AGO)
    session.commit()
    return Story(app, session, open_page, capture, clock, people)


def paper(name: str) -> FilePayload:
    """Return a PDF of that name."""
    return FilePayload(name=f"{name}.pdf", mimeType="application/pdf", buffer=files.PDF)


def is_headed(page: Page, words: str) -> None:
    """Say that a page has this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def shows(page: Page, *words: str) -> None:
    """Say that a page shows all of these words."""
    for one in words:
        expect(page.get_by_role("main").get_by_text(one).first).to_be_visible()


def hides(page: Page, words: str) -> None:
    """Say that a page holds no such words."""
    expect(page.get_by_role("main").get_by_text(words)).to_have_count(0)


def is_told(page: Page, words: str) -> None:
    """Say that a page tells this of what was just done."""
    expect(page.get_by_role("status").first).to_contain_text(words)


def press(page: Page, word: str | re.Pattern[str]) -> None:
    """Press the button of the page that is called so."""
    page.get_by_role("main").get_by_role("button", name=word).first.click()


def go(page: Page, word: str, *, exact: bool = True) -> None:
    """Follow the link of the page that is called so."""
    page.get_by_role("main").get_by_role("link", name=word, exact=exact).first.click()


def go_to_cohort(page: Page) -> None:
    """An organiser goes to the cohort of the story, from the menu."""
    page.goto("/organise")
    page.get_by_role("navigation", name="Organise").get_by_role("link", name="Cohorts").click()
    go(page, "Corridor cohort 2027")


def fill_moment(page: Page, legend: str, day: str, time: str) -> None:
    """Fill the day and the time of a moment."""
    asked = page.get_by_role("group", name=legend)
    asked.get_by_label("Day").fill(day)
    asked.get_by_label("Time").fill(time)
