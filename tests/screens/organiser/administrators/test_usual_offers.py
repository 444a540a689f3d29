"""Administrators choose from which hour in the morning offers may end; each opening may say another."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.registration.models import Opening
from programme.people.models import Installation
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, cookie_for

HERE = "/organise/offers"


@pytest.fixture
def ada(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Ada, who runs the installation."""
    if session.scalar(select(Installation.id)) is None:
        session.add(Installation(uid_host="programme.example.ac.uk", created_at=LONG_AGO))
    session.commit()
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.ada))
    return client


def chosen(page: str, name: str) -> str:
    """What a menu shows as chosen."""
    menu = page.split(f'name="{name}"')[1].split("</select>", maxsplit=1)[0]
    found = re.search(r'<option selected value="(\d+)"', menu)
    assert found is not None
    return found[1]


def test_new_openings_begin_with_it_and_those_there_are_keep_theirs(
    ada: FlaskClient, olga: FlaskClient, session: Session, cast: Cast
) -> None:
    opening = things.opening(session, events=[things.event(session, lead=cast.liverpool)], offer_hours=24)
    session.commit()
    assert chosen(olga.get("/organise/openings/new").text, "offer_morning") == "540"
    seen = chosen(ada.get(HERE).text, "morning")
    assert seen == "540"
    assert ada.post(HERE, data={"seen": seen, "morning": "450"}).status_code == 303
    assert chosen(olga.get("/organise/openings/new").text, "offer_morning") == "450"
    assert chosen(olga.get(f"/organise/openings/{opening.id}/edit").text, "offer_morning") == "540"
    session.rollback()
    session.expire_all()
    assert session.get_one(Opening, opening.id).offer_morning == 540
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "changed the usual morning")).one()
    assert (entry.before, entry.after) == ({"offer_morning": "09:00"}, {"offer_morning": "07:30"})
    assert "changed from which hour offers may end" in ada.get("/organise/audit").text


def test_second_of_two_who_change_it_is_told(ada: FlaskClient, session: Session) -> None:
    assert ada.post(HERE, data={"seen": "540", "morning": "600"}).status_code == 303
    again = ada.post(HERE, data={"seen": "540", "morning": "480"})
    assert again.status_code == 422
    assert "Somebody else changed this while you had it open." in again.text
    assert chosen(again.text, "morning") == "480"
    assert 'name="seen" type="hidden" value="600"' in again.text
    session.rollback()
    session.expire_all()
    assert session.scalars(select(Installation.offer_morning)).one() == 600


def test_an_hour_of_the_night_is_refused(ada: FlaskClient, session: Session) -> None:
    for wrong in ("120", "1320", "soon", ""):
        assert ada.post(HERE, data={"seen": "540", "morning": wrong}).status_code == 422
    session.rollback()
    assert session.scalars(select(Installation.offer_morning)).one() == 540


def test_nobody_else_may(olga: FlaskClient) -> None:
    assert [olga.get(HERE).status_code, olga.post(HERE, data={"morning": "480"}).status_code] == [403, 403]
