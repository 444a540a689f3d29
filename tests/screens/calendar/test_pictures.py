"""Where an event's picture is found: by whoever may see the event, for good; told to calendars, engines and shares."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from programme.core.web.converters import slug
from programme.engines.calendar.pictures import actions
from programme.engines.calendar.pictures.queries import picture_of
from programme.engines.calendar.states import EventState, Visibility
from programme.people.permissions import NOBODY
from tests.conformance.rules import faults
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for
from tests.factories.pictures import WORDS, fetched, show
from tests.factories.things import event, opening, registration

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.documents.shelf import Shelf

pytestmark = pytest.mark.usefixtures("clock")
ADDRESS = re.compile(r"/pictures/\d+/[0-9a-f]{20}-\d+\.jpg")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def shelf(app: Flask) -> Shelf:
    found: Shelf = app.extensions["shelf"]
    return found


@pytest.fixture
def talk(session: Session, cast: Cast, shelf: Shelf) -> Event:
    """A public event of Oxford with a picture in two sizes, 1,000 and 800 pixels wide."""
    row = event(session, lead=cast.oxford, summary="What rivers carry.")
    show(session, row, shelf)
    session.commit()
    return row


def page(client: FlaskClient, row: Event) -> str:
    return client.get(f"/events/{slug(row.title, row.id)}").get_data(as_text=True)


def addresses(session: Session, row: Event) -> list[str]:
    """Where the sizes are found, whoever may see them."""
    digest = picture_of(session, row.id).picture.digest  # type: ignore[union-attr]
    session.rollback()
    return [f"/pictures/{row.id}/{digest[:20]}-{width}.jpg" for width in (1_000, 800)]


def images(client: FlaskClient, address: str) -> list[str]:
    """The IMAGE lines of a calendar, unfolded; the calendar must be one that every client reads."""
    answer = client.get(address)
    assert faults(answer.data) == []
    return [line for line in answer.text.replace("\r\n ", "").split("\r\n") if line.startswith("IMAGE")]


def test_a_public_picture_may_be_kept_for_good_and_never_taken_for_anything_else(
    client: FlaskClient, session: Session, talk: Event
) -> None:
    for address in addresses(session, talk):
        assert address in page(client, talk)
        answer = fetched(client, address)
        assert answer.status_code == 200
        assert answer.content_type == "image/jpeg"
        assert answer.data.startswith(b"\xff\xd8\xff")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
        again = fetched(client, address, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name", ["x.jpg", "{digest}-801.jpg", "{other}-800.jpg", "{digest}-0800.jpg", "{digest}-800.png"]
)
def test_no_other_address_answers(client: FlaskClient, session: Session, talk: Event, name: str) -> None:
    digest = addresses(session, talk)[0].rpartition("/")[2][:20]
    assert client.get(f"/pictures/{talk.id}/{name.format(digest=digest, other='0' * 20)}").status_code == 404
    assert client.get(f"/pictures/{talk.id + 1}/{digest}-800.jpg").status_code == 404


@pytest.mark.parametrize(
    ("given", "seen_by"),
    [
        ({"state": EventState.DRAFT, "published_at": None}, {"omar"}),
        ({"visibility": Visibility.MEMBERS}, {"omar", "bob", "alice"}),
        ({"visibility": Visibility.HIDDEN}, {"omar", "alice"}),
        ({"state": EventState.CANCELLED, "published_at": None}, {"omar"}),
    ],
    ids=["draft", "members", "hidden", "never announced"],
)
def test_a_picture_is_seen_by_whoever_sees_its_event_and_kept_by_no_one_between(
    app: Flask, session: Session, cast: Cast, shelf: Shelf, given: dict[str, Any], seen_by: set[str]
) -> None:
    row = event(session, lead=cast.oxford, **given)
    show(session, row, shelf)
    registration(session, to=opening(session, events=[row]), who=cast.alice)
    session.commit()
    address = addresses(session, row)[1]
    assert fetched(app.test_client(), address).status_code == 404
    for name in ("olga", "omar", "alice", "bob", "charlie"):
        client = app.test_client()
        client.set_cookie("programme_session", cookie_for(session, getattr(cast, name)))
        answer = fetched(client, address)
        assert answer.status_code == (200 if name in seen_by else 404), name
        if name in seen_by:
            assert answer.headers["Cache-Control"] == "private, no-cache"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_calendars_are_told_of_a_public_picture_and_of_another_at_once(
    client: FlaskClient, session: Session, talk: Event, shelf: Shelf
) -> None:
    _, small = addresses(session, talk)
    ics = f"/events/{slug(talk.title, talk.id)}.ics"
    line = "IMAGE;VALUE=URI;DISPLAY=BADGE;FMTTYPE=image/jpeg:http://localhost"
    for address in ("/calendar.ics", ics):
        assert images(client, address) == [f"{line}{small}"]
    before = client.get("/calendar.ics")
    assert client.get("/calendar.ics").data == before.data
    show(session, talk, shelf, shade=80)
    session.commit()
    _, other = addresses(session, talk)
    after = client.get("/calendar.ics", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert images(client, "/calendar.ics") == [f"{line}{other}"]
    (entry,) = icalendar.Calendar.from_ical(after.data).walk("VEVENT")
    assert entry["SEQUENCE"] == talk.sequence, "a picture is no news of time or state"
    actions.remove(session, talk.id, actor=NOBODY, now=LONG_AGO)
    session.commit()
    assert images(client, "/calendar.ics") == []


def test_no_calendar_is_told_where_the_picture_of_a_members_event_is(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, talk: Event
) -> None:
    talk.visibility = Visibility.MEMBERS
    session.commit()
    assert images(client, "/calendar.ics") == []
    row = registration(session, to=opening(session, events=[talk]), who=cast.bob)
    session.commit()
    token = app.extensions["links"].token(row)
    own = client.get(f"/registrations/{token}/calendar.ics")
    assert b"BEGIN:VEVENT" in own.data
    assert b"IMAGE" not in own.data
    talk.visibility = Visibility.PUBLIC
    session.commit()
    assert client.get(f"/registrations/{token}/calendar.ics").data.count(b"IMAGE;") == 1


def test_engines_and_shared_links_are_told_of_it(
    client: FlaskClient, session: Session, cast: Cast, talk: Event
) -> None:
    large, _ = addresses(session, talk)
    shown = page(client, talk)
    data = json.loads(shown.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["image"] == f"http://localhost{large}"
    for name, value in (("image", f"http://localhost{large}"), ("image:alt", WORDS), ("image:width", 1_000)):
        assert f'<meta property="og:{name}" content="{value}">' in shown
    talk.visibility = Visibility.MEMBERS
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.bob))
    for_bob = page(client, talk)
    assert large in for_bob
    assert "og:" not in for_bob
    assert "ld+json" not in for_bob


def test_programs_are_told_of_it(client: FlaskClient, session: Session, cast: Cast, talk: Event) -> None:
    event(session, lead=cast.oxford, title="Without")
    session.commit()
    large, _ = addresses(session, talk)
    told = {row["id"]: row["picture"] for row in client.get("/events.json").json["events"]}  # type: ignore[index]
    picture = {"url": f"http://localhost{large}", "width": 1_000, "height": 600, "words": WORDS, "credit": ""}
    assert sorted(told.values(), key=bool) == [None, picture]


def test_a_page_that_was_kept_shows_another_picture_at_once(
    client: FlaskClient, session: Session, talk: Event, shelf: Shelf
) -> None:
    before = ADDRESS.findall(page(client, talk))
    show(session, talk, shelf, shade=80)
    session.commit()
    assert set(ADDRESS.findall(page(client, talk))).isdisjoint(before)
