"""What the public pages must never do: show drafts, keep what changed, ask more for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event as listening

from programme.engines.calendar.models import Contribution
from programme.engines.calendar.states import EventState, Visibility
from programme.extensions import db
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import event, opening, series

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def test_drafts_come_through_no_door(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.liverpool, title="Unborn series")
    draft = event(session, lead=cast.liverpool, title="Unborn talk", state=EventState.DRAFT, series_id=run.id)
    event(session, lead=cast.liverpool, title="Unborn secret", visibility=Visibility.HIDDEN)
    session.commit()
    doors = [
        "/",
        "/events",
        "/events?q=unborn",
        "/calendar?month=2027-02",
        "/calendar.ics",
        "/strands/exchange",
        "/calendars",
    ]
    closed = [f"/events/unborn-talk-{draft.id}", f"/events/unborn-talk-{draft.id}.ics"]
    closed += [f"/series/unborn-series-{run.id}", f"/series/unborn-series-{run.id}.ics"]
    for who in (None, cast.omar, cast.charlie):
        if who is not None:
            client.set_cookie("programme_session", cookie_for(session, who))
        for door in doors:
            text = client.get(door).text.replace("unborn", "")
            assert "Unborn" not in text, (door, who)
        assert "0 events in the next 8 weeks" in client.get("/").text
        assert [client.get(door).status_code for door in closed] == [404] * 4
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    assert client.get(closed[0]).status_code == 200
    assert "Draft" in client.get(closed[0]).text


def test_kept_page_is_drawn_again_after_a_change(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford, title="Before")
    session.commit()
    assert "Before" in client.get("/events").text
    row.title, row.version = "After", 2
    session.commit()
    page = client.get("/events").text
    assert "After" in page
    assert "Before" not in page


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/events", "/calendar?month=2027-02", "/series", "/strands/exchange", "/calendars", "/calendar.ics"),
        *(
            "/calendar/agenda?month=2027-02",
            "/subscribe",
            "/term-card?term=oxford-hilary-2027",
            "/events.json",
            "/embed/events?count=50",
        ),
    ],
)
def test_queries_do_not_grow_with_the_list(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, address: str
) -> None:
    counts = []
    for number in (1, 29):
        for more in range(number):
            row = event(session, lead=cast.oxford, title=f"Talk {number}-{more}", room_capacity=30)
            row.contributions = [Contribution(name="Robin Rowanfield")]
            opening(session, events=[row])
        session.commit()
        counts.append(queries_of(app, client, address))
    assert counts[0] == counts[1]


def queries_of(app: Flask, client: FlaskClient, address: str) -> int:
    """How many statements one request takes."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    listening.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        listening.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)
