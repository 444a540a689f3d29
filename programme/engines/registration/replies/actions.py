"""Verbs of what calendars answered: keep an answer, put a reply into the tray, decide about it, take a place back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.registration import terms
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.choosing.queries import tally_for
from programme.engines.registration.queries import come_back, terms_of
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.engines.registration.replies.queries import given_back
from programme.engines.registration.replies.states import RETURN_MOVES, TRAY_MOVES, TrayState
from programme.engines.registration.series.chairs import chairless
from programme.engines.registration.states import LIVE, RegistrationState
from programme.engines.registration.terms import SENTENCES, Window
from programme.engines.registration.waiting.filling import confirm, touch_seats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.replies.reading import Answer
    from programme.engines.registration.models import Registration
    from programme.people.permissions import Actor

R = RegistrationState
UNDO_DAYS = 7
"""For how many days a place can be taken back that a reply gave back."""
NOT_GIVEN_BACK = "This place was not given back by your calendar. Register again, if there are places."
TOO_LATE = f"The {UNDO_DAYS} days to take this place back have passed. Register again, if there are places."
COME_BACK = "You have registered again since: that registration counts."
NO_ROOM = "Your place has gone to somebody else, and there is no waiting list."


@dataclass(frozen=True, slots=True)
class Returned:
    """A registration whose place was taken back (`changed`); it may stand on the waiting list, where it was gone."""

    registration: Registration
    changed: bool


def keep_answer(
    session: Session, seat_id: int, answer: Answer, *, stamp: datetime, now: datetime, ended_place: bool = False
) -> None:
    """Keep what somebody's calendar answers about a chair, and whether the whole place was given back by it.

    Only right under the opening's lock.
    """
    row = session.get(SeatReply, seat_id, populate_existing=True) or SeatReply(seat_id=seat_id)
    row.answer, row.answered_at, row.came_at = answer, stamp, now
    row.gave_back_at = now if ended_place else None
    session.add(row)
    session.flush()


def earlier_answer(session: Session, seat_id: int) -> tuple[datetime, Answer] | None:
    """Return what a calendar answered before, and when."""
    row = session.get(SeatReply, seat_id, populate_existing=True)
    return (row.answered_at, row.answer) if row else None


def put_into_tray(session: Session, reply: OddReply) -> bool:
    """Let somebody look at a reply; False where the very same waits already."""
    same = (
        OddReply.state == TrayState.WAITING,
        OddReply.uid == reply.uid,
        OddReply.method == reply.method,
        OddReply.sender == reply.sender,
        OddReply.attendee_address == reply.attendee_address,
        OddReply.said == reply.said,
        OddReply.answered_at == reply.answered_at,
    )
    if session.scalar(select(OddReply.id).where(*same).limit(1)) is not None:
        return False
    session.add(reply)
    session.flush()
    return True


def decide(session: Session, row: OddReply, state: TrayState, *, actor: Actor, now: datetime) -> bool:
    """Say that a reply was applied by hand, or dismissed; False where somebody did so before."""
    session.refresh(row, with_for_update=True)
    if row.state is not TrayState.WAITING:
        return False
    move(row, state, moves=TRAY_MOVES)
    row.decided_at, row.decided_by_id = now, actor.person_id
    session.flush()
    return True


def take_place_back(session: Session, registration_id: int, *, now: datetime) -> Returned:
    """Take back a place that a reply gave back: at once where there is one, else first on the waiting list.

    They stand where they stood when they registered, so that nobody who waits since then is before them. A second time
    changes nothing. Refusal where it was not given back so, too late, or for nothing.
    """
    row = locked_registration(session, registration_id)
    if row.state in LIVE:
        return Returned(row, changed=False)
    refuse_return(session, row, now=now)
    fits = tally_for(session, row, now=now).fits(row.counts_for_id, heads=row.heads)
    if not fits and not row.opening.has_waiting_list:
        raise Refusal(NO_ROOM)
    move(row, R.WAITLISTED, moves=RETURN_MOVES)
    row.ended_at, row.reason, row.prove_by = None, "", None
    if fits:
        confirm(row, now=now, lacking=chairless(session, row.opening, row, now=now))
    else:
        touch_seats(row, now=now)
    for reply in given_back(session, row.id):
        reply.gave_back_at = None
    session.flush()
    return Returned(row, changed=True)


def refuse_return(session: Session, row: Registration, *, now: datetime) -> None:
    """Refuse to take back what no reply gave back, or what is over."""
    replies = given_back(session, row.id)
    if row.state is not R.CANCELLED or not replies:
        raise Refusal(NOT_GIVEN_BACK)
    where = terms.window(terms_of(row.opening), now)
    if where in {Window.CANCELLED, Window.PAST}:
        raise Refusal(SENTENCES[where])
    if not may_return(replies, now=now):
        raise Refusal(TOO_LATE)
    if come_back(session, [row.id]):
        raise Refusal(COME_BACK)


def may_return(replies: Iterable[SeatReply], *, now: datetime) -> bool:
    """Whether the time to take a place back has not passed."""
    until = return_until(replies)
    return until is not None and now < until


def return_until(replies: Iterable[SeatReply]) -> datetime | None:
    """Return until when a place may be taken back that a calendar gave back; None where none did."""
    found = [one.gave_back_at for one in replies if one.gave_back_at]
    return max(found) + timedelta(days=UNDO_DAYS) if found else None
