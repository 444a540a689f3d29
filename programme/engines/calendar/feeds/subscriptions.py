"""Secret addresses of personal calendars: made, shown once, rotated, revoked, found again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core import audit
from programme.core.tokens import new_token, token_hash
from programme.engines.calendar.models import PersonalFeed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

PURPOSE = "my programme"
USED_AGAIN_AFTER = timedelta(minutes=15)
MOST_LOOKED_AT = 50


def subscribe(session: Session, person_id: int, *, now: datetime) -> str:
    """Make a new secret and return it, to be shown once; whatever address the person had before ends now."""
    revoke(session, person_id, now=now)
    token = new_token()
    feed = PersonalFeed(person_id=person_id, purpose=PURPOSE, token_hash=token_hash(token), created_at=now)
    session.add(feed)
    session.flush()
    audit.record(
        session, person_id=person_id, verb="calendar address made", subject=("personal_feed", feed.id), now=now
    )
    return token


def revoke(session: Session, person_id: int, *, now: datetime) -> int:
    """End every running address of the person, and return how many there were."""
    running = select(PersonalFeed).where(PersonalFeed.person_id == person_id, PersonalFeed.revoked_at.is_(None))
    found = session.scalars(running).all()
    for feed in found:
        feed.revoked_at = now
        audit.record(
            session, person_id=person_id, verb="calendar address ended", subject=("personal_feed", feed.id), now=now
        )
    session.flush()
    return len(found)


def feeds_of(session: Session, person_id: int) -> Sequence[PersonalFeed]:
    """Return the person's running addresses, the newest first."""
    running = select(PersonalFeed).where(PersonalFeed.person_id == person_id, PersonalFeed.revoked_at.is_(None))
    return session.scalars(running.order_by(PersonalFeed.id.desc())).all()


def subscribed_since(session: Session, person_id: int) -> datetime | None:
    """Return since when the person's calendars ask for an address of theirs; None where none has asked yet.

    An address that took the place of another at once goes on where that one was.
    """
    every = select(PersonalFeed).where(PersonalFeed.person_id == person_id).order_by(PersonalFeed.id.desc())
    feeds = session.scalars(every.limit(MOST_LOOKED_AT)).all()
    if not feeds or feeds[0].revoked_at is not None or feeds[0].last_used_at is None:
        return None
    since = feeds[0].created_at
    for earlier in feeds[1:]:
        if earlier.revoked_at == since:
            since = earlier.created_at
    return since


def feed_for(session: Session, token: str) -> PersonalFeed | None:
    """Return the address's row, revoked or not, or None where nobody ever had it; the look-up is by hash."""
    return session.scalar(select(PersonalFeed).where(PersonalFeed.token_hash == token_hash(token)))


def is_mark_due(feed: PersonalFeed, now: datetime) -> bool:
    """Whether it is worth writing down that the address was used."""
    return feed.last_used_at is None or feed.last_used_at < now - USED_AGAIN_AFTER


def mark_used(session: Session, feed_id: int, *, now: datetime) -> None:
    """Write down that a calendar asked; for a short transaction of its own."""
    session.execute(update(PersonalFeed).where(PersonalFeed.id == feed_id).values(last_used_at=now))
