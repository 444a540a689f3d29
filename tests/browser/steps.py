"""Steps that stories share: coming in, going by keyboard alone, following the link in a letter."""

import re
from email.message import EmailMessage
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from programme.people.models import Person
from tests.bed.browser import OpenPage
from tests.bed.mail import Capture
from tests.factories.cast import cookie_for

MOST_TABS = 150
FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
  const named = [...(at.labels ?? [])].map((label) => label.innerText).join(' ');
  const words = at.getAttribute('aria-label') || named || at.innerText || at.value || '';
  return {
    words: words.replace(/\\s+/g, ' ').replace(/ ([:,])/g, '$1').trim(),
    is_seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    // the little button in a date's field shows its ring inside the field, where no style is to be read
    has_ring: ring || at.matches('body, main, input[type=date], input[type=time]'),
  };
}"""


def signed_in(open_page: OpenPage, session: Session, who: Person, **options: Any) -> Page:
    """Open a page as somebody who has signed in before."""
    page, secret = open_page(**options), cookie_for(session, who)
    page.context.add_cookies([{"name": "programme_session", "value": secret, "domain": "localhost", "path": "/"}])
    return page


def tab_to(page: Page, words: str, *, only: str = "*") -> Locator:
    """Press Tab until what has the focus bears `words`; whatever gets it on the way is in sight, with a ring."""
    met = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        assert found["is_seen"], f"the focus went out of sight at {found['words']!r}"
        assert found["has_ring"], f"nothing shows the focus at {found['words']!r}"
        if re.search(words, found["words"]) and page.evaluate(f"document.activeElement.matches('{only}')"):
            return page.locator(":focus")
        met.append(found["words"][:40])
    raise AssertionError(f"no {words!r} in the order of tabs: {met}")


def enter(page: Page, words: str) -> None:
    """Go to a link or button by keyboard and use it, and wait for where it leads."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, words: str, text: str) -> None:
    """Go to a field by keyboard and type, over what is there."""
    tab_to(page, words)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def follow(page: Page, letter: EmailMessage, noun: str) -> None:
    """Open the link to `noun` in the plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S+/{noun}/\S+", body.get_content())
    assert found, body.get_content()
    page.goto(found[0])


def newest(capture: Capture, address: str) -> EmailMessage:
    """The last letter that somebody got."""
    return capture.to(address)[-1]


def wrong_fields(page: Page) -> list[str]:
    """What the summary of a form says, which has the focus."""
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    return summary.get_by_role("link").all_inner_texts()
