"""Secret addresses of personal calendars: made, shown once, rotated, revoked, found again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.tokens import new_token, token_hash
from programme.engines.calendar.models import PersonalFeed
from programme.engines.calendar.states import ALARMS, FeedPurpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

USED_AGAIN_AFTER = timedelta(minutes=15)
MOST_LOOKED_AT = 50
HOLD_PLACES = (FeedPurpose.PLACES, FeedPurpose.SEEN)
"""What holds every place of its owner: whoever subscribed to one needs no place by letter as well."""


def subscribe(
    session: Session,
    person_id: int,
    *,
    purpose: FeedPurpose = FeedPurpose.PLACES,
    alarm_minutes: int | None = None,
    now: datetime,
) -> str:
    """Make a new secret and return it, to be shown once; the address there was for the same purpose ends now."""
    check_alarm(alarm_minutes)
    revoke(session, person_id, purpose=purpose, now=now)
    token = new_token()
    feed = PersonalFeed(
        person_id=person_id,
        purpose=purpose.value,
        token_hash=token_hash(token),
        created_at=now,
        alarm_minutes=alarm_minutes,
    )
    session.add(feed)
    session.flush()
    note(session, feed, "calendar address made", now=now)
    return token


def revoke(session: Session, person_id: int, *, purpose: FeedPurpose, now: datetime) -> int:
    """End the running addresses of the person for a purpose, and return how many there were."""
    found = running(session, person_id, purpose)
    for feed in found:
        feed.revoked_at = now
        note(session, feed, "calendar address ended", now=now)
    session.flush()
    return len(found)


def remind(
    session: Session, person_id: int, *, purpose: FeedPurpose, alarm_minutes: int | None, now: datetime
) -> PersonalFeed:
    """Let the address of a purpose remind its owner, or no more; calendars see it when they ask next."""
    check_alarm(alarm_minutes)
    found = running(session, person_id, purpose)
    if not found:
        raise Refusal("You have no such calendar address: make one first.")
    if found[0].alarm_minutes != alarm_minutes:
        found[0].alarm_minutes = alarm_minutes
        note(session, found[0], "calendar alarm chosen", now=now)
    session.flush()
    return found[0]


def check_alarm(minutes: int | None) -> None:
    """Refuse a time that is none of those to choose from."""
    if minutes is not None and minutes not in ALARMS:
        raise Refusal("Choose one of the times there are.", field="alarm")


def running(session: Session, person_id: int, purpose: FeedPurpose) -> list[PersonalFeed]:
    """Return the person's running addresses for a purpose, the newest first, as they are now."""
    return [feed for feed in feeds_of(session, person_id) if feed.purpose == purpose]


def feeds_of(session: Session, person_id: int) -> list[PersonalFeed]:
    """Return the person's running addresses, the newest first."""
    found = select(PersonalFeed).where(PersonalFeed.person_id == person_id, PersonalFeed.revoked_at.is_(None))
    return list(session.scalars(found.order_by(PersonalFeed.id.desc())))


def places_feeds_of(session: Session, person_id: int) -> list[PersonalFeed]:
    """Return the person's running addresses that hold all their places."""
    return [feed for feed in feeds_of(session, person_id) if feed.purpose in HOLD_PLACES]


def subscribed_since(session: Session, person_id: int) -> datetime | None:
    """Return since when calendars ask for an address that holds the person's places; None where none has asked yet.

    An address that took the place of another at once goes on where that one was.
    """
    every = select(PersonalFeed).where(PersonalFeed.person_id == person_id).order_by(PersonalFeed.id.desc())
    feeds = session.scalars(every.limit(MOST_LOOKED_AT)).all()
    asked = [asked_since([feed for feed in feeds if feed.purpose == purpose]) for purpose in HOLD_PLACES]
    return min((since for since in asked if since is not None), default=None)


def asked_since(feeds: Sequence[PersonalFeed]) -> datetime | None:
    """Return since when calendars ask for the newest of a purpose's addresses, or for those that it replaced."""
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


def note(session: Session, feed: PersonalFeed, verb: str, *, now: datetime) -> None:
    """Write an act upon an address into the trail."""
    audit.record(session, person_id=feed.person_id, verb=verb, subject=("personal_feed", feed.id), now=now)
