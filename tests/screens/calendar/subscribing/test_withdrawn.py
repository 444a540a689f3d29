"""Events that vanish from public view: calendars that held them say so, and nothing else of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.models import Contribution, Venue
from programme.engines.calendar.states import EventState, Visibility
from programme.engines.registration.states import RegistrationState
from programme.flows import scheduling
from programme.people.identity import actor_of
from programme.people.states import Strand
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import event, opening, registration, series
from tests.screens.calendar.subscribing.test_feeds import own_address

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Plan
    from programme.engines.calendar.models import Event
    from tests.bed.clock import Clock

BARE = {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"}
SAID = "Cancelled: An event that was withdrawn"


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def talk(session: Session, cast: Cast) -> Event:
    """A published talk of which everything is known."""
    row = event(
        session, lead=cast.oxford, title="Vaccines", summary="For all", online_link="https://x.example/", sequence=4
    )
    row.venue = session.query(Venue).filter_by(code="OXF-SBS").one()
    row.series = series(session, lead=cast.oxford)
    row.contributions = [Contribution(name="Robin Rowanfield")]
    session.commit()
    return row


@pytest.fixture
def organise(session: Session, cast: Cast, clock: Clock) -> Any:
    """Do a verb of scheduling as Omar, and commit."""

    def done(verb: str, row: Event, *given: Any, **known: Any) -> None:
        getattr(scheduling, verb)(session, row.id, *given, actor=actor_of(cast.omar), now=clock.now, **known)
        session.commit()

    return done


def entry(client: FlaskClient, address: str = "/calendar.ics") -> Any:
    """The only entry of a calendar; None where it has none."""
    found = icalendar.Calendar.from_ical(client.get(address).data).walk("VEVENT")
    assert len(found) <= 1
    return found[0] if found else None


def later(row: Event) -> Plan:
    """The plan of an event, three days later."""
    days = timedelta(days=3)
    return replace(plan_of(row), starts_at=row.starts_at + days, ends_at=row.ends_at + days)


def test_withdrawn_event_stays_as_a_bare_cancelled_entry(client: FlaskClient, talk: Event, organise: Any) -> None:
    uid = entry(client)["UID"]
    organise("unpublish", talk)
    gone = entry(client)
    assert set(gone) == BARE
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"], gone["SUMMARY"]) == (uid, 5, "CANCELLED", SAID)
    assert (gone["DTSTART"].dt, gone["DTEND"].dt) == (talk.starts_at, talk.ends_at)
    assert client.get(f"/events/vaccines-{talk.id}").status_code == 404


def test_what_becomes_of_the_draft_stays_private(client: FlaskClient, talk: Event, organise: Any) -> None:
    starts = talk.starts_at
    organise("unpublish", talk)
    before = client.get("/calendar.ics").data
    details = replace(details_of(talk), title="A secret", description="Unheard of", strand=Strand.COHORTS)
    organise("edit", talk, details, plan=later(talk))
    assert client.get("/calendar.ics").data == before
    assert entry(client, "/calendar.ics?q=unheard") is None
    assert entry(client, "/calendar.ics?strand=cohorts") is None
    assert entry(client, "/calendar.ics?strand=exchange")["DTSTART"].dt == starts


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("strand=exchange", True),
        ("strand=placements", False),
        ("university=oxford", True),
        ("university=liverpool", False),
        ("q=vaccines+for+all", True),
        ("q=corridor", True),
        ("q=pitch", False),
        ("at=OXF", True),
        ("at=online", False),
        ("who=everyone", True),
        ("who=invited", False),
        ("focus=vaccines", False),
        ("from=2027-02-16&to=2027-02-16", True),
        ("from=2027-02-17", False),
        ("to=2027-02-15", False),
    ],
)
def test_only_feeds_that_held_it_say_that_it_is_gone(
    client: FlaskClient, talk: Event, organise: Any, query: str, *, is_there: bool
) -> None:
    held = entry(client, f"/calendar.ics?{query}") is not None
    organise("unpublish", talk)
    gone = entry(client, f"/calendar.ics?{query}")
    assert held is is_there
    assert (gone is not None) is is_there


def test_series_and_single_event_say_it_too_at_any_title(client: FlaskClient, talk: Event, organise: Any) -> None:
    feed = f"/series/corridor-colloquium-{talk.series_id}.ics"
    organise("unpublish", talk)
    assert entry(client, feed)["SUMMARY"] == SAID
    for title in ("vaccines", "whatever"):
        answer = client.get(f"/events/{title}-{talk.id}.ics")
        assert answer.status_code == 200
        assert "Content-Disposition" not in answer.headers
        again = client.get(f"/events/{title}-{talk.id}.ics", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_published_again_it_comes_back_with_a_higher_sequence(client: FlaskClient, talk: Event, organise: Any) -> None:
    organise("unpublish", talk)
    gone = entry(client)
    organise("publish", talk)
    back = entry(client)
    assert (back["UID"], back["STATUS"], back["SUMMARY"]) == (gone["UID"], "CONFIRMED", "Vaccines")
    assert back["SEQUENCE"] > gone["SEQUENCE"]


def test_cancelled_as_a_draft_it_is_cancelled_in_full(client: FlaskClient, talk: Event, organise: Any) -> None:
    organise("unpublish", talk)
    gone = entry(client)
    organise("cancel", talk)
    assert entry(client)["SUMMARY"] == "Cancelled: Vaccines"
    assert entry(client)["SEQUENCE"] > gone["SEQUENCE"]


@pytest.mark.parametrize("narrower", [Visibility.MEMBERS, Visibility.HIDDEN])
def test_narrowed_event_leaves_public_calendars_and_comes_back(
    client: FlaskClient, talk: Event, organise: Any, narrower: Visibility
) -> None:
    details = details_of(talk)
    organise("edit", talk, replace(details, visibility=narrower))
    gone = entry(client)
    assert set(gone) == BARE
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", 5)
    organise("move", talk, replace(plan_of(talk), room="Secret room"))
    assert entry(client) == gone
    organise("edit", talk, details)
    back = entry(client)
    assert back["STATUS"] == "CONFIRMED"
    assert back["SEQUENCE"] > gone["SEQUENCE"]


def test_it_is_gone_thirty_days_after_its_end_and_the_feed_says_so(
    client: FlaskClient, session: Session, cast: Cast, talk: Event, organise: Any, clock: Clock
) -> None:
    event(session, lead=cast.oxford, title="Later", starts_at=talk.starts_at + timedelta(days=60))
    organise("unpublish", talk)
    clock.set(talk.ends_at + timedelta(days=29))
    first = client.get("/calendar.ics")
    assert first.data.count(b"BEGIN:VEVENT") == 2
    clock.set(talk.ends_at + timedelta(days=30, seconds=1))
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    asked = {**since, "If-None-Match": first.headers["ETag"]}
    for headers in (asked, since):
        answer = client.get("/calendar.ics", headers=headers)
        assert answer.status_code == 200
        assert answer.data.count(b"BEGIN:VEVENT") == 1
    assert client.get(f"/events/vaccines-{talk.id}.ics").status_code == 404


def test_draft_that_never_was_public_is_told_to_nobody(client: FlaskClient, session: Session, cast: Cast) -> None:
    draft = event(session, lead=cast.oxford, state=EventState.DRAFT, published_at=None)
    session.commit()
    assert entry(client) is None
    assert client.get(f"/events/quantum-sensing-for-chemists-{draft.id}.ics").status_code == 404


def test_hidden_event_that_is_withdrawn_leaves_public_calendars_alone(
    client: FlaskClient, session: Session, cast: Cast, organise: Any
) -> None:
    row = event(session, lead=cast.oxford, visibility=Visibility.HIDDEN)
    session.commit()
    organise("unpublish", row)
    assert entry(client) is None
    assert client.get(f"/events/quantum-sensing-for-chemists-{row.id}.ics").status_code == 404


def test_own_calendar_says_it_without_what_the_draft_became(
    client: FlaskClient, session: Session, cast: Cast, talk: Event, organise: Any
) -> None:
    to = opening(session, events=[talk])
    registration(session, to=to, who=cast.alice, state=RegistrationState.CANCELLED, confirmed_at=LONG_AGO)
    session.commit()
    token, starts = own_address(client, session, cast.alice), talk.starts_at
    organise("unpublish", talk)
    organise("edit", talk, details_of(talk), plan=later(talk))
    found = entry(client, f"/feeds/{token}.ics")
    assert set(found) == BARE
    assert (found["SUMMARY"], found["DTSTART"].dt) == (SAID, starts)
