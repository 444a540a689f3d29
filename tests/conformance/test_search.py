"""What search engines are told of events, series and lists, judged by the rules of schema.org's documentation."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.core.clock import now
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.schema_org import Offer, Party, Place, PublicEvent, PublicStatus, event_data
from programme.engines.calendar.states import EventState
from programme.flows import scheduling
from programme.people.permissions import NOBODY
from tests.conformance.search import ROOT, faults
from tests.factories.cast import Cast, assemble, cookie_for
from tests.factories.things import SOON, event, opening, series

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def told(client: FlaskClient, path: str) -> dict[str, Any]:
    """What a page tells search engines, which must have no fault."""
    page = client.get(path, follow_redirects=True).text
    (found,) = [one.partition("</script>")[0] for one in page.split('<script type="application/ld+json">')[1:]]
    data: dict[str, Any] = json.loads(found)
    assert faults(data) == []
    return data


def moved(session: Session, row: Event, by: timedelta) -> None:
    """Move an event as an organiser does."""
    plan = plan_of(row)
    scheduling.move(
        session,
        row.id,
        replace(plan, starts_at=plan.starts_at + by, ends_at=plan.ends_at + by),
        actor=NOBODY,
        now=now(),
    )


def test_a_moved_event_says_from_when_and_never_from_its_present_start(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = event(session, lead=cast.oxford)
    opening(session, events=[row])
    session.commit()
    assert told(client, f"/events/x-{row.id}")["eventStatus"] == f"{ROOT}/EventScheduled"
    moved(session, row, DAY)
    session.commit()
    found = told(client, f"/events/x-{row.id}")
    assert found["eventStatus"] == f"{ROOT}/EventRescheduled"
    assert (found["startDate"], found["previousStartDate"]) == (
        "2027-02-17T14:00:00+00:00",
        "2027-02-16T14:00:00+00:00",
    )
    assert found["offers"][0]["price"] == "0.00"
    moved(session, row, DAY)
    session.commit()
    assert told(client, f"/events/x-{row.id}")["previousStartDate"] == [
        "2027-02-16T14:00:00+00:00",
        "2027-02-17T14:00:00+00:00",
    ]
    moved(session, row, -DAY)
    moved(session, row, -DAY)
    session.commit()
    back = told(client, f"/events/x-{row.id}")
    assert back["startDate"] not in back.get("previousStartDate", [])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda session, row: scheduling.cancel(session, row.id, actor=NOBODY, now=now()), "EventCancelled"),
        (lambda session, row: scheduling.postpone(session, row.id, None, actor=NOBODY, now=now()), "EventPostponed"),
    ],
)
def test_what_does_not_take_place_offers_no_places(
    client: FlaskClient, session: Session, cast: Cast, change: Callable[[Session, Event], object], status: str
) -> None:
    row = event(session, lead=cast.oxford)
    opening(session, events=[row])
    session.commit()
    change(session, row)
    session.commit()
    found = told(client, f"/events/x-{row.id}")
    assert found["eventStatus"] == f"{ROOT}/{status}"
    assert found["startDate"] == "2027-02-16T14:00:00+00:00"
    assert "offers" not in found


def test_an_event_names_its_series_and_the_series_its_dates(client: FlaskClient, session: Session, cast: Cast) -> None:
    run = series(session, lead=cast.oxford, description="Talks & <tea>.")
    row = event(session, lead=cast.oxford, series_id=run.id, is_online=True)
    event(session, lead=cast.oxford, series_id=run.id, starts_at=SOON + 7 * DAY)
    session.commit()
    found = told(client, f"/events/x-{row.id}")
    assert found["eventAttendanceMode"] == f"{ROOT}/OnlineEventAttendanceMode"
    assert (found["superEvent"]["@type"], found["superEvent"]["name"]) == ("EventSeries", "Corridor colloquium")
    of_series = told(client, f"/series/x-{run.id}")
    assert of_series["@type"] == "EventSeries"
    assert found["superEvent"]["url"] == of_series["url"]
    assert (of_series["startDate"][:10], of_series["endDate"][:10]) == ("2027-02-16", "2027-02-23")


def test_a_list_gives_the_addresses_of_its_events_and_goes_on_counting(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    for number in range(60):
        event(session, lead=cast.oxford, title=f"Talk {number}", starts_at=SOON + number * DAY)
    session.commit()
    first, second = told(client, "/events"), told(client, "/events?page=2")
    assert (first["numberOfItems"], len(first["itemListElement"]), len(second["itemListElement"])) == (60, 50, 10)
    assert second["itemListElement"][0]["position"] == 51
    address = second["itemListElement"][0]["url"]
    assert client.get(address.partition("/events/")[1] + address.partition("/events/")[2]).status_code == 200
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    session.commit()
    assert "ld+json" not in client.get("/events").text


def test_a_draft_is_told_to_nobody(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = event(session, lead=cast.oxford, state=EventState.DRAFT, published_at=None)
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    session.commit()
    page = client.get(f"/events/x-{row.id}", follow_redirects=True).text
    assert "Draft" in page
    assert "ld+json" not in page


instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001  made aware at once
words = st.text(min_size=1, max_size=30)
addresses = st.sampled_from(["https://x.example/1", "https://x.example/2?a=b&c"])
places = st.builds(Place, name=words, address=st.text(max_size=30), latitude=st.floats(-90, 90), longitude=st.just(0.5))
offers = st.builds(
    Offer,
    price=st.none() | st.decimals(0, 1000, places=2),
    url=addresses,
    is_available=st.sampled_from([True, False, None]),
)


@st.composite
def public_events(draw: st.DrawFn) -> PublicEvent:
    """Events as pages build them: former starts only of what was moved, offers only of what takes place."""
    starts, status = draw(instants), draw(st.sampled_from(PublicStatus))
    former = draw(st.lists(instants.filter(lambda start: start != starts), min_size=1, max_size=3, unique=True))
    is_on = status in {PublicStatus.SCHEDULED, PublicStatus.RESCHEDULED}
    return PublicEvent(
        name=draw(words),
        url=draw(addresses),
        starts=starts,
        ends=starts + timedelta(minutes=draw(st.integers(0, 9000))),
        status=status,
        moved_from=tuple(former) if status is PublicStatus.RESCHEDULED else (),
        description=draw(st.text(max_size=40)),
        place=draw(st.none() | places),
        online_url=draw(st.none() | addresses),
        offers=tuple(draw(st.lists(offers, max_size=2))) if is_on else (),
        organisers=(Party(name=draw(words)),),
        performers=tuple(draw(st.lists(st.builds(Party, name=words), max_size=2))),
        series=draw(st.none() | st.builds(Party, name=words, url=addresses)),
    )


@pytest.mark.one_database
@given(public_events())
def test_no_event_breaks_a_rule(public: PublicEvent) -> None:
    data = event_data(public)
    assert faults(json.loads(json.dumps(data))) == []


GOOD = event_data(
    PublicEvent(
        name="A talk",
        url="https://x.example/1",
        starts=datetime(2027, 2, 16, 14, tzinfo=UTC),
        ends=datetime(2027, 2, 16, 15, tzinfo=UTC),
        place=Place(name="A hall"),
        offers=(Offer(price=Decimal(0), url="https://x.example/2"),),
        organisers=(Party(name="Oxford"),),
    )
)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "broken",
    [
        {"@context": "http://example.org"},
        {"@type": "Party"},
        {"startDate": "2027-02-16T14:00:00"},
        {"endDate": "2027-02-15T14:00:00+00:00"},
        {"eventStatus": "EventMoved"},
        {"eventStatus": f"{ROOT}/EventRescheduled"},
        {"eventStatus": f"{ROOT}/EventCancelled"},
        {"previousStartDate": "2027-02-15T14:00:00+00:00"},
        {"eventAttendanceMode": f"{ROOT}/OnlineEventAttendanceMode"},
        {"location": {"@type": "Hall", "name": "A hall"}},
        {"offers": [{"@type": "Offer", "url": "https://x.example/2", "price": "free"}]},
        {"isAccessibleForFree": False},
        {"url": "/events/1"},
        {"colour": "red"},
        {"name": ""},
    ],
)
def test_the_rules_find_what_is_wrong(broken: dict[str, Any]) -> None:
    assert faults(deepcopy(dict(GOOD))) == []
    assert faults({**GOOD, **broken}) != []


@pytest.mark.one_database
def test_whole_days_are_days() -> None:
    told_as_days = {**GOOD, "startDate": date(2027, 2, 16).isoformat(), "endDate": "2027-02-17"}
    assert faults(told_as_days) == []
