"""Searches are bounded by where people come from; what is kept, and calendars that ask again, are never refused."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import things
from tests.factories.cast import Cast, assemble


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture(autouse=True)
def _bounded(app: Flask, session: Session, cast: Cast) -> None:
    """Two searches a minute, and one event."""
    app.config["SEARCH_LIMIT"] = "2 per minute"
    things.event(session, lead=cast.oxford, title="Moss and fern")
    session.commit()


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/calendar.ics", "/events", "/embed/events"])
def test_new_searches_are_bounded_and_what_was_answered_before_is_not(client: FlaskClient, path: str) -> None:
    first = [client.get(f"{path}?q={word}").status_code for word in ("moss", "fern", "lichen")]
    assert first == [200, 200, 429]
    assert {client.get(f"{path}?q=moss").status_code for _ in range(5)} == {200}
    assert {client.get(f"{path}?{query}").status_code for query in ("", "strand=exchange", "university=oxford")} == {
        200
    }


def test_a_calendar_that_asks_again_is_answered_whatever_changed_and_whoever_searches(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    assert [client.get(f"/calendar.ics?q={word}").status_code for word in ("moss", "fern", "lichen")] == [200, 200, 429]
    for number in range(4):
        made = things.event(session, lead=cast.oxford, title=f"Moss {number}")
        session.commit()
        answer = client.get("/calendar.ics?q=moss")
        assert (answer.status_code, made.title in answer.text) == (200, True)
    assert client.get("/calendar.ics?q=lichen").status_code == 429
    assert client.get("/calendar.ics").status_code == 200
