"""The door in a volunteer's hand: an old phone, gloves, a queue. Whatever is pressed is large enough, and fits."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import ViewportSize
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Seat
from programme.engines.registration.states import Attendance
from programme.people.models import Person
from tests.bed.axe import axe_findings
from tests.bed.browser import OpenPage
from tests.browser.door.test_groups import group
from tests.browser.door.test_story import opening
from tests.browser.steps import signed_in
from tests.factories.cast import LONG_AGO

__all__ = ["group", "opening"]
pytestmark = pytest.mark.one_database
SMALL = """() => [...document.querySelectorAll('main a, main button, main summary, main input, main select')]
  .map((one) => one.closest('label') ?? one)
  .filter((one) => one.checkVisibility() && one.type !== 'hidden' && !(one.matches('a') && one.closest('p, small, td')
    && one.closest('p, small, td').textContent.trim() !== one.textContent.trim()))
  .map((one) => ({ words: one.textContent.trim().slice(0, 40) || one.name, box: one.getBoundingClientRect() }))
  .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
  .map(({ words, box }) => `${words}: ${Math.round(box.width)} by ${Math.round(box.height)}`)"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [320, 390])
def test_whatever_is_pressed_at_the_door_is_as_large_as_a_thumb(
    open_page: OpenPage, session: Session, app: Flask, opening: Opening, group: Seat, width: int
) -> None:
    helper = session.scalars(select(Person).where(Person.name == "Hal Helpful")).one()
    bob = session.scalars(select(Seat).where(Seat.id != group.id)).one()
    bob.attendance, bob.attended_at = Attendance.PRESENT, LONG_AGO
    session.commit()
    codes, door = app.extensions["codes"], f"/organise/openings/{opening.id}/door/{group.event_id}"
    places = [door, f"{door}?q=nobody", f"{door}/walk-ins/new", codes.path(group), codes.path(bob), "/check-in/1-x"]
    session.rollback()
    page = signed_in(open_page, session, helper, viewport=ViewportSize(width=width, height=640))
    found: dict[str, Any] = {}
    for address in places:
        page.goto(address, wait_until="load")
        for summary in page.locator("main summary").all():
            summary.click()
        told = {"small": page.evaluate(SMALL), "wider": page.evaluate(WIDER)}
        told["axe"] = [f"{one.rule} {one.target}" for one in axe_findings(page)]
        if any(told.values()):
            found[address] = told
    assert found == {}
