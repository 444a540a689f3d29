"""An organiser gives an event a picture, forgets its words, and changes their mind; a reader sees it."""

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy.orm import Session

from programme.core.web.converters import slug
from tests.bed.browser import OpenPage
from tests.browser.steps import signed_in
from tests.factories.cast import assemble
from tests.factories.pictures import WORDS, photograph
from tests.factories.things import event

pytestmark = pytest.mark.one_database
SHOWN = "(image) => image.complete && image.naturalWidth > 0"


def test_picture_is_given_without_script_and_seen_by_a_reader(open_page: OpenPage, session: Session) -> None:
    cast = assemble(session)
    talk = event(session, lead=cast.liverpool)
    session.commit()
    page = signed_in(open_page, session, cast.olga, script=False)
    page.goto(f"/organise/events/{talk.id}")
    page.get_by_role("link", name="Add a picture").click()
    page.get_by_label("Picture", exact=True).set_input_files(
        FilePayload(name="rowers.jpg", mimeType="image/jpeg", buffer=photograph())
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what the picture shows")
    expect(page.get_by_text("rowers.jpg")).to_be_visible()
    page.get_by_label("What it shows").fill(WORDS)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The picture is on the page of the event.")).to_be_visible()
    page.get_by_role("button", name="Take it off").click()
    page.get_by_role("button", name="Put the former one back").click()
    expect(page.get_by_role("img", name=WORDS)).to_be_visible()
    reader = open_page()
    reader.goto(f"/events/{slug(talk.title, talk.id)}")
    picture = reader.get_by_role("img", name=WORDS)
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    reader.wait_for_function(f"() => ({SHOWN})(document.querySelector('.pic img'))")
