"""The audit trail on screen: read by those it concerns, filtered, before and after in words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.core import audit
from programme.people.models import Person
from programme.screens.organiser.audit import differences
from tests.factories.cast import Cast, assemble, cookie_for

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
Browse = Callable[[Person], FlaskClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast, with one act on each side and one of the programme's own."""
    found = assemble(session)
    write(session, found.olga, "publish", ("event", 7), found.liverpool.id, after={"title": "Liverpool’s talk"})
    write(session, found.omar, "move", ("event", 8), found.oxford.id, before={"room": "A"}, after={"room": "B"})
    write(session, None, "lapse", ("registration", 9), found.oxford.id, later=timedelta(days=2))
    session.commit()
    return found


@pytest.fixture
def browse(app: Flask, session: Session) -> Browse:
    """Open a browser signed in as somebody."""

    def opened(who: Person) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, who))
        return client

    return opened


def test_each_side_reads_its_own_entries_and_the_administrator_all(cast: Cast, browse: Browse) -> None:
    olga, omar, ada = (browse(who).get("/organise/audit").text for who in (cast.olga, cast.omar, cast.ada))
    assert "Liverpool’s talk" in olga
    assert "event 8" not in olga
    assert "event 8" in omar
    assert "Liverpool’s talk" not in omar
    assert "Liverpool’s talk" in ada
    assert "The programme</b>: lapse" in ada


def test_trail_is_not_for_others(client: FlaskClient, cast: Cast, browse: Browse) -> None:
    assert client.get("/organise/audit").status_code == 303
    assert browse(cast.bob).get("/organise/audit").status_code == 403


def test_before_and_after_stand_side_by_side(cast: Cast, browse: Browse) -> None:
    page = browse(cast.omar).get("/organise/audit").text
    assert '<del><span class="vh">before: </span>A</del>' in page
    assert '<ins><span class="vh">after: </span>B</ins>' in page


@pytest.mark.parametrize(
    ("query", "kept", "gone"),
    [
        ("person=otter", "event 8", "event 7"),
        ("person=olga@", "event 7", "event 8"),
        ("verb=move", "event 8", "event 7"),
        ("kind=registration", "registration 9", "event 8"),
        ("since=2027-01-13", "registration 9", "event 8"),
        ("until=2027-01-12", "event 8", "registration 9"),
        ("until=2027-01-12&since=2027-01-12&verb=move", "event 8", "registration 9"),
    ],
)
def test_filters_narrow_the_list(cast: Cast, browse: Browse, query: str, kept: str, gone: str) -> None:
    page = browse(cast.ada).get(f"/organise/audit?{query}").text
    assert kept in page
    assert gone not in page


@pytest.mark.parametrize("day", ["2027-02-30", "tomorrow", "9999-12-31", "0001-01-01", "2027-1-1"])
def test_date_that_is_none_is_told_and_left_out(cast: Cast, browse: Browse, day: str) -> None:
    answer = browse(cast.ada).get(f"/organise/audit?since={day}&page=zero")
    assert answer.status_code == 400
    assert "We could not read the first day" in answer.text
    assert "event 7" in answer.text


def test_nothing_found_says_so(cast: Cast, browse: Browse) -> None:
    assert "Nothing is written here" in browse(cast.ada).get("/organise/audit?verb=dance").text


def test_only_what_differs_is_told() -> None:
    before = {"title": "A", "room_capacity": 20, "online": False, "gone": None}
    after = {"title": "A", "room_capacity": 30, "online": True, "areas": ["x", "y"]}
    assert differences(before, after) == [
        ("room capacity", "20", "30"),
        ("online", "no", "yes"),
        ("areas", "", "x, y"),
    ]


def write(
    session: Session,
    who: Person | None,
    verb: str,
    subject: tuple[str, int],
    organisation_id: int,
    *,
    later: timedelta = timedelta(),
    **sides: dict[str, str],
) -> None:
    """Write an entry."""
    person_id = who.id if who else None
    audit.record(
        session,
        person_id=person_id,
        verb=verb,
        subject=subject,
        organisation_id=organisation_id,
        now=AT + later,
        **sides,
    )
