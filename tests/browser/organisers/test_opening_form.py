"""The form of an opening shows what belongs to what is chosen, right beneath it, with script and without."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests.bed.axe import axe_findings_everywhere
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.browser.steps import signed_in
from tests.factories import cast, things

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("script", [True, False])
def test_what_a_choice_needs_stands_beneath_it(
    open_page: OpenPage, session: Session, clock: Clock, *, script: bool
) -> None:
    people = cast.assemble(session)
    things.event(session, lead=people.liverpool, title="Meet the hosts")
    session.commit()
    page = signed_in(open_page, session, people.olga, script=script)
    page.goto("/organise/openings/new")
    seen, who = page.get_by_role("group", name="Who may see it"), page.get_by_role("group", name="Who may register")
    expect(seen).to_be_visible()
    page.get_by_label("Meet the hosts").check()
    expect(seen).to_be_hidden()
    page.get_by_label("Meet the hosts").uncheck()
    expect(seen).to_be_visible()
    members, group = who.get_by_role("group", name="Members of"), who.get_by_label("Group", exact=False).last
    expect(members).to_be_hidden()
    who.get_by_label("Members of certain organisations").check()
    expect(members).to_be_visible()
    expect(group).to_be_hidden()
    below = who.get_by_text("The people of a group").bounding_box()
    box = members.bounding_box()
    assert below is not None
    assert box is not None
    assert box["y"] < below["y"]
    who.get_by_label("The people of a group").check()
    expect(group).to_be_visible()
    expect(members).to_be_hidden()
    assert not script or axe_findings_everywhere(page) == []
