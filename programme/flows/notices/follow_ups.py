"""Letters about follow-up forms: please answer, and a reminder to whoever has not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.follow_ups.queries import request_of, unanswered
from programme.engines.registration.queries import registration_with_events
from programme.flows.notices.places.registrations import example as place
from programme.flows.notices.places.registrations import send
from programme.flows.notices.places.told import contact_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.follow_ups.models import FollowUp
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration

ASKED, SILENT = "follow_up", "follow_up_reminder"
TITLES = {ASKED: "A form for those who have a place", SILENT: "A form is not answered yet"}


def tell_asked(session: Session, registration: Registration, follow_up: FollowUp, *, now: datetime) -> None:
    """Queue the letter with the form, once."""
    send(session, registration, ASKED, key=f":{follow_up.id}", now=now)


def tell_silent(session: Session, registration: Registration, follow_up: FollowUp, *, now: datetime) -> None:
    """Queue the reminder, once for each deadline."""
    send(session, registration, SILENT, key=f":{follow_up.answer_by:%Y%m%d%H%M}", now=now)


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write the letter while the form is asked, not answered and may still be."""
    number = message.subject_id or 0
    row, asked = registration_with_events(session, number), request_of(session, number)
    if row is None or asked is None or not still_wanted(session, [message], now=now):
        return None
    told = {"name": row.name, "title": row.opening.title, "contact": contact_of(row.opening)[0]}
    return Composed({**told, "url": f"{links.url(row)}/follow-up", "by": asked.follow_up.answer_by, "now": now})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose form is asked, not answered and may still be."""
    waiting = set(unanswered(session, {message.subject_id or 0 for message in messages}, now=now))
    return [message.id for message in messages if message.subject_id in waiting]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    known = place(ASKED)
    it, now = known["it"], known["now"]
    url = f"{it.manage_url}/follow-up"
    return {"name": it.name, "title": it.title, "contact": it.contact, "url": url, "by": it.days[0].starts, "now": now}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter about follow-up forms."""
    write = partial(compose, links=links)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, example, still_wanted=still_wanted)
        for name, title in TITLES.items()
    )
