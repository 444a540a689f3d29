"""What organisers press, as calendars that follow the public feed read it afterwards, over HTTP on both sides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Contribution, Event
from programme.engines.calendar.states import EventState
from programme.engines.registration.states import Eligibility
from programme.people.groups.models import Group
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.conformance.rules import faults
from tests.conformance.strangers import STRANGERS
from tests.factories.cast import Cast
from tests.factories.things import SOON, event, opening

FEED = "/calendar.ics"
DAY = timedelta(days=1)


class Follower:
    """A calendar that follows the feed: it knows the tag it had last, and reads what is sent."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.tag = ""

    def looks(self) -> list[Any]:
        """Ask again; nothing where nothing changed."""
        answer = self.client.get(FEED, headers={"If-None-Match": self.tag} if self.tag else {})
        if answer.status_code == 304:
            return []
        assert answer.status_code == 200
        self.tag = answer.headers["ETag"]
        assert faults(answer.data) == []
        readings = [read(answer.data) for read in STRANGERS.values()]
        assert readings == [readings[0]] * len(STRANGERS)
        return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def press(olga: FlaskClient, session: Session, row: Event, noun: str, **typed: str) -> None:
    """Press a button of an event, as its page was read a moment ago."""
    session.rollback()
    session.refresh(row)
    number, sent = row.id, {**typed, "version": str(row.version)}
    session.rollback()
    assert olga.post(f"/organise/events/{number}/{noun}", data=sent).status_code == 303


def told(entry: Any) -> tuple[str, str, datetime]:
    """What people see of an entry."""
    return str(entry["SUMMARY"]), str(entry["STATUS"]), entry["DTSTART"].dt.astimezone(UTC)


def test_cancelled_stays_to_be_seen_and_goes_thirty_days_after_its_end(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    row, follower, ends = event(session, lead=cast.liverpool, title="Moss"), Follower(app), SOON + timedelta(hours=1)
    session.commit()
    (before,) = follower.looks()
    assert follower.looks() == []
    press(olga, session, row, "cancellation", reason="Nobody can come.")
    (after,) = follower.looks()
    assert told(after) == ("Cancelled: Moss", "CANCELLED", SOON)
    assert (str(after["UID"]), str(after["TRANSP"])) == (str(before["UID"]), "TRANSPARENT")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert "Nobody can come." in str(after["DESCRIPTION"])
    event(session, lead=cast.liverpool, title="Later", starts_at=SOON + 100 * DAY)
    session.commit()
    clock.set(ends + 29 * DAY)
    assert {str(entry["UID"]) for entry in follower.looks()} >= {str(before["UID"])}
    clock.set(ends + 31 * DAY)
    assert [told(entry)[0] for entry in follower.looks()] == ["Later"]


def test_postponed_comes_back_on_its_new_date_as_what_it_was(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast
) -> None:
    row, follower = event(session, lead=cast.liverpool, title="Moss"), Follower(app)
    session.commit()
    seen = follower.looks()
    press(olga, session, row, "postponement")
    seen += follower.looks()
    assert told(seen[-1]) == ("Postponed: Moss", "CANCELLED", SOON)
    date = {"has_date": "y", "starts-date": "2027-05-04", "starts-time": "10:00", "ends-time": "11:00"}
    press(olga, session, row, "reinstatement", **date)
    seen += follower.looks()
    assert told(seen[-1]) == ("Moss", "CONFIRMED", datetime(2027, 5, 4, 9, tzinfo=UTC))
    assert len({str(entry["UID"]) for entry in seen}) == 1
    numbers = [int(entry["SEQUENCE"]) for entry in seen]
    assert numbers == sorted(set(numbers))
    stamps = [entry["LAST-MODIFIED"].dt for entry in seen]
    assert stamps == sorted(stamps)


@pytest.mark.one_database
def test_a_list_with_warnings_asks_no_more_of_sixty_events_than_of_ten(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast
) -> None:
    group = Group(title="Cohort", organisation_id=cast.liverpool.id, created_at=SOON)
    session.add(group)
    session.flush()
    whole = event(session, lead=cast.liverpool, title="Day", state=EventState.PUBLISHED, ends_at=SOON + 9 * DAY)

    def grow(number: int) -> int:
        for index in range(number):
            at = {"starts_at": SOON + (index // 2) * timedelta(hours=2), "part_of_id": whole.id}
            row = event(session, lead=cast.liverpool, title=f"Talk {index}", **at)
            row.contributions = [Contribution(name="Ada Ash")]
            opening(session, events=[row], eligibility=Eligibility.GROUP, eligible_group_id=group.id)
        session.commit()
        with statements(app) as seen:
            page = olga.get("/organise/events").get_data(as_text=True)
        assert page.count("to think about") >= min(number, 10)
        return len(seen)

    assert grow(10) == grow(50)
