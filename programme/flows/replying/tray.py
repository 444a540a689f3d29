"""What organisers do about a reply in the tray: let it count after all, or say that there is nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.audit import record
from programme.core.refusal import Refusal
from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.replies.actions import decide
from programme.engines.registration.replies.states import TrayState
from programme.flows.replying.acting import apply, chair_now

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.replies.models import OddReply
    from programme.people.permissions import Actor

NOTHING_TO_APPLY = "This is no answer that a roll can show. Write to whoever sent it, or dismiss it."
NO_PLACE = "They have no place at this event now. Write to them, or dismiss it."
OLDER = "Their calendar has answered otherwise since: that counts. Dismiss this one."
OVER = "The event is over, or called off, so nothing can be given back any more. Dismiss it."


def may_apply(reply: OddReply) -> bool:
    """Whether a reply says something that could count: about somebody's chair at an event."""
    return reply.registration_id is not None and reply.event_id is not None and reply.answer is not None


def apply_reply(session: Session, reply: OddReply, *, actor: Actor, now: datetime) -> bool:
    """Let a reply count, as an organiser who knows whose it is; False where somebody has decided about it before."""
    event = reply.event
    if reply.registration_id is None or event is None or reply.answer is None:
        raise Refusal(NOTHING_TO_APPLY)
    row = locked_registration(session, reply.registration_id)
    session.refresh(event)
    seat = next((seat for seat in row.seats if seat.event_id == event.id), None)
    session.refresh(reply)
    if reply.state is not TrayState.WAITING:
        return False
    chair = chair_now(session, row, seat, event, now=now) if seat else None
    if chair is not None and (chair.is_over or chair.is_off):
        raise Refusal(OVER)
    if seat is None or chair is None or (reply.answer is Answer.DECLINED and not chair.is_theirs):
        raise Refusal(NO_PLACE)
    if chair.before is not None and reply.answered_at < chair.before[0]:
        raise Refusal(OLDER)
    if not decide(session, reply, TrayState.APPLIED, actor=actor, now=now):
        return False
    apply(session, row, seat, reply.answer, stamp=reply.answered_at, now=now, by=actor.person_id)
    note(session, reply, "applied a reply", actor=actor, now=now)
    return True


def dismiss_reply(session: Session, reply: OddReply, *, actor: Actor, now: datetime) -> bool:
    """Say that there is nothing to do about a reply; False where somebody has decided about it before."""
    if not decide(session, reply, TrayState.DISMISSED, actor=actor, now=now):
        return False
    note(session, reply, "dismissed a reply", actor=actor, now=now)
    return True


def note(session: Session, reply: OddReply, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write into the trail what was decided about a reply, where it is about somebody's registration."""
    if reply.registration is None:
        return
    record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("registration", reply.registration.id),
        now=now,
        organisation_id=reply.registration.opening.lead_organisation_id,
        after={"answer": reply.answer.value if reply.answer else reply.method.lower()},
    )
