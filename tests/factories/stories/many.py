"""Letters to many, and the stories that queue them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.states import EventState
from programme.engines.mail.addresses.models import LetterChoice
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Purpose
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.wishes.holding import hold_back
from programme.engines.mail.written import broadcasts
from programme.engines.mail.written.broadcasts import Details
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows.broadcasting import sending
from programme.flows.bundling.digests import bundle
from programme.flows.bundling.mornings import queue_mornings
from programme.flows.reminding import queue_due_reminders
from tests.factories import things
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.written.models import Broadcast
    from programme.people.models import Organisation, Person
    from programme.people.permissions import Actor
    from tests.factories.desk import Desk

TEXT = "The doors open at 13:30.\n\n- Bring a card with your photograph.\n- The way is at https://example.ac.uk/map"


def draft(
    session: Session, *, by: Actor, organisation: Organisation, audience: Mapping[str, Any], **given: Any
) -> Broadcast:
    """Begin a letter to many."""
    details = Details(
        organisation_id=organisation.id,
        audience=audience,
        **{"strand": None, "purpose": Purpose.SERVICE, "subject": "What to bring & where", "text": TEXT, **given},
    )
    return broadcasts.write(session, details, actor=by, now=LONG_AGO)


def send(session: Session, row: Broadcast, *, by: Actor, now: datetime, at: datetime | None = None) -> Broadcast:
    """Send it to as many as there are."""
    count = sending.count_of(session, row, now=now)
    return sending.send(session, row.id, count=count, version=row.version, at=at, actor=by, now=now)


def asks_for_news(session: Session, who: Person) -> None:
    """Let somebody ask for news."""
    session.add(LetterChoice(person_id=who.id, news_since=LONG_AGO, news_words="Send me news.", changed_at=LONG_AGO))
    session.flush()


def written_to_many(desk: Desk) -> None:
    """Olga writes to everybody registered."""
    opening, *_ = desk.taken()
    audience = {"kind": "registered", "opening": opening.id, "states": ["confirmed", "waiting"]}
    row = draft(desk.session, by=desk.olga, organisation=desk.cast.liverpool, audience=audience)
    send(desk.session, row, by=desk.olga, now=desk.now)


def sent_news(desk: Desk) -> None:
    """Olga writes to those who asked for news."""
    asks_for_news(desk.session, desk.cast.alice)
    row = draft(
        desk.session,
        by=desk.olga,
        organisation=desk.cast.liverpool,
        audience={"kind": "news"},
        purpose=Purpose.MARKETING,
    )
    send(desk.session, row, by=desk.olga, now=desk.now)


def one_letter_a_day(desk: Desk) -> None:
    """Alice wants her reminders in one letter, and has two places on one day."""
    choose(desk.session, desk.cast.alice.id, Wishes(wants_digest=True), now=LONG_AGO)
    openings = [desk.taken()[0] for _ in range(2)]
    for opening in openings:
        ensure_default_rule(desk.session, opening.events[0].id, LONG_AGO)
    desk.session.flush()
    start = openings[0].events[0].starts_at
    queue_due_reminders(desk.session, start - timedelta(hours=20))
    rows = desk.session.scalars(select(OutboxMessage).where(OutboxMessage.rule_id.is_not(None))).all()
    hold_back(desk.session, rows, private=(), now=start - timedelta(hours=20))
    desk.session.flush()
    bundle(desk.session, desk.cast.alice.id, start - timedelta(hours=6), kinds={})


def each_morning(desk: Desk) -> None:
    """Olga wants to be told what needs her: a talk to publish."""
    choose(desk.session, desk.cast.olga.id, Wishes(wants_morning=True, digest_at=0), now=LONG_AGO)
    soon = desk.now + timedelta(days=2)
    things.event(desk.session, lead=desk.cast.liverpool, starts_at=soon, state=EventState.DRAFT)
    queue_mornings(desk.session, desk.now.replace(hour=1))


FIRST: Mapping[str, Callable[[Desk], None]] = {
    "broadcast": written_to_many,
    "news": sent_news,
    "morning": each_morning,
}
"""Stories in which Olga organises: before those in which she hands over."""
LAST: Mapping[str, Callable[[Desk], None]] = {"digest": one_letter_a_day}
"""Stories after which Alice gets her reminders otherwise."""
STORIES = {**FIRST, **LAST}
"""The story that queues each kind of letter that is written to many, or put together of others."""
