"""A thousand events over both changes of the clock: strangers read from the feed what the database holds."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from programme.engines.calendar.models import Event, Venue
from programme.engines.calendar.states import EventState
from programme.people.states import Strand
from tests.conformance.rules import faults
from tests.conformance.strangers import STRANGERS, Occurrence
from tests.factories import things
from tests.factories.cast import LONG_AGO, assemble, cookie_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.bed.clock import Clock
    from tests.factories.cast import Cast

HOST = "programme.example.ac.uk"
COUNT = 1_000
TODAY = datetime(2026, 10, 20, 9, tzinfo=UTC)
FIRST = datetime(2026, 10, 21, tzinfo=UTC)
CHANGES = (datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC))
"""The mornings on which the clocks in London go back and forward."""
TYPED = (
    "Rust, on the Mersey; a \\ history",
    "Ōtautahi 中文 👩‍🔬 “quoted” & <b>bold</b>",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
    "tab\there\x07\x1b\u2028 and \ufeff",
    "é" * 90,
)
LINK = "https://meet.example.ac.uk/a room?x=1,2;3"


@pytest.fixture(autouse=True)
def standing(clock: Clock) -> None:
    """A day before the first of them."""
    clock.set(TODAY)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def plant(session: Session, cast: Cast, count: int, seed: int) -> None:
    """Add events of every state and shape, many of them on the nights when clocks change."""
    chance = random.Random(seed)
    venues = session.scalars(select(Venue.id)).all()
    events = [planted(chance, cast, venues) for _ in range(count)]
    for earlier, event in zip(events[::7], events[1::7], strict=False):
        event.part_of = earlier
    session.add_all(events)
    session.commit()


def planted(chance: random.Random, cast: Cast, venues: Sequence[int]) -> Event:
    """Return one event."""
    starts, all_day = moment(chance), chance.random() < 0.1
    lasts = timedelta(minutes=15 * chance.randrange(1, 12))
    if all_day:
        starts = datetime(starts.year, starts.month, starts.day, tzinfo=UTC)
        lasts = timedelta(days=chance.randrange(1, 4))
    state = chance.choice([*[EventState.PUBLISHED] * 8, EventState.CANCELLED, EventState.POSTPONED])
    typed = chance.choice(TYPED)
    return Event(
        title=typed[:120],
        summary=typed[:200],
        description="\n\n".join([typed, chance.choice(TYPED)]),
        strand=chance.choice(list(Strand)),
        state=state,
        date_is_known=state is not EventState.POSTPONED,
        starts_at=starts,
        ends_at=starts + lasts,
        all_day=all_day,
        venue_id=chance.choice([*venues, None]),
        room=chance.choice(["", "Room 4; upstairs, left"]),
        is_online=True,
        online_link=LINK,
        lead_organisation_id=chance.choice([cast.oxford.id, cast.liverpool.id]),
        sequence=chance.randrange(9),
        created_at=LONG_AGO,
        changed_at=LONG_AGO + timedelta(seconds=chance.randrange(10_000_000)),
        published_at=LONG_AGO,
    )


def moment(chance: random.Random) -> datetime:
    """Return a quarter of an hour: one in three of the nights when clocks change."""
    if chance.random() < 1 / 3:
        return chance.choice(CHANGES) + timedelta(minutes=15 * chance.randrange(-8, 20))
    return FIRST + timedelta(minutes=15 * chance.randrange(200 * 24 * 4))


def in_database(session: Session) -> dict[str, Occurrence]:
    """What the database holds, by UID."""
    session.expire_all()
    return {f"event-{row.id}@{HOST}": occurrence(row) for row in session.scalars(select(Event))}


def occurrence(row: Event) -> Occurrence:
    """When an event is: days for those of whole days."""
    starts: datetime | date = row.starts_at
    ends: datetime | date = row.ends_at
    if row.all_day:
        starts, ends = row.starts_at.date(), row.ends_at.date()
    return Occurrence(starts, ends, row.sequence, row.state is EventState.PUBLISHED)


def test_strangers_read_what_the_database_holds(client: FlaskClient, session: Session, cast: Cast) -> None:
    plant(session, cast, COUNT, seed=5)
    body = client.get("/calendar.ics").data
    assert faults(body) == []
    held = in_database(session)
    assert len(held) == COUNT
    assert {starts.date() for starts, *_ in held.values() if isinstance(starts, datetime)} >= {
        instant.date() for instant in CHANGES
    }
    for name, read in STRANGERS.items():
        assert read(body) == held, name


def test_every_other_feed_and_file_is_by_the_rules_too(client: FlaskClient, session: Session, cast: Cast) -> None:
    plant(session, cast, 60, seed=6)
    run = things.series(session, lead=cast.oxford)
    held = session.scalars(select(Event).order_by(Event.id)).all()
    for row in held[:9]:
        row.series_id = run.id
        things.registration(session, to=things.opening(session, events=[row]), who=cast.alice)
    session.commit()
    client.set_cookie("programme_session", cookie_for(session, cast.alice))
    own = client.post("/calendars/own").text.split("http://localhost/feeds/")[1].split("<")[0]
    client.delete_cookie("programme_session")
    feeds = ["?strand=exchange", "?university=oxford", "?q=Rust", f"/series/x-{run.id}.ics", f"/feeds/{own}"]
    files = [f"/events/x-{row.id}.ics" for row in held[::6]]
    everything = in_database(session)
    for address in [*(f"/calendar.ics{feed}" if feed[0] == "?" else feed for feed in feeds), *files]:
        answer = client.get(address, follow_redirects=True)
        assert faults(answer.data) == [], address
        readings = [read(answer.data) for read in STRANGERS.values()]
        assert readings[0], address
        assert all(reading == readings[0] for reading in readings), address
        if not address.startswith("/feeds/"):
            assert readings[0].items() <= everything.items(), address


def test_a_feed_without_events_is_read_as_a_calendar_without_events(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    session.commit()
    body = client.get("/calendar.ics").data
    assert faults(body) == []
    assert [read(body) for read in STRANGERS.values()] == [{}, {}]
