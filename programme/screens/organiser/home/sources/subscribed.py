"""What followed calendars need: something to decide, and trouble that lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from programme.core.web.words import plural
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.screens.organiser.home.need import Need
from programme.screens.organiser.subscribed.pages import mine, waits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

MOST = 5
FAILURES_TOLD = 2
"""One failure is often over by the next look; what is gone for good is not asked for again."""


def needs(session: Session, actor: Actor) -> Iterator[Need]:
    """Return the followed calendars about which something is to be decided, and those that cannot be read."""
    asked = select(FollowedEvent.address_id, func.count().label("number")).where(waits())
    each = asked.group_by(FollowedEvent.address_id).subquery()
    lasts = or_(SubscribedAddress.failures >= FAILURES_TOLD, SubscribedAddress.state == AddressState.PAUSED)
    failing = and_(SubscribedAddress.trouble != "", lasts)
    rows = (
        select(SubscribedAddress, each.c.number)
        .outerjoin(each, each.c.address_id == SubscribedAddress.id)
        .where(mine(actor), or_(each.c.number.is_not(None), failing))
        .order_by(SubscribedAddress.id.desc())
        .limit(MOST)
    )
    for row, number in session.execute(rows):
        url = f"/organise/imports/addresses/{row.id}"
        if number:
            title, why = f"Decide about {plural(number, 'event')} of {row.title}", "Its calendar and you differ."
            yield Need(title, url, why, None, "Look")
        else:
            yield Need(f"{row.title} cannot be read", url, row.trouble, None, "Look", station="late")
