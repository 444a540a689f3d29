"""How somebody's calendar learns of their places: by letters, or by the address they subscribed to, never by both."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from programme.core.refusal import Refusal
from programme.engines.calendar.feeds.subscriptions import HOLD_PLACES, places_feeds_of, subscribe, subscribed_since
from programme.engines.mail.states import CalendarBy
from programme.engines.mail.wishes.choices import forget_calendar, wishes_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.states import FeedPurpose

NO_ADDRESS = "You have no calendar address yet: make one on the page “The programme in your own calendar”."


class Way(StrEnum):
    """How a calendar learns of a place."""

    INVITATION = "invitation"
    FILE = "file"
    FEED = "feed"


class Told(NamedTuple):
    """The way, and for a feed, since when it goes."""

    way: Way
    since: datetime | None = None


def way_of(session: Session, person_id: int | None) -> Told:
    """Return how somebody's calendar learns of their places now.

    Who said nothing else is invited, until a calendar asks for an address of theirs for the first time: events that
    came by both would stand there twice. One that no calendar has asked for yet brings nobody anything.
    """
    if person_id is None:
        return Told(Way.INVITATION)
    wish = wishes_of(session, person_id).calendar_by
    if wish is CalendarBy.FILE:
        return Told(Way.FILE)
    since = None if wish is CalendarBy.INVITATION else subscribed_since(session, person_id)
    return Told(Way.INVITATION) if since is None else Told(Way.FEED, since)


def ways_offered(*, is_answered: bool) -> tuple[Way, Way, Way] | tuple[Way, Way]:
    """Return what there is to choose from; nobody is invited where nobody reads the answers."""
    return (Way.INVITATION, Way.FILE, Way.FEED) if is_answered else (Way.FILE, Way.FEED)


def way_wished(session: Session, person_id: int, *, is_answered: bool) -> Way:
    """Return the way that holds for somebody, once their calendar asks for the address they have, if they have one."""
    wish = wishes_of(session, person_id).calendar_by
    if wish is None and places_feeds_of(session, person_id):
        return Way.FEED
    return Way.INVITATION if is_answered and wish is not CalendarBy.FILE else Way.FILE


def wish_for(session: Session, person_id: int, way: Way, *, is_answered: bool) -> CalendarBy | None:
    """Return what is kept of a way that was chosen: nothing where it is what holds without a choice.

    Raises Refusal where it is an address that there is not.
    """
    has_address = bool(places_feeds_of(session, person_id))
    if way is Way.FEED:
        if not has_address:
            raise Refusal(NO_ADDRESS, field="calendar_by")
        return None
    if not has_address and way is ways_offered(is_answered=is_answered)[0]:
        return None
    return CalendarBy(way.value)


def make_address(
    session: Session, person_id: int, *, purpose: FeedPurpose, alarm_minutes: int | None = None, now: datetime
) -> str:
    """Make a secret address, and return its token; the first that holds places tells their calendar from now on."""
    if purpose in HOLD_PLACES and not places_feeds_of(session, person_id):
        forget_calendar(session, person_id)
    return subscribe(session, person_id, purpose=purpose, alarm_minutes=alarm_minutes, now=now)
