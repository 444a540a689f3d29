"""Parts of the event as a question: what there is now, as many as rooms hold; old answers stay readable."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import note
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState, Visibility
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import Opening
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.registrations.conftest import Send, page_of, registrations

HOUR = timedelta(hours=1)


@pytest.fixture
def parts(session: Session, opening: Opening, people: Cast) -> list[Event]:
    """Three workshops of a day, the second in a room for one; a fourth is hidden, a fifth is a draft."""
    whole = opening.events[0]
    given: list[dict[str, Any]] = [
        {"title": "Tides"},
        {"title": "Sand", "room_capacity": 1},
        {"title": "Rivers"},
        {"title": "Secret supper", "visibility": Visibility.HIDDEN},
        {"title": "Not yet", "state": EventState.DRAFT},
    ]
    rows = [
        things.event(session, lead=people.oxford, part_of_id=whole.id, starts_at=whole.starts_at + number * HOUR, **one)
        for number, one in enumerate(given)
    ]
    session.commit()
    return rows


@pytest.fixture
def asked(session: Session, opening: Opening, parts: list[Event]) -> Question:
    """Which of them people come to: one at least, two at most."""
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    bounds = {"least": "1", "most": "2"}
    row = actions.add_question(session, form, kind="parts", label="Which workshops?", is_required=True, settings=bounds)
    session.commit()
    return row


def form_of(client: FlaskClient, opening: Opening) -> str:
    return client.get(f"/openings/{opening.id}/registration", follow_redirects=True).text


def answers(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Answer.text).order_by(Answer.id)))


def changed(session: Session, event: Event, **values: object) -> None:
    """Change an event as its organisers would, who leave a trail."""
    session.rollback()
    for name, value in values.items():
        setattr(event, name, value)
    note(session, event, "edited", actor=NOBODY, now=LONG_AGO)
    session.commit()


def test_a_form_offers_the_parts_that_everybody_may_see(
    client: FlaskClient, opening: Opening, parts: list[Event], asked: Question
) -> None:
    page = form_of(client, opening)
    assert "Tides, Tuesday 16 February, 14:00 to 15:00 GMT" in page
    assert "Rivers" in page
    assert "Secret supper" not in page
    assert "Not yet" not in page
    assert f'value="{parts[0].id}"' in page


def test_as_many_are_chosen_as_the_question_takes(
    session: Session, opening: Opening, send: Send, parts: list[Event], asked: Question
) -> None:
    field = f"q{asked.id}"
    assert "Choose at least 1." in send(opening).text
    assert "Choose at most 2." in send(opening, **{field: [row.id for row in parts[:3]]}).text
    assert "is not offered any more" in send(opening, **{field: parts[3].id}).text
    assert send(opening, **{field: [parts[2].id, parts[0].id]}).status_code == 303
    (text,) = answers(session)
    assert text.startswith("Tides, Tuesday 16 February, 14:00 to 15:00 GMT; Rivers, ")


def test_a_parts_room_bounds_how_many_choose_it(
    client: FlaskClient, session: Session, opening: Opening, send: Send, parts: list[Event], asked: Question
) -> None:
    field = f"q{asked.id}"
    send(opening, email="a@example.org", **{field: parts[1].id})
    assert "Full: every place is taken." in form_of(client, opening)
    refused = send(opening, email="b@example.org", **{field: parts[1].id})
    assert refused.status_code == 422
    assert "“Sand, Tuesday 16 February, 15:00 to 16:00 GMT” is full" in refused.text
    assert len(registrations(session)) == 1


def test_a_part_that_vanished_is_told_and_everything_typed_stays(
    session: Session, opening: Opening, client: FlaskClient, send: Send, parts: list[Event], asked: Question
) -> None:
    form_of(client, opening)
    gone, field = parts[0].id, f"q{asked.id}"
    changed(session, parts[0], state=EventState.CANCELLED)
    refused = send(opening, email="gwen@example.org", **{field: gone})
    assert refused.status_code == 422
    assert "is not offered any more. Choose again." in refused.text
    assert 'value="gwen@example.org"' in refused.text
    assert "Tides" not in refused.text.partition("<form")[2].partition("</form>")[0]


def test_a_part_that_moved_is_kept_as_it_is_called_now_and_old_answers_as_they_were(
    app: Flask, session: Session, client: FlaskClient, opening: Opening, send: Send, parts: list[Event], asked: Question
) -> None:
    field, part = f"q{asked.id}", parts[0].id
    send(opening, email="a@example.org", **{field: part})
    changed(session, parts[0], starts_at=parts[0].starts_at - HOUR, ends_at=parts[0].ends_at - HOUR)
    send(opening, email="b@example.org", **{field: part})
    old, new = answers(session)
    assert (old[-18:], new[-18:]) == ("14:00 to 15:00 GMT", "13:00 to 14:00 GMT")
    changed(session, parts[0], state=EventState.CANCELLED)
    assert answers(session)[0] == old
    here = f"{page_of(app, registrations(session)[0])}/answers"
    assert client.post(here, data={field: str(parts[2].id)}).status_code == 303
    assert answers(session)[0].startswith("Rivers")


def test_an_opening_of_several_events_without_parts_offers_these(
    client: FlaskClient, session: Session, people: Cast
) -> None:
    both = [things.event(session, lead=people.oxford, title=title) for title in ("Monday talk", "Friday talk")]
    opening = things.opening(session, events=both)
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    actions.add_question(session, form, kind="parts", label="Which talks?")
    session.commit()
    page = form_of(client, opening)
    assert "Monday talk, Tuesday" in page
    assert "Friday talk, Tuesday" in page
