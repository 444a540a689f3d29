"""A place in a series behind its link, and on My programme: skip a date, come after all, leave early."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState, SeatState
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.screens.registrations.conftest import Send, letters, page_of, registrations

HELD, SKIPPED, LENT = SeatState.HELD, SeatState.SKIPPED, SeatState.LENT
WEEK = timedelta(days=7)


@pytest.fixture
def series(session: Session, people: Cast) -> Opening:
    """One place at three Tuesdays."""
    weeks = [
        things.event(session, lead=people.oxford, title=f"Colloquium {one}", starts_at=things.SOON + one * WEEK)
        for one in range(3)
    ]
    row = things.opening(session, events=weeks, capacity=1, title="The colloquium")
    session.commit()
    return row


@pytest.fixture
def rows(send: Send, session: Session, series: Opening) -> list[Registration]:
    """Gwen has the place, Wanda waits."""
    send(series)
    send(series, name="Wanda Waits", email="wanda@example.org")
    return registrations(session)


def chairs(row: Registration) -> list[SeatState]:
    return [seat.state for seat in row.seats]


def test_a_date_is_skipped_by_one_press_and_who_waits_has_it(
    client: FlaskClient, app: Flask, session: Session, series: Opening, rows: list[Registration]
) -> None:
    here, waits, event = page_of(app, rows[0]), page_of(app, rows[1]), series.events[1].id
    assert client.get(here).text.count("Skip this date") == 3
    answered = client.post(f"{here}/skips/{event}", follow_redirects=True)
    assert "You skip Tue 23 Feb" in answered.text
    assert "Your chair has gone to somebody who waited." in answered.text
    assert [chairs(row) for row in registrations(session)] == [[HELD, SKIPPED, HELD], [HELD, LENT, HELD]]
    assert "Yours for this date" in client.get(waits).text
    assert letters(session)[-2:] == [("weeks_changed", "gwen@example.org"), ("week_lent", "wanda@example.org")]
    again = client.post(f"{here}/skips/{event}/end", follow_redirects=True)
    assert "gone to somebody who waited" in again.text
    client.post(f"{waits}/skips/{event}")
    assert "You come on" in client.post(f"{here}/skips/{event}/end", follow_redirects=True).text
    assert chairs(registrations(session)[0]) == [HELD] * 3


def test_leaving_early_asks_from_when_and_passes_the_rest_on(
    client: FlaskClient, app: Flask, session: Session, series: Opening, rows: list[Registration]
) -> None:
    here = page_of(app, rows[0])
    asked = client.get(f"{here}/departure").text
    assert "The first date you do not come to" in asked
    assert client.post(f"{here}/departure", data={}).status_code == 422
    client.post(f"{here}/departure", data={"event": series.events[1].id})
    found = registrations(session)
    assert [row.state for row in found] == [RegistrationState.CONFIRMED] * 2
    assert [chairs(row) for row in found] == [[HELD, SKIPPED, SKIPPED], [SKIPPED, HELD, HELD]]


def test_who_waits_may_want_no_single_dates(
    client: FlaskClient, app: Flask, session: Session, rows: list[Registration]
) -> None:
    waits = page_of(app, rows[1])
    assert "No single dates, please" in client.get(waits).text
    client.post(f"{waits}/single-dates", data={"wanted": "no"})
    assert not registrations(session)[1].takes_weeks
    assert "Take single dates too" in client.get(waits).text


def test_my_programme_skips_and_takes_back(
    client: FlaskClient, session: Session, people: Cast, series: Opening
) -> None:
    client.set_cookie("programme_session", cast.cookie_for(session, people.alice))
    things.registration(session, to=series, who=people.alice)
    session.commit()
    assert client.get("/me").text.count("Skip this date") == 3
    row = registrations(session)[0]
    from_me = {"from": "me"}
    page = client.get("/me").text
    action = page.partition("/skips/")[0].rpartition('"')[2] + f"/skips/{series.events[0].id}"
    assert client.post(action, data=from_me).location.endswith("/me")
    assert chairs(registrations(session)[0])[0] is SKIPPED
    skipped = client.get("/me").text
    assert "Come after all" in skipped
    assert skipped.count("Add to calendar") == 2
    client.post(f"{action}/end", data=from_me)
    assert chairs(registrations(session)[0]) == [HELD] * 3
    assert row.id == registrations(session)[0].id


def test_another_ones_link_and_another_event_do_nothing(
    client: FlaskClient, app: Flask, session: Session, people: Cast, series: Opening, rows: list[Registration]
) -> None:
    other = things.event(session, lead=people.oxford)
    session.commit()
    here = page_of(app, rows[0])
    assert client.post(f"{here}x/skips/{series.events[0].id}").status_code == 404
    assert "no chair" in client.post(f"{here}/skips/{other.id}", follow_redirects=True).text
    assert chairs(registrations(session)[0]) == [HELD] * 3
