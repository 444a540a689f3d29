"""A colleague leaves: an administrator counts their things, hands them over, and everybody sees who answers now."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from programme.core import clock as present
from programme.scheduler import run_due
from tests.bed.browser import OpenPage
from tests.bed.clock import Clock
from tests.bed.mail import Capture
from tests.browser.steps import newest, signed_in, wrong_fields
from tests.factories import cast, things

pytestmark = pytest.mark.one_database


def test_administrator_hands_a_colleagues_things_over(
    app: Flask, open_page: OpenPage, session: Session, capture: Capture, clock: Clock
) -> None:
    people = cast.assemble(session)
    liz = cast.organiser(session, "Liz Larkfield", "liz@liverpool.example.ac.uk", people.liverpool)
    olgas: dict[str, Any] = {"contact_name": people.olga.name, "contact_address": people.olga.address}
    talk = things.event(session, lead=people.liverpool, **olgas)
    things.opening(session, events=[talk], **olgas)
    session.commit()
    ada, olga = signed_in(open_page, session, people.ada), signed_in(open_page, session, people.olga)
    ada.goto("/organise/people")
    ada.get_by_role("link", name="Olga Oakhurst").click()
    ada.get_by_label("What they look after for").select_option("University of Liverpool")
    ada.get_by_label("Successor’s e-mail").fill("nobody@liverpool.example.ac.uk")
    ada.get_by_role("button", name="Count first").click()
    assert len(wrong_fields(ada)) == 1
    expect(ada.get_by_label("What they look after for")).to_have_value("liverpool")
    ada.get_by_label("Successor’s e-mail").fill(liz.address)
    ada.get_by_role("button", name="Count first").click()
    expect(ada.get_by_role("heading", level=1, name="Hand over to Liz Larkfield")).to_be_visible()
    expect(ada.get_by_text("1 event", exact=True)).to_be_visible()
    olga.goto("/organise/events")
    expect(olga.get_by_role("link", name=talk.title)).to_be_visible()
    ada.get_by_role("button", name="Hand over").click()
    expect(ada.get_by_role("status")).to_contain_text("Handed over to Liz Larkfield: 1 event, 1 opening")
    olga.goto("/organise/events")
    expect(olga.get_by_role("heading", level=1, name="This is not yours to see")).to_be_visible()
    public = open_page()
    public.goto(f"/events/{talk.id}")
    expect(public.get_by_role("region", name="Who runs it")).to_contain_text("Liz Larkfield looks after it")
    expect(public.get_by_role("link", name=liz.address)).to_be_visible()
    ada.goto("/organise/audit")
    expect(ada.get_by_role("main")).to_contain_text("Olga Oakhurst")
    run_due(app, present.now())
    body = newest(capture, liz.address).get_body(("plain",))
    assert body is not None
    assert "Olga Oakhurst" in body.get_content()
