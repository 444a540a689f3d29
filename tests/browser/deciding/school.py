"""What stories of decisions share: the school, its applicants, keys turned in a browser, and letters read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from programme.core import clock as present
from programme.engines.questionnaire.actions import add_question, new_questionnaire
from programme.engines.registration.states import PlacesBy
from programme.scheduler import run_due
from tests.browser.steps import signed_in
from tests.factories import cast, things

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from tests.bed.browser import OpenPage
    from tests.bed.mail import Capture
    from tests.factories.cast import Cast

ALICE = "alice@liverpool.example.ac.uk"
CHARLIE = "charlie@example.org"
OLGA, OMAR = "olga@liverpool.example.ac.uk", "omar@oxford.example.ac.uk"
DECIDED_KEYS = "Two keys, one for each university"


@dataclass
class School:
    """The browsers and the letters of one story."""

    app: Flask
    session: Session
    open_page: OpenPage
    capture: Capture
    people: Cast
    opening: Opening

    def page_of(self, who: str) -> Page:
        """Open a browser in which somebody of the cast is signed in."""
        return signed_in(self.open_page, self.session, getattr(self.people, who))

    def send(self) -> None:
        """Let everything that is due happen now."""
        run_due(self.app, present.now())

    def subjects(self, address: str) -> list[str]:
        """What the letters to somebody are called, oldest first."""
        return [str(letter["Subject"]) for letter in self.capture.to(address)]

    def text(self, address: str) -> str:
        """What the newest letter to somebody says."""
        body = self.capture.to(address)[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def apply(self, who: str) -> Page:
        """Somebody of the cast applies, signed in; returns their browser at their own page."""
        page = self.page_of(who)
        page.goto(f"/openings/{self.opening.id}/registration")
        page.get_by_label("Why?").fill("To learn")
        page.get_by_role("main").get_by_role("button", name=re.compile("^(Send your|Register)")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Summer school")
        self.send()
        return page


def school(app: Flask, session: Session, open_page: OpenPage, capture: Capture, **given: object) -> School:
    """An opening of Oxford's, shared with Liverpool, whose places are given by decision, with one question."""
    people = cast.assemble(session)
    talk = things.event(session, lead=people.oxford, title="Summer school")
    values = {"capacity": 1, "places_by": PlacesBy.DECISION, "co_owners": [people.liverpool], **given}
    row = things.opening(session, events=[talk], **values)  # type: ignore[arg-type]
    row.questionnaire = new_questionnaire(session, now=cast.LONG_AGO)
    add_question(session, row.questionnaire, kind="short_text", label="Why?")
    session.commit()
    return School(app, session, open_page, capture, people, row)


def set_keys(page: Page, opening_id: int, *, also: str = "") -> None:
    """An organiser lets two keys decide; `also` is a further choice on the page."""
    page.goto(f"/organise/openings/{opening_id}/decisions")
    page.get_by_label(DECIDED_KEYS).check()
    page.get_by_label("Tell this address too").fill("dean@example.ac.uk")
    if also:
        page.get_by_label(also).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def turn(page: Page, says: str, *, reason: str = "", words: str = "") -> None:
    """Turn the first key that waits, from the list."""
    page.goto("/organise/keys")
    page.locator("main table a").first.click()
    page.get_by_role("radio", name=re.compile(f"^{says}")).check()
    if words:
        page.get_by_label("Words for the person").fill(words)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_text(f"Your key says {says.lower()}.")).to_be_visible()
