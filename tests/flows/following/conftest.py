"""A calendar elsewhere and ours that follows it, in one line each."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.calendar.models import Event
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.flows.following.carrying_out import take_in
from programme.flows.following.refreshing import reading_of
from programme.flows.following.values import Refreshed
from programme.people.permissions import Actor
from programme.people.states import Strand
from tests.factories.cast import Cast, assemble

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
OMAR = Actor(person_id=None, name="Omar Otterbrook")
URL = "https://talks.example.ac.uk/feed.ics"

Follow = Callable[..., Refreshed]


def talk(uid: str = "moss", title: str = "On moss", start: str = "20270202T130000Z", *more: str) -> str:
    """Return one event of a calendar, an hour long."""
    given = [f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART:{start}", "DURATION:PT1H", *more]
    place = [] if any(line.startswith("LOCATION") for line in more) else ["LOCATION:Room 1"]
    return "\r\n".join(["BEGIN:VEVENT", *given, *place, "END:VEVENT", ""])


def calendar(*talks: str) -> bytes:
    """Return a calendar."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//", *talks, "END:VCALENDAR", ""]).encode()


def address_of(session: Session, cast: Cast, **given: object) -> SubscribedAddress:
    """Follow a calendar for Oxford's knowledge exchange, or as told."""
    values = {
        "url": URL,
        "title": "Talks elsewhere",
        "organisation_id": cast.oxford.id,
        "strand": Strand.EXCHANGE,
        "state": AddressState.FOLLOWED,
        "publishes": True,
        "made_at": NOW,
        "next_at": NOW,
        **given,
    }
    row = SubscribedAddress(**values)
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast."""
    return assemble(session)


@pytest.fixture
def address(session: Session, cast: Cast) -> SubscribedAddress:
    """An address that is followed."""
    return address_of(session, cast)


@pytest.fixture
def follow(session: Session, address: SubscribedAddress) -> Follow:
    """Let the events of the address follow what it says now, and commit."""

    def followed(*talks: str, of: SubscribedAddress | None = None, now: datetime = NOW) -> Refreshed:
        session.rollback()
        begin_writing(session)
        row = session.get_one(SubscribedAddress, (of or address).id)
        done = take_in(session, row, reading_of(calendar(*talks), around=now.date()), actor=OMAR, now=now)
        session.commit()
        session.expire_all()
        return done

    return followed


def only_event(session: Session) -> Event:
    """Return the one event there is."""
    return session.scalars(select(Event)).one()


def only_entry(session: Session) -> FollowedEvent:
    """Return the one event that is followed."""
    return session.scalars(select(FollowedEvent)).one()
