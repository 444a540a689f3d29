"""One decision about many people of a roll: each is decided by itself, and what cannot be is told with why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.states import KeyState
from programme.engines.registration.deciding.keys import REGISTRATION, is_undecided
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import HOLDING, LIVE, Attendance, RegistrationState, SeatState
from programme.flows import admitting, attending
from programme.flows.deciding.keys import turn_own_keys
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.offering import giving

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.approvals.ports import Subjects
    from programme.people.permissions import Actor

R = RegistrationState


class Verdict(StrEnum):
    """What may be decided about many at once; the value stands in addresses."""

    PROMOTION = "promotion"
    OFFER = "offer"
    REFUSAL = "refusal"
    CANCELLATION = "cancellation"
    PRESENT = "present"
    ABSENT = "absent"


APPLIES = {
    Verdict.PROMOTION: frozenset({R.PENDING, R.WAITLISTED, R.OFFERED, R.REFUSED}),
    Verdict.OFFER: frozenset({R.PENDING, R.WAITLISTED}),
    Verdict.REFUSAL: frozenset({R.PENDING, R.WAITLISTED, R.OFFERED, R.CONFIRMED}),
    Verdict.CANCELLATION: LIVE,
    Verdict.PRESENT: HOLDING,
    Verdict.ABSENT: HOLDING,
}
SAYS = {Verdict.PROMOTION: KeyState.YES, Verdict.REFUSAL: KeyState.NO}
MARKS = {Verdict.PRESENT: Attendance.PRESENT, Verdict.ABSENT: Attendance.ABSENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How it is decided: `reason` goes into the letter of a no, and why somebody comes before others into the history.

    `why` is between organisers, and kept with the keys that are turned: nobody whom it is about reads it. `subjects`
    are what keys decide about, as strands have their say in who turns one.
    """

    reason: str = ""
    why: str = ""
    even_if_full: bool = False
    subjects: Subjects = field(default_factory=lambda: SUBJECTS)


PLAINLY = Manner()


@dataclass(slots=True)
class Carried:
    """What was done: those decided about, and the sentences about those who could not be."""

    done: list[Registration] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def concerned(session: Session, opening_id: int, ids: Collection[int]) -> Sequence[Registration]:
    """Return the registrations of an opening among `ids`, in the order in which they joined."""
    statement = select(Registration).where(Registration.opening_id == opening_id, Registration.id.in_(ids))
    return session.scalars(statement.order_by(Registration.joined_at, Registration.id)).all()


class Standing(Protocol):
    """What a verdict depends on of a registration, however much of it was read."""

    @property
    def state(self) -> RegistrationState:
        """Where it stands."""


def applies(row: Standing, verdict: Verdict) -> bool:
    """Whether a verdict changes anything for somebody."""
    return row.state in APPLIES[verdict]


def carry_out(
    session: Session,
    opening_id: int,
    ids: Collection[int],
    verdict: Verdict,
    *,
    actor: Actor,
    now: datetime,
    manner: Manner = PLAINLY,
) -> Carried:
    """Decide alike about everybody concerned; those to whom it does not apply are passed over."""
    carried = Carried()
    for row in concerned(session, opening_id, ids):
        if not applies(row, verdict):
            continue
        try:
            decide(session, row, verdict, actor=actor, now=now, manner=manner)
        except Refusal as refusal:
            carried.problems.append(f"{row.name}: {refusal.sentence}")
        else:
            carried.done.append(row)
    return carried


def decide(
    session: Session,
    row: Registration,
    verdict: Verdict,
    *,
    actor: Actor,
    now: datetime,
    manner: Manner = PLAINLY,
) -> None:
    """Decide about one; where keys decide, by those that the actor holds."""
    reason = manner.reason
    if verdict in SAYS and is_undecided(row) and keyed_terms(session, row.opening) is not None:
        words = reason if verdict is Verdict.REFUSAL else ""
        turned = Turn(says=SAYS[verdict], person_id=None, reason=manner.why, words=words)
        turn_own_keys(session, (REGISTRATION, row.id), turned, subjects=manner.subjects, actor=actor, now=now)
    elif verdict is Verdict.PROMOTION:
        beyond = manner.even_if_full
        admitting.promote_registration(session, row.id, actor=actor, now=now, even_if_full=beyond, reason=reason)
    elif verdict is Verdict.OFFER:
        beyond = manner.even_if_full
        giving.offer_place(session, row.id, actor=actor, now=now, even_if_full=beyond, reason=reason)
    elif verdict is Verdict.REFUSAL:
        admitting.refuse_registration(session, row.id, reason=reason, actor=actor, now=now)
    elif verdict is Verdict.CANCELLATION:
        admitting.cancel_for(session, row.id, actor=actor, now=now, reason=reason)
    else:
        attending.mark_all(session, chairs_of(session, row.id), MARKS[verdict], actor=actor, now=now)


def chairs_of(session: Session, registration_id: int) -> Sequence[int]:
    """Return the ids of the chairs somebody holds."""
    held = select(Seat.id).where(Seat.registration_id == registration_id, Seat.state != SeatState.SKIPPED)
    return session.scalars(held.order_by(Seat.event_id)).all()
