"""Acting on a calendar's answer under the opening's lock: the roll shows it, and what it declines is given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.audit import record
from programme.core.refusal import Refusal
from programme.engines.calendar.replies.reading import Answer
from programme.engines.calendar.states import EventState
from programme.engines.registration import actions
from programme.engines.registration.choosing.queries import chosen_by
from programme.engines.registration.plugs import ever_held
from programme.engines.registration.replies.actions import earlier_answer, keep_answer
from programme.engines.registration.replies.rule import Chair, Outcome, Verdict, judge
from programme.engines.registration.series.chairs import is_series
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import RegistrationState, SeatState
from programme.flows.notices.places.registrations import GIVEN_BACK, send, tell_promoted
from programme.flows.offering.answering import let_offer_go
from programme.flows.replying.weighing import folded, heard_of
from programme.flows.series.choosing import choose_events
from programme.flows.series.skipping import skip_week

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Registration, Seat
    from programme.engines.registration.replies.rule import Heard
    from programme.flows.replying.reading import Reply

R = RegistrationState
BY_CALENDAR = "Given back by the calendar’s answer."
"""Why a registration ended, as its page and the roll say it."""

CANNOT = "They decline, and that cannot be done by itself: “{}”"


@dataclass(frozen=True, slots=True)
class Acted:
    """What a reply came to, what it said, and about whose chair."""

    verdict: Verdict
    heard: Heard
    registration: Registration


def act(session: Session, registration_id: int, event: Event, reply: Reply, *, has_key: bool, now: datetime) -> Acted:
    """Decide about a reply under the lock, and do what it says where that is to be done.

    What a rule refuses (a date that has begun, a choice that would be too small) is left to people, with its sentence.
    """
    row = actions.locked_registration(session, registration_id)
    session.refresh(event)
    seat = next(seat for seat in row.seats if seat.event_id == event.id)
    invited = frozenset({folded(row.address)})
    heard = heard_of(reply, invited=invited, has_key=has_key, starts=event.starts_at, now=now)
    verdict = judge(heard, chair_now(session, row, seat, event, now=now))
    if verdict.outcome is not Outcome.APPLIED or heard.answer is None:
        return Acted(verdict, heard, row)
    try:
        with session.begin_nested():
            apply(session, row, seat, heard.answer, stamp=heard.stamp, now=now, by=row.person_id)
    except Refusal as refusal:
        return Acted(Verdict(Outcome.PROPOSED, CANNOT.format(refusal.sentence)), heard, row)
    return Acted(verdict, heard, row)


def chair_now(session: Session, row: Registration, seat: Seat, event: Event, *, now: datetime) -> Chair:
    """Return where somebody stands at an event, as the rule reads it."""
    held = ever_held(session, row.person_id, [event.id]).get(event.id)
    return Chair(
        state=row.state,
        is_theirs=has_chair(seat),
        told=event.sequence + (held.revision if held else 0),
        before=earlier_answer(session, seat.id),
        is_over=event.date_is_known and event.ends_at <= now,
        is_off=event.state is EventState.CANCELLED,
    )


def apply(
    session: Session,
    row: Registration,
    seat: Seat,
    answer: Answer,
    *,
    stamp: datetime,
    now: datetime,
    by: int | None,
) -> None:
    """Let an answer count: it is kept, and what it declines is given back. Only right under the opening's lock.

    `by` is the person whose answer it is, or who applies it for them.
    """
    gives_back = answer is Answer.DECLINED and has_chair(seat)
    if gives_back:
        give_back(session, row, seat, now=now)
    has_ended = gives_back and row.state is R.CANCELLED
    keep_answer(session, seat.id, answer, stamp=stamp, now=now, ended_place=has_ended)
    if gives_back:
        note(session, row, seat, by=by, now=now)


def give_back(session: Session, row: Registration, seat: Seat, *, now: datetime) -> None:
    """Give back what somebody declines, as if they had done so in the browser: a date of several, or the whole place.

    Whoever is next moves up, and all are told. An offer that is declined goes to whoever is next.
    """
    if row.state is R.OFFERED:
        let_offer_go(session, row.id, now=now)
    elif seat.state is SeatState.LENT or is_series(row.opening):
        skip_week(session, row.id, seat.event_id, now=now)
    elif row.opening.chooses is not None and chosen_by(row) != {seat.event_id}:
        choose_events(session, row.id, chosen_by(row) - {seat.event_id}, now=now)
    else:
        give_place_back(session, row.id, now=now)


def give_place_back(session: Session, registration_id: int, *, now: datetime) -> None:
    """Give a whole place back; its letter says by what, and how to undo it."""
    ended = actions.cancel(session, registration_id, now=now, reason=BY_CALENDAR)
    if ended.changed:
        key = f":{now:%Y%m%d%H%M%S%f}"
        send(session, ended.registration, GIVEN_BACK, key=key, now=now, context={"held_place": True})
    tell_promoted(session, ended.promoted, now=now)


def note(session: Session, row: Registration, seat: Seat, *, by: int | None, now: datetime) -> None:
    """Write into the trail that a calendar gave something back: nobody pressed anything here."""
    record(
        session,
        person_id=by,
        verb="gave back by calendar",
        subject=("registration", row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        after={"state": row.state.value, "event_id": seat.event_id},
    )
