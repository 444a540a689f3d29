"""Changing dates of a series together: each looked at, ticked off where it differs, confirmed as it was seen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import to_wall
from programme.engines.mail.models import OutboxMessage
from tests.bed.databases import statements
from tests.factories.cast import Cast, cookie_for
from tests.factories.things import SOON, event, opening, registration
from tests.factories.things import series as a_series

WEEK = timedelta(days=7)
ALL = {"which": "all"}


@pytest.fixture
def run(session: Session, cast: Cast) -> Series:
    """Four Tuesdays at two, the last of them at four; Alice goes to all."""
    row = a_series(session, lead=cast.liverpool)
    dates = [
        event(
            session,
            lead=cast.liverpool,
            title=f"Week {number}",
            series_id=row.id,
            starts_at=SOON + number * WEEK + timedelta(hours=2 * (number == 3)),
        )
        for number in range(4)
    ]
    registration(session, to=opening(session, events=dates), who=cast.alice)
    session.commit()
    return row


def preview(client: FlaskClient, run: Series, **typed: Any) -> tuple[int, str]:
    answer = client.post(f"/organise/series/{run.id}/changes/preview", data=typed)
    return answer.status_code, answer.get_data(as_text=True)


def ticks(page: str) -> dict[str, list[str]]:
    """What the page carries: all that is shown, and what is ticked."""
    taken = re.findall(r'name="id" value="([0-9-]+)" data-tick aria-label="[^"]*" checked', page)
    return {"seen": re.findall(r'name="seen" value="([0-9-]+)"', page), "id": taken}


def send(client: FlaskClient, run: Series, **typed: Any) -> tuple[int, str]:
    answer = client.post(f"/organise/series/{run.id}/changes", data=typed, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def clocks(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return [f"{to_wall(row.starts_at):%H:%M}" for row in session.scalars(select(Event).order_by(Event.starts_at))]


def test_all_are_shown_before_and_after_and_what_differs_is_ticked_off(
    olga: FlaskClient, session: Session, run: Series
) -> None:
    status, page = preview(olga, run, **ALL, begins="15:00")
    assert status == 200
    assert "3 events would be changed" in page
    assert "At 16:00 to 17:00, unlike the others" in page
    assert "<strong>1 person</strong> will be told, each in one e-mail" in page
    assert [len(found) for found in ticks(page).values()] == [4, 3]
    assert clocks(session) == ["14:00", "14:00", "14:00", "16:00"]
    _, said = send(olga, run, **ALL, begins="15:00", **ticks(page))
    assert "3 events are changed. 1 letter goes out." in said
    assert clocks(session) == ["15:00", "15:00", "15:00", "16:00"]
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_this_and_those_that_follow_leave_the_earlier_ones(olga: FlaskClient, session: Session, run: Series) -> None:
    second = session.scalars(select(Event).where(Event.title == "Week 1")).one()
    form = olga.get(f"/organise/series/{run.id}/changes?event={second.id}").get_data(as_text=True)
    assert "Only that of Tuesday 23 February 2027" in form
    asked = {"event": str(second.id), "which": "following", "weekday": "2"}
    _, page = preview(olga, run, **asked)
    assert "Week 0" not in page
    assert "Wednesday 24 February 2027" in page
    send(olga, run, **asked, **ticks(page))
    session.rollback()
    session.expire_all()
    assert [row.starts_at.weekday() for row in session.scalars(select(Event).order_by(Event.id))] == [1, 2, 2, 2]
    _, alone = preview(olga, run, **{**asked, "which": "this", "weekday": "3"})
    assert "1 event would be changed" in alone


def test_one_that_is_ticked_on_or_off_stays_so_when_looked_at_again(olga: FlaskClient, run: Series) -> None:
    _, page = preview(olga, run, **ALL, begins="15:00")
    seen = ticks(page)["seen"]
    _, again = preview(olga, run, **ALL, begins="15:30", seen=seen, id=[seen[3]])
    assert ticks(again)["id"] == [seen[3]]
    assert "1 event would be changed" in again


def test_changed_meanwhile_is_shown_again_and_nothing_is_done(olga: FlaskClient, session: Session, run: Series) -> None:
    _, page = preview(olga, run, **ALL, begins="15:00", room="Attic")
    session.scalars(select(Event).where(Event.title == "Week 1")).one().version += 1
    session.commit()
    status, again = send(olga, run, **ALL, begins="15:00", room="Attic", **ticks(page))
    assert status == 422
    assert "“Week 1” changed meanwhile. Nothing is changed yet" in again
    assert 'value="Attic"' in again
    assert "Week 2" in again
    assert clocks(session) == ["14:00", "14:00", "14:00", "16:00"]


def test_cancelling_some_of_a_series(olga: FlaskClient, session: Session, run: Series) -> None:
    _, page = preview(olga, run, **ALL, cancels="y", begins="15:00")
    assert "4 events would be cancelled" in page
    seen = ticks(page)["seen"]
    _, said = send(olga, run, **ALL, cancels="y", seen=seen, id=seen[:2], reason="Works.")
    assert "2 events are cancelled. 1 letter goes out." in said
    session.rollback()
    session.expire_all()
    states = [row.state for row in session.scalars(select(Event).order_by(Event.id))]
    assert states == [EventState.CANCELLED] * 2 + [EventState.PUBLISHED] * 2
    assert clocks(session)[:2] == ["14:00", "14:00"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "all of it is empty"),
        ({"begins": "soon"}, "Enter a time like 14:30."),
        ({"venue": "999999"}, "Choose one from the list."),
        ({"online_link": "javascript:1"}, "Enter a web address"),
        ({"people": "| Nobody"}, "Line 1 has no name"),
        ({"which": "this", "begins": "15:00"}, "Choose one from the list."),
    ],
)
def test_what_makes_no_sense_is_refused_and_stays_typed(
    olga: FlaskClient, session: Session, run: Series, typed: dict[str, str], words: str
) -> None:
    status, page = preview(olga, run, **{**ALL, "description": "", "reason": "Because.", **typed})
    assert status == 422
    assert words in page
    assert "Because." in page


@pytest.mark.one_database
def test_an_end_before_the_start_is_left_out_and_nothing_ticked_is_told(olga: FlaskClient, run: Series) -> None:
    _, page = preview(olga, run, **ALL, ends="13:00")
    assert page.count("it would end before it starts") == 4
    assert send(olga, run, **ALL, begins="15:00")[0] == 422


@pytest.mark.one_database
def test_strangers_are_kept_out_and_see_no_drafts_of_others(
    client: FlaskClient, olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    hidden = {"state": EventState.DRAFT, "published_at": None, "series_id": run.id, "starts_at": SOON + WEEK}
    draft = event(session, lead=cast.oxford, title="Hush", **hidden)
    session.commit()
    _, page = preview(olga, run, **ALL, begins="15:00")
    assert "Hush" not in page
    status, page = send(olga, run, **ALL, begins="15:00", id=[f"{draft.id}-{draft.version}"])
    assert status == 422
    assert "Hush" not in page
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    address = f"/organise/series/{run.id}/changes"
    assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    assert client.post(f"{address}/preview", data=ALL).status_code == 403


@pytest.mark.one_database
def test_the_preview_asks_as_often_for_thirty_events_as_for_four(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast, run: Series
) -> None:
    def asked() -> int:
        with statements(app) as seen:
            assert preview(olga, run, **ALL, begins="15:00")[0] == 200
        return len(seen)

    few = asked()
    for number in range(26):
        event(session, lead=cast.liverpool, title=f"More {number}", series_id=run.id, starts_at=SOON + number * WEEK)
    session.commit()
    assert asked() == few
