"""Letters to many that could not go when their time came: whoever organises there may take them over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.mail.states import BroadcastState
from programme.engines.mail.written.broadcasts import broadcasts_of
from programme.screens.organiser.home.need import Need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

MOST = 10


def needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Return the broadcasts that were stopped, until somebody takes them over or calls them off."""
    for row in session.scalars(broadcasts_of(actor, state=BroadcastState.STOPPED).limit(MOST)):
        title, address = f"“{row.subject_line}” was not sent", f"/organise/broadcasts/{row.id}"
        yield Need(title, address, row.stopped_because, row.send_at or now, "Look", station="late")
