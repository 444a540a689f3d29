"""A calendar that is followed, with something of everything that its organisers decide."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.core.fetching.client import Marks
from programme.demo import people
from programme.engines.calendar.models import Event
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState, Upstream
from programme.flows.following.carrying_out import take_in
from programme.flows.following.refreshing import reading_of, succeeded
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.people.states import Strand


def examples(session: Session) -> dict[str, str]:
    """Follow an invented calendar for Liverpool: one of its events was changed on both sides, one vanished there."""
    now = clock.now()
    organiser = session.scalars(select(Person).where(Person.address == people.LIVERPOOL_ORGANISER.address)).one()
    lead = session.scalars(select(Organisation.id).where(Organisation.slug == "liverpool")).one()
    row = SubscribedAddress(
        url="https://talks.example.ac.uk/feeds/a-long-name-of-a-department-of-invented-sciences/all.ics",
        title="Talks of Invented Sciences",
        organisation_id=lead,
        strand=Strand.EXCHANGE,
        person_id=organiser.id,
        state=AddressState.FOLLOWED,
        made_at=now,
        next_at=now + timedelta(days=9),
        tried_at=now,
    )
    session.add(row)
    session.flush()
    day = f"{now + timedelta(days=20):%Y%m%d}"
    talks = [
        f"BEGIN:VEVENT\r\nUID:{number}@talks\r\nSUMMARY:{title}\r\nDTSTART:{day}T130000Z\r\n"
        "DURATION:PT1H\r\nEND:VEVENT\r\n"
        for number, title in enumerate(("On moss", "On ferns", "On oaks"))
    ]
    calendar = "".join(["BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", *talks, "END:VCALENDAR\r\n"]).encode()
    done = take_in(session, row, reading_of(calendar, around=now.date()), actor=actor_of(organiser), now=now)
    succeeded(row, done, Marks(), now=now)
    row.trouble, row.failures = "The server knows of no calendar at this address (404).", 2
    both, gone, _ = session.scalars(
        select(FollowedEvent).where(FollowedEvent.address_id == row.id).order_by(FollowedEvent.id)
    )
    session.get_one(Event, both.event_id).title = "Moss, and why it matters"
    both.conflicts = ["title"]
    gone.upstream, gone.vanished_at = Upstream.ASKED, now
    session.flush()
    return {"address_id": str(row.id)}
