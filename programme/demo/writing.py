"""Demonstration: organisers keep a group, tag people, and write to many; some people ask for news."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.demo import people
from programme.engines.mail.ports import Purpose
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.written import broadcasts
from programme.engines.mail.written.broadcasts import Details
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.roll import tags
from programme.engines.registration.states import HOLDING
from programme.flows.broadcasting import sending
from programme.people.affiliations import address_key, person_of
from programme.people.groups import actions as groups
from programme.people.groups.actions import Newcomer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from programme.engines.mail.written.models import Broadcast
    from programme.people.models import Organisation
    from programme.people.permissions import Actor

LATELY, YESTERDAY = timedelta(days=3), timedelta(hours=20)
BRING = """The day begins at 10:00 in the foyer; coffee is there from 09:30.

- Bring a card with your photograph for the gate.
- Bring a notebook: there are no computers in the halls.

The way from the station is at https://example.ac.uk/map"""
AUTUMN = """The talks of next term are announced. Each has thirty places; registration opens a fortnight before.

See them all at https://example.ac.uk/talks"""
THANKS = "Thank you for your time on Monday. The notes are with your office; write to us if something is missing."


def write(session: Session, *, organisation: Organisation, actor: Actor, now: datetime) -> None:
    """Let the organisers of one university write to people."""
    for somebody in (*people.RESEARCHERS[:6], *people.PUBLIC[:2]):
        ask_for_news(session, somebody.address, now=now - LATELY)
    group = groups.make(
        session, "Steering group", organisation_id=organisation.id, strand=None, actor=actor, now=now - LATELY
    )
    members = [Newcomer(one.address, one.name) for one in people.RESEARCHERS[:5]]
    groups.add(session, group, members, actor=actor, now=now - LATELY)
    opening = first_opening(session, organisation)
    tag_some(session, opening, actor=actor, now=now)
    registered = {"kind": "registered", "opening": opening.id, "states": ["confirmed", "offered"]}
    sent = draft(session, "What to bring on the day", BRING, registered, organisation, actor, now=now - YESTERDAY)
    send(session, sent, actor=actor, now=now - YESTERDAY)
    waits = draft(
        session, "Notes of the meeting", THANKS, {"kind": "group", "group": group.id}, organisation, actor, now=now
    )
    send(session, waits, actor=actor, now=now, at=now + timedelta(days=1))
    draft(session, "Talks of next term", AUTUMN, {"kind": "news"}, organisation, actor, now=now)


def ask_for_news(session: Session, address: str, *, now: datetime) -> None:
    """Let somebody ask for news on their account's page."""
    person = person_of(session, key=address_key(address))
    if person is not None:
        choose(session, person.id, Wishes(wants_news=True), now=now)


def first_opening(session: Session, organisation: Organisation) -> Opening:
    """Return an opening of the organisation with people on its roll."""
    statement = (
        select(Opening)
        .join(Registration, Registration.opening_id == Opening.id)
        .where(Opening.lead_organisation_id == organisation.id, Registration.state.in_(HOLDING))
        .order_by(Opening.id)
        .limit(1)
    )
    return session.scalars(statement).one()


def tag_some(session: Session, opening: Opening, *, actor: Actor, now: datetime) -> None:
    """Put words on some of a roll."""
    ids = session.scalars(select(Registration.id).where(Registration.opening_id == opening.id)).all()
    tags.put(session, opening.id, ids[:2], "Speaker", actor=actor, now=now - LATELY)
    tags.put(session, opening.id, ids[1:4], "Needs a visa letter", actor=actor, now=now - LATELY)


def draft(
    session: Session,
    subject: str,
    text: str,
    audience: Mapping[str, Any],
    organisation: Organisation,
    actor: Actor,
    *,
    now: datetime,
) -> Broadcast:
    """Write a letter."""
    purpose = Purpose.MARKETING if audience["kind"] == "news" else Purpose.SERVICE
    details = Details(
        organisation_id=organisation.id, strand=None, purpose=purpose, subject=subject, text=text, audience=audience
    )
    return broadcasts.write(session, details, actor=actor, now=now)


def send(session: Session, row: Broadcast, *, actor: Actor, now: datetime, at: datetime | None = None) -> None:
    """Confirm how many they are, and send it."""
    count = sending.count_of(session, row, now=now)
    sending.send(session, row.id, count=count, version=row.version, at=at, actor=actor, now=now)
