"""An event's timetable: laid out by its organisers, drawn on its page."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.web.converters import slug
from programme.engines.calendar.actions.events import MOST_PARTS, edit
from programme.engines.calendar.actions.plans.copies import copy, details_of
from programme.engines.calendar.models import Event, TimetableBreak
from programme.engines.calendar.states import EventState
from programme.engines.calendar.timetable.spans import span
from programme.people.identity import actor_of
from tests.bed.databases import statements
from tests.factories.cast import Cast, cookie_for
from tests.factories.things import SOON, event

HOUR = timedelta(hours=1)


@pytest.fixture
def whole(session: Session, cast: Cast) -> Event:
    """A day from two to eight."""
    row = event(session, lead=cast.liverpool, title="Methods day", room="Hall", ends_at=SOON + 6 * HOUR)
    session.commit()
    return row


def at(kind: str, begins: datetime, hours: float, **more: Any) -> dict[str, Any]:
    """What a form of a part or a break sends."""
    ends = begins + hours * HOUR
    typed = {
        "starts-date": f"{begins:%Y-%m-%d}",
        "starts-time": f"{begins:%H:%M}",
        "ends-time": f"{ends:%H:%M}",
        **more,
    }
    return {f"{kind}{name}": value for name, value in typed.items()}


def send(client: FlaskClient, whole: Event, noun: str, **typed: Any) -> tuple[int, str]:
    answer = client.post(f"/organise/events/{whole.id}/timetable/{noun}", data=typed, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def page_of(client: FlaskClient, whole: Event) -> str:
    return client.get(f"/events/{slug(whole.title, whole.id)}").get_data(as_text=True)


def fresh(session: Session) -> None:
    session.rollback()
    session.expire_all()


def test_parts_and_breaks_are_added_and_drawn_with_rooms_side_by_side(
    olga: FlaskClient, session: Session, whole: Event
) -> None:
    for room in ("Hall", "Room 2"):
        more = {"title": f"Session in {room}", "room": room, "people": "Ann Ames | Oxford", "publishes": "y"}
        status, said = send(olga, whole, "parts", **at("part-", SOON, 1, **more))
        assert (status, "it is published" in said) == (200, True)
    _, said = send(olga, whole, "breaks", **at("break-", SOON + HOUR, 0.5, title="Coffee", place="Foyer"))
    assert "“Coffee” is in the timetable." in said
    page = page_of(olga, whole)
    assert '<th scope="col" role="columnheader">Room 2</th>' in page
    assert re.search(r'<td role="cell" colspan="2" class="is-break">.*?<b>Coffee</b>', page, re.DOTALL)
    assert "Foyer" in page
    assert page.count("Ann Ames") == 2
    fresh(session)
    parts = session.scalars(select(Event).where(Event.part_of_id == whole.id)).all()
    assert {(row.room, row.state, row.lead_organisation_id) for row in parts} == {
        (room, EventState.PUBLISHED, whole.lead_organisation_id) for room in ("Hall", "Room 2")
    }


@pytest.mark.one_database
def test_a_timetable_holds_so_many_parts_and_those_there_are_still_changed(
    olga: FlaskClient, session: Session, cast: Cast, whole: Event
) -> None:
    whole_id = whole.id
    for number in range(MOST_PARTS):
        event(session, lead=cast.liverpool, title=f"Part {number}", part_of_id=whole_id)
    session.commit()
    status, said = send(olga, whole, "parts", **at("part-", SOON, 1, title="One more"))
    assert (status, f"A timetable holds {MOST_PARTS} parts at most" in said) == (422, True)
    assert 'value="One more"' in said
    fresh(session)
    part = session.scalars(select(Event).where(Event.part_of_id == whole_id).limit(1)).one()
    edit(session, part.id, replace(details_of(part), title="Renamed"), actor=actor_of(cast.olga), now=SOON)
    assert part.title == "Renamed"


def test_a_draft_part_is_shown_to_its_organisers_alone(client: FlaskClient, olga: FlaskClient, whole: Event) -> None:
    send(olga, whole, "parts", **at("part-", SOON, 1, title="Secret session"))
    assert "Secret session" in olga.get(f"/organise/events/{whole.id}/timetable").get_data(as_text=True)
    client.delete_cookie("programme_session")
    assert "Secret session" not in page_of(client, whole)


def test_a_break_is_changed_and_taken_out(olga: FlaskClient, session: Session, whole: Event) -> None:
    send(olga, whole, "breaks", **at("break-", SOON + HOUR, 0.5, title="Coffee"))
    number = session.scalars(select(TimetableBreak.id)).one()
    form = olga.get(f"/organise/events/{whole.id}/timetable/breaks/{number}").get_data(as_text=True)
    assert 'value="15:00"' in form
    status, said = send(olga, whole, f"breaks/{number}", **at("", SOON + 2 * HOUR, 1, title="Tea"))
    assert (status, "“Tea” is saved." in said) == (200, True)
    fresh(session)
    assert [(row.title, row.begins_after, row.minutes) for row in session.scalars(select(TimetableBreak))] == [
        ("Tea", 120, 60)
    ]
    assert "“Tea” is out of the timetable." in send(olga, whole, f"breaks/{number}/removal")[1]
    fresh(session)
    assert session.scalars(select(TimetableBreak)).all() == []
    assert send(olga, whole, f"breaks/{number}")[0] == 404


def test_a_break_moves_along_with_its_event_and_comes_with_a_copy(
    olga: FlaskClient, session: Session, cast: Cast, whole: Event
) -> None:
    send(olga, whole, "breaks", **at("break-", SOON + HOUR, 0.5, title="Coffee"))
    fresh(session)
    later = datetime(2027, 4, 6, 13, tzinfo=SOON.tzinfo)
    made = copy(session, whole.id, starts_at=later, actor=actor_of(cast.olga), now=SOON)
    row = session.scalars(select(TimetableBreak).where(TimetableBreak.event_id == made.id)).one()
    assert row.title == "Coffee"
    assert span(made.starts_at, begins_after=row.begins_after, minutes=row.minutes) == (
        later + HOUR,
        later + 1.5 * HOUR,
    )


def test_calendars_tell_the_timetable_of_an_event_and_its_parts_as_entries_of_their_own(
    olga: FlaskClient, whole: Event
) -> None:
    before = olga.get("/calendar.ics").headers["ETag"]
    send(olga, whole, "parts", **at("part-", SOON, 1, title="Opening session", publishes="y"))
    send(olga, whole, "breaks", **at("break-", SOON + HOUR, 0.5, title="Coffee", place="Foyer"))
    feed = olga.get("/calendar.ics")
    told = feed.get_data(as_text=True).replace("\r\n ", "")
    assert (
        "Timetable (London time):\\n14:00 Opening session\\n15:00 to 15:30 Coffee\\, Foyer\\n\\nWho may attend" in told
    )
    assert f"RELATED-TO:event-{whole.id}@" in told
    assert feed.headers["ETag"] != before


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (at("break-", SOON - HOUR, 0.5, title="Early"), "The event has not begun then."),
        (at("break-", SOON + 5 * HOUR, 2, title="Late"), "The event is over then."),
        (at("break-", SOON + 2 * HOUR, -1, title="Backwards"), "The end must be later than the start."),
        (at("break-", SOON, 1, title=""), "Say what it is"),
    ],
)
def test_a_break_lies_within_its_event(
    olga: FlaskClient, session: Session, whole: Event, typed: dict[str, str], words: str
) -> None:
    status, page = send(olga, whole, "breaks", **{**typed, "break-place": "Foyer"})
    assert (status, words in page, 'value="Foyer"' in page) == (422, True, True)
    fresh(session)
    assert session.scalars(select(TimetableBreak)).all() == []


@pytest.mark.one_database
def test_strangers_lay_out_nothing_and_parts_have_no_timetable(
    client: FlaskClient, olga: FlaskClient, session: Session, cast: Cast, whole: Event
) -> None:
    send(olga, whole, "breaks", **at("break-", SOON + HOUR, 0.5, title="Coffee"))
    row = session.scalars(select(TimetableBreak)).one()
    part = event(session, lead=cast.liverpool, title="Part", part_of_id=whole.id)
    other = event(session, lead=cast.liverpool, title="Other")
    session.commit()
    assert olga.get(f"/organise/events/{part.id}/timetable").status_code == 409
    assert olga.get(f"/organise/events/{other.id}/timetable/breaks/{row.id}").status_code == 404
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    address = f"/organise/events/{whole.id}/timetable"
    assert client.get(address).status_code == 403
    for noun in ("parts", "breaks", f"breaks/{row.id}", f"breaks/{row.id}/removal"):
        assert client.post(f"{address}/{noun}").status_code == 403


@pytest.mark.one_database
def test_who_shares_the_whole_adds_parts_led_by_their_own(
    client: FlaskClient, session: Session, cast: Cast, whole: Event
) -> None:
    whole.co_owners = [cast.oxford]
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    assert send(client, whole, "parts", **at("part-", SOON, 1, title="Ours"))[0] == 200
    fresh(session)
    part = session.scalars(select(Event).where(Event.title == "Ours")).one()
    assert part.lead_organisation_id == cast.oxford.id
    assert [row.id for row in part.co_owners] == [cast.liverpool.id]


@pytest.mark.one_database
def test_pages_ask_as_often_for_thirty_parts_as_for_two(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast, whole: Event
) -> None:
    def asked() -> list[int]:
        counts = []
        for address in (f"/organise/events/{whole.id}/timetable", f"/events/{slug(whole.title, whole.id)}"):
            with statements(app) as seen:
                assert olga.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    def parts(first: int, last: int) -> None:
        for number in range(first, last):
            event(session, lead=cast.liverpool, title=f"Part {number}", part_of_id=whole.id, room=f"Room {number % 3}")
        session.commit()

    parts(0, 2)
    few = asked()
    parts(2, 30)
    assert asked() == few


def test_what_is_to_be_put_right_is_said_in_the_order_of_the_page(olga: FlaskClient, whole: Event) -> None:
    status, page = send(olga, whole, "parts")
    assert status == 422
    assert page.index("Enter a title.") < page.index("Enter the time at which it starts.")
