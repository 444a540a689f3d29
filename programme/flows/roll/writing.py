"""Writing to all or some of a roll, by its organisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.engines.mail.outbox import post_all
from programme.flows.notices.messages import post_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening, Registration
    from programme.flows.notices.messages import Message
    from programme.people.permissions import Actor

AT_ONCE = 200
NOBODY = "There is nobody to write to: choose other people."


def write_to(
    session: Session,
    opening: Opening,
    people: Iterable[Registration],
    message: Message,
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """Queue a letter to each person once and return to how many it goes; the same message again goes to nobody."""
    recipients = one_each(people)
    if not recipients:
        raise Refusal(NOBODY)
    posts = [post_for(opening, row, message) for row in recipients]
    queued = sum(post_all(session, posts[start : start + AT_ONCE], now=now) for start in range(0, len(posts), AT_ONCE))
    if queued:
        after = {"subject": message.subject, "text": message.text, "letters": queued}
        note(session, opening, "wrote to people", actor=actor, now=now, after=after)
    return queued


def one_each(people: Iterable[Registration]) -> list[Registration]:
    """Return one registration for each person: whoever cancelled and came back is written to once.

    Those whose person is not known any more can be written to by nobody.
    """
    return list({row.person_id: row for row in people if row.person_id is not None}.values())
