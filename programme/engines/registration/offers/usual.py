"""From which hour in the morning offers may end, where nobody chose for an opening: one for the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal, refuse_if_changed
from programme.engines.registration.offers.deadline import EARLIEST_MORNING, LATEST_MORNING, USUAL_MORNING, time_of
from programme.people.models import Installation

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

NOT_FOUNDED = "This installation has not been set up yet: run `programme init`."
FROM_LIST = "Choose one from the list."


def usual_morning(session: Session) -> int:
    """Return minutes after midnight, London time; ours before `init`."""
    found = session.scalar(select(Installation.offer_morning).order_by(Installation.id).limit(1))
    return USUAL_MORNING if found is None else found


def change_usual_morning(session: Session, morning: int, *, seen: str, actor: Actor, now: datetime) -> None:
    """Let new openings begin with another morning; those there are keep theirs. Refusal where it was changed since."""
    first = select(Installation).order_by(Installation.id).limit(1).with_for_update()
    row = session.scalar(first.execution_options(populate_existing=True))
    if row is None:
        raise Refusal(NOT_FOUNDED)
    refuse_if_changed(seen, str(row.offer_morning))
    if not EARLIEST_MORNING <= morning <= LATEST_MORNING:
        raise Refusal(FROM_LIST, field="morning")
    before = row.offer_morning
    if morning == before:
        return
    row.offer_morning = morning
    audit.record(
        session,
        person_id=actor.person_id,
        verb="changed the usual morning",
        subject=("installation", row.id),
        now=now,
        before={"offer_morning": f"{time_of(before):%H:%M}"},
        after={"offer_morning": f"{time_of(morning):%H:%M}"},
    )
