"""The stories that queue letters about calendars that are followed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from programme.core.fetching.client import Marks
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.flows.following.refreshing import Got, settle
from programme.people.roles import OPERATOR
from programme.people.states import Strand

if TYPE_CHECKING:
    from tests.factories.desk import Desk

TROUBLE = Got(None, Marks("", ""), "talks.example.ac.uk has trouble of its own: it answers 500.")
AS_BEFORE = Got(None, Marks("", ""))


def failed(desk: Desk) -> SubscribedAddress:
    """A calendar that Liverpool follows was read last four days ago."""
    row = SubscribedAddress(
        url="https://talks.example.ac.uk/feed.ics",
        title="Talks of the department of botany",
        organisation_id=desk.cast.liverpool.id,
        strand=Strand.EXCHANGE,
        state=AddressState.FOLLOWED,
        made_at=desk.now - timedelta(days=9),
        succeeded_at=desk.now - timedelta(days=4),
    )
    desk.session.add(row)
    desk.session.flush()
    settle(desk.session, row.id, TROUBLE, actor=OPERATOR, now=desk.now)
    return row


def worked(desk: Desk) -> None:
    """The same is read again, once its letters have left."""
    row = failed(desk)
    about = update(OutboxMessage).where(OutboxMessage.letter == "calendar_failing")
    desk.session.execute(about.values(state=OutboxState.SENT))
    settle(desk.session, row.id, AS_BEFORE, actor=OPERATOR, now=desk.now)
