"""Choosing what an event is part of: a menu of what lies ahead, and a search that loses nothing typed."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from tests.factories.cast import Cast
from tests.factories.things import SOON, event
from tests.screens.organiser.test_event_pages import fresh, typed

MENU = re.compile(r'<select[^>]*name="part_of".*?</select>', re.DOTALL)


def menu(page: str) -> str:
    """The menu of a page, as it is read."""
    found = MENU.search(page)
    assert found
    return unescape(found[0])


def options(page: str) -> list[str]:
    """The words of the menu's options."""
    return re.findall(r"<option[^>]*>([^<]*)</option>", menu(page))


@pytest.fixture
def day(session: Session, cast: Cast) -> Event:
    """A day of Liverpool's."""
    row = event(session, lead=cast.liverpool, title="Methods day")
    session.commit()
    return row


def test_menu_holds_own_events_ahead_under_their_days(
    olga: FlaskClient, session: Session, cast: Cast, day: Event
) -> None:
    event(session, lead=cast.oxford, title="Of others")
    event(session, lead=cast.oxford, title="Shared with us", co_owners=[cast.liverpool])
    event(session, lead=cast.liverpool, title="Morning", part_of_id=day.id)
    event(session, lead=cast.liverpool, title="Over", starts_at=SOON - timedelta(days=60))
    event(session, lead=cast.liverpool, title="Called off", state=EventState.CANCELLED)
    event(
        session, lead=cast.liverpool, title="In the making", state=EventState.DRAFT, starts_at=SOON + timedelta(days=1)
    )
    session.commit()
    page = olga.get("/organise/events/new").get_data(as_text=True)
    assert options(page) == [
        "Nothing: it stands by itself",
        "14:00 Methods day",
        "14:00 Shared with us",
        "14:00 In the making (draft)",
    ]
    assert re.findall(r'<optgroup label="([^"]*)"', menu(page)) == [
        "Tuesday 16 February 2027",
        "Wednesday 17 February 2027",
    ]


def test_what_was_chosen_is_saved_and_stays_chosen(olga: FlaskClient, session: Session, cast: Cast, day: Event) -> None:
    part = event(session, lead=cast.liverpool, title="Evening")
    session.commit()
    home = f"/organise/events/{part.id}/details"
    assert olga.post(home, data=typed(cast, part_of=str(day.id))).status_code == 303
    fresh(session, part)
    assert part.part_of_id == day.id
    assert f'<option selected value="{day.id}">' in menu(olga.get(home).get_data(as_text=True))
    olga.post(home, data=typed(cast, part_of=""))
    fresh(session, part)
    assert part.part_of_id is None


def test_looking_for_another_keeps_everything_and_saves_nothing(
    olga: FlaskClient, session: Session, cast: Cast, day: Event
) -> None:
    old = event(session, lead=cast.liverpool, title="Summer school 2025", starts_at=SOON - timedelta(days=600))
    session.commit()
    sent = typed(cast, description="Words I do not want to lose.", part_of=str(day.id), look="part_of")
    sent["starts-time"] = "25:99"
    answer = olga.post("/organise/events", data={**sent, "part_of_words": "school summer"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "1 event found" in page
    assert f"{old.title}" in menu(page)
    assert f'<option selected value="{day.id}">' in menu(page)
    assert "Words I do not want to lose." in page
    assert 'value="25:99"' in page
    assert "to put right" not in page
    assert session.query(Event).count() == 2
    nothing = olga.post("/organise/events", data={**sent, "part_of_words": "nowhere"}).get_data(as_text=True)
    assert "None of your events has these words" in nothing
    found = olga.post("/organise/events", data=typed(cast, part_of=str(old.id)), follow_redirects=True)
    assert "is a draft now" in found.get_data(as_text=True)


@pytest.mark.one_database
def test_menu_and_search_are_bounded(olga: FlaskClient, session: Session, cast: Cast) -> None:
    for number in range(60):
        event(session, lead=cast.liverpool, title=f"Talk {number}", starts_at=SOON + timedelta(days=number))
    session.commit()
    assert len(options(olga.get("/organise/events/new").get_data(as_text=True))) == 51
    looked = olga.post("/organise/events", data=typed(cast, look="part_of", part_of_words="talk"))
    assert "The latest 20 of 60 events found" in looked.get_data(as_text=True)


def test_neither_others_events_nor_itself_can_be_chosen(olga: FlaskClient, session: Session, cast: Cast) -> None:
    theirs = event(session, lead=cast.oxford, title="Of others")
    mine = event(session, lead=cast.liverpool, title="Mine")
    session.commit()
    home = f"/organise/events/{mine.id}/details"
    for wrong in (str(theirs.id), str(2**63), "\0"):
        assert olga.post(home, data=typed(cast, part_of=wrong)).status_code == 422
    assert olga.post(home, data=typed(cast, part_of=str(mine.id))).status_code == 422
    assert "Mine" not in menu(olga.get(home).get_data(as_text=True))


def test_event_with_parts_is_not_asked(olga: FlaskClient, session: Session, cast: Cast, day: Event) -> None:
    event(session, lead=cast.liverpool, title="Morning", part_of_id=day.id)
    session.commit()
    page = olga.get(f"/organise/events/{day.id}/details").get_data(as_text=True)
    assert "It has parts of its own" in page
    assert 'name="part_of"' not in page
    assert olga.post(f"/organise/events/{day.id}/details", data=typed(cast)).status_code == 303
