"""Administrators keep the travel times; of two at once the second is told, and nothing silently reverts."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import TravelTime
from programme.engines.calendar.travel.queries import lines
from tests.factories.cast import Cast, cookie_for

HERE = "/organise/travel"


@pytest.fixture
def ada(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who runs the installation."""
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    return client


def typed(client: FlaskClient) -> dict[str, Any]:
    """The form as a browser has it."""
    page = client.get(HERE).text
    found = re.findall(r"<input[^>]*>", page)
    named = [(re.search(r'name="([^"]+)"', it), re.search(r'value="([^"]*)"', it)) for it in found]
    return {name[1]: value[1] if value else "" for name, value in named if name and name[1] != "theme"}


def kept(session: Session) -> dict[tuple[str, str], tuple[int, int]]:
    """What the database holds."""
    session.rollback()
    session.expire_all()
    return {(row.site, row.other): (row.least, row.planned) for row in session.scalars(select(TravelTime))}


def test_times_are_changed_and_put_back(ada: FlaskClient, session: Session) -> None:
    form = typed(ada)
    assert (form["least_LIV_OXF"], form["planned_LIV_OXF"]) == ("190", "220")
    answer = ada.post(HERE, data={**form, "least_LIV_OXF": "180", "planned_LIV_OXF": "200"}, follow_redirects=True)
    assert "1 way changed" in answer.text
    assert "At first 190 and 220 min" in answer.text
    assert kept(session) == {("LIV", "OXF"): (180, 200)}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "changed travel times")).one()
    assert entry.before == {"travel": ["Liverpool to Oxford 190 to 220 min"]}
    ada.post(HERE, data={**typed(ada), "least_LIV_OXF": "190", "planned_LIV_OXF": "220"})
    assert kept(session) == {}
    assert "changed how long the ways between our sites take" in ada.get("/organise/audit").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"least_LIV_OXF": ""}, "Enter minutes, from 0 to 1,440."),
        ({"planned_LIV_OXF": "soon"}, "Enter a whole number, in digits."),
        ({"planned_LIV_OXF": "-3"}, "Enter minutes, from 0 to 1,440."),
        ({"planned_LIV_OXF": "9" * 40}, "Enter a whole number, in digits."),
        ({"planned_LIV_OXF": "100"}, "Plan no less than the 190 minutes it takes at the least."),
    ],
)
def test_nonsense_gets_a_sentence_and_is_kept(
    ada: FlaskClient, session: Session, wrong: dict[str, str], says: str
) -> None:
    answer = ada.post(HERE, data={**typed(ada), "planned_HAR_LON": "150", **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="150"' in answer.text
    assert kept(session) == {}


def test_second_of_two_is_told_and_may_let_theirs_stand(ada: FlaskClient, session: Session) -> None:
    first, second = typed(ada), typed(ada)
    ada.post(HERE, data={**first, "planned_LIV_OXF": "240"})
    answer = ada.post(HERE, data={**second, "planned_HAR_LON": "150"})
    assert answer.status_code == 422
    assert "Somebody else changed the travel times meanwhile" in answer.text
    assert 'value="150"' in answer.text
    assert kept(session) == {("LIV", "OXF"): (190, 240)}
    again = {**second, "planned_HAR_LON": "150", "planned_LIV_OXF": "240"}
    again["seen"] = re.search(r'name="seen"[^>]*value="([^"]+)"', answer.text)[1]  # type: ignore[index]
    assert ada.post(HERE, data=again).status_code == 303
    assert kept(session) == {("LIV", "OXF"): (190, 240), ("HAR", "LON"): (115, 150)}
    assert [line.planned for line in lines(session) if line.key == "HAR_LON"] == [150]


def test_nobody_but_an_administrator_changes_them(app: Flask, session: Session, cast: Cast) -> None:
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    assert client.get(HERE).status_code == 403
    assert client.post(HERE, data={"least_LIV_OXF": "1"}).status_code == 403
    assert "Travel times" not in client.get("/organise/dates").text
