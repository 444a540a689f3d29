"""Calendars of one's own: one for each purpose, what each holds, and that what one may see is asked each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from sqlalchemy import delete

from programme.app import create_app
from programme.core import logs
from programme.core.clock import now
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.plans import changes
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.models import PersonalFeed
from programme.engines.calendar.states import FeedPurpose, Visibility
from programme.engines.registration.states import Eligibility, RegistrationState
from programme.extensions import db
from programme.people.groups.models import Group, GroupMember
from programme.people.models import Affiliation
from programme.people.permissions import NOBODY
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import event, opening, registration

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from programme.config import Settings

pytestmark = pytest.mark.usefixtures("clock")
LINK = "https://meet.example.ac.uk/secret-room"
SECRET = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def made(client: FlaskClient, session: Session, who: Any, purpose: FeedPurpose, alarm: str = "") -> str:
    """Make an address through the page, and return its path."""
    client.set_cookie("programme_session", cookie_for(session, who))
    shown = client.post("/calendars/own", data={"purpose": purpose.value, "alarm": alarm}).text
    client.delete_cookie("programme_session")
    return "/feeds/" + shown.split("http://localhost/feeds/")[1].split("<")[0]


def told(answer: TestResponse) -> dict[str, Any]:
    """The entries of a calendar, by title."""
    assert answer.status_code == 200
    return {str(entry["SUMMARY"]): entry for entry in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}


def test_everything_i_may_see_follows_what_one_is(client: FlaskClient, session: Session, cast: Cast) -> None:
    event(session, lead=cast.oxford, title="Public")
    event(session, lead=cast.oxford, title="Hidden", visibility=Visibility.HIDDEN)
    event(session, lead=cast.liverpool, title="Liverpool only", visibility=Visibility.MEMBERS)
    event(session, lead=cast.oxford, title="Oxford only", visibility=Visibility.MEMBERS)
    held = event(session, lead=cast.oxford, title="Held", online_link=LINK, is_online=True)
    back = event(session, lead=cast.oxford, title="Given back", online_link=LINK, is_online=True)
    registration(session, to=opening(session, events=[held]), who=cast.alice)
    gone: dict[str, Any] = {"state": RegistrationState.CANCELLED, "confirmed_at": now(), "ended_at": now()}
    given_back = registration(session, to=opening(session, events=[back]), who=cast.alice, **gone)
    given_back.seats[0].revision = 4
    session.commit()
    path = made(client, session, cast.alice, FeedPurpose.SEEN)
    answer = client.get(path)
    found = told(answer)
    assert set(found) == {"Public", "Liverpool only", "Held", "Given back"}
    assert LINK in str(found["Held"]["DESCRIPTION"])
    assert found["Given back"]["STATUS"] == "CONFIRMED"
    assert found["Given back"]["SEQUENCE"] == 4
    assert LINK not in str(found["Given back"]["DESCRIPTION"])
    session.execute(delete(Affiliation).where(Affiliation.person_id == cast.alice.id))
    session.commit()
    assert "Liverpool only" not in told(client.get(path))
    changes.unpublish(session, session.get_one(type(held), back.id).id, actor=NOBODY, now=now())
    session.commit()
    assert told(client.get(path)).keys() == {"Public", "Held", "Cancelled: An event that was withdrawn"}


def test_what_is_for_members_alone_now_stands_once_in_the_calendar_of_a_member(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.liverpool, title="For all")
    session.commit()
    theirs, others = (made(client, session, who, FeedPurpose.SEEN) for who in (cast.alice, cast.bob))
    inward = replace(details_of(row), title="For members", visibility=Visibility.MEMBERS)
    events.edit(session, row.id, inward, actor=NOBODY, now=now())
    session.commit()
    entries = icalendar.Calendar.from_ical(client.get(theirs).data).walk("VEVENT")
    assert [(str(entry["SUMMARY"]), entry["STATUS"]) for entry in entries] == [("For members", "CONFIRMED")]
    assert told(client.get(others)).keys() == {"Cancelled: An event that was withdrawn"}


def test_my_groups_holds_what_is_open_to_them_as_far_as_one_may_see_it(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cohort = Group(title="Cohort of 2026", organisation_id=cast.oxford.id, created_at=now())
    cohort.members = [GroupMember(person_id=cast.alice.id, added_at=now())]
    other = Group(title="Others", organisation_id=cast.oxford.id, created_at=now())
    session.add_all([cohort, other])
    session.flush()
    for title, group, visibility in (
        ("For the cohort", cohort, Visibility.PUBLIC),
        ("Hidden from lists", cohort, Visibility.HIDDEN),
        ("For Oxford’s members", cohort, Visibility.MEMBERS),
        ("For others", other, Visibility.PUBLIC),
    ):
        row = event(session, lead=cast.oxford, title=title, visibility=visibility, online_link=LINK, is_online=True)
        opening(session, events=[row], eligibility=Eligibility.GROUP, eligible_group_id=group.id)
    elsewhere = event(session, lead=cast.oxford, title="Held elsewhere")
    registration(session, to=opening(session, events=[elsewhere]), who=cast.alice)
    session.commit()
    path = made(client, session, cast.alice, FeedPurpose.GROUPS)
    found = told(client.get(path))
    assert set(found) == {"For the cohort"}
    assert LINK not in str(found["For the cohort"]["DESCRIPTION"])
    session.execute(delete(GroupMember))
    session.commit()
    assert told(client.get(path)) == {}


def test_one_address_a_purpose_each_ends_by_itself(client: FlaskClient, session: Session, cast: Cast) -> None:
    paths = {purpose: made(client, session, cast.alice, purpose) for purpose in FeedPurpose}
    again = made(client, session, cast.alice, FeedPurpose.SEEN)
    assert [client.get(paths[purpose]).status_code for purpose in FeedPurpose] == [200, 410, 200]
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    assert client.post("/calendars/own/end", data={"purpose": FeedPurpose.GROUPS.value}).status_code == 303
    page = client.get("/calendars").text
    assert page.count("End it") == 2
    assert page.count("last used") == 1
    assert client.get(paths[FeedPurpose.GROUPS]).status_code == 410
    assert client.get(again).status_code == 200
    assert client.get(paths[FeedPurpose.PLACES]).status_code == 200
    assert client.post("/calendars/own", data={"purpose": "nonsense"}).status_code == 400


def test_answers_to_secret_addresses_are_nobody_else_s_to_keep(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    old = made(client, session, cast.alice, FeedPurpose.PLACES)
    new = made(client, session, cast.alice, FeedPurpose.PLACES)
    for path, status in ((new, 200), (old, 410), ("/feeds/nobody-ever-had-this.ics", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in SECRET} == SECRET
        assert "Set-Cookie" not in answer.headers
        assert path.removeprefix("/feeds/").removesuffix(".ics") not in answer.text
        assert "VALARM" not in answer.text


def test_alarm_is_the_owner_s_choice_and_no_cancelled_event_has_one(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford, title="Held")
    off = event(session, lead=cast.oxford, title="Off", starts_at=now() + timedelta(days=3))
    for one in (row, off):
        registration(session, to=opening(session, events=[one]), who=cast.alice)
    event(session, lead=cast.oxford, title="Not held")
    session.commit()
    changes.cancel(session, off.id, actor=NOBODY, now=now())
    session.commit()
    path = made(client, session, cast.alice, FeedPurpose.SEEN, alarm="60")
    found = told(client.get(path))
    for title in ("Held", "Not held"):
        (alarm,) = found[title].walk("VALARM")
        assert alarm["TRIGGER"].dt == timedelta(hours=-1)
        assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", "Reminder")
    assert found["Cancelled: Off"].walk("VALARM") == []
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    asked = {"purpose": FeedPurpose.SEEN.value, "alarm": ""}
    assert client.post("/calendars/own/alarm", data=asked).status_code == 303
    assert b"VALARM" not in client.get(path).data
    assert client.post("/calendars/own/alarm", data=asked | {"alarm": "17"}).status_code == 400
    never = {"purpose": FeedPurpose.GROUPS.value, "alarm": "15"}
    assert "make one first" in client.post("/calendars/own/alarm", data=never, follow_redirects=True).text
    session.expire_all()
    assert [feed.alarm_minutes for feed in session.query(PersonalFeed)] == [None]
    assert b"VALARM" not in client.get("/calendar.ics").data


def test_no_line_of_the_log_holds_the_secret_of_an_address(
    client: FlaskClient, settings: Settings, session: Session, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    path = made(client, session, cast.alice, FeedPurpose.PLACES)
    written = create_app(replace(settings, testing=False))
    try:
        for asked in (path, path, f"{path}?more=1", "/calendar.ics", "/calendar.ics"):
            assert written.test_client().get(asked).status_code == 200
        said = capfd.readouterr().err
    finally:
        logs.configure(quiet=True)
        with written.app_context():
            db.engine.dispose()
    assert said.count("/feeds/<token>.ics") == 3
    assert "a kept feed" in said
    assert path.removeprefix("/feeds/").removesuffix(".ics") not in said


def test_own_calendars_have_a_page_of_their_own_and_show_what_there_is_to_whoever_signs_in_later(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    page = client.get("/calendars").text
    assert "Sign in to make one" in page
    assert all(f"<dt>{name}" in page for name in ("My programme", "Everything I may see", "My groups"))
    assert 'href="/subscribe"' in page, "what is open to everybody is elsewhere"
    assert "calendar.ics" not in page
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    first, second = (client.post("/calendars/own").text for _ in range(2))
    assert "has ended" not in first
    assert "The one you had for this before has ended." in second
    assert second.count("Add to Google Calendar") == 1
    assert "Add to Outlook of your university or firm" in second
