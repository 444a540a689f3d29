"""What a page shows of the answers of calendars: those of one person, and those of the lines of a roll."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.words import plural
from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.replies.actions import may_return, return_until
from programme.engines.registration.replies.queries import answers_of, given_back
from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer, of which event (nothing where there is only one), and of how many."""

    answer: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Replied:
    """What somebody's calendar answered; `until` is when they can no more take back what it gave back, if they can."""

    answers: tuple[Answered, ...] = ()
    until: datetime | None = None

    @property
    def may_return(self) -> bool:
        """Whether they can take back what it gave back."""
        return self.until is not None


def replied(session: Session, row: Registration, *, is_over: bool, now: datetime) -> Replied:
    """Return what somebody's calendar answered."""
    known = answers_of(session, [row.id])[row.id]
    several = len(row.seats) > 1
    ordered = sorted(row.seats, key=lambda seat: (seat.event.starts_at, seat.event_id))
    found = [(known[seat.event_id], seat.event) for seat in ordered if seat.event_id in known]
    told = tuple(Answered(answer.value, event.title if several else "") for answer, event in found)
    ended = row.state is RegistrationState.CANCELLED and not is_over and bool(known)
    gone = given_back(session, row.id) if ended else []
    return Replied(told, return_until(gone) if may_return(gone, now=now) else None)


def in_line(known: Mapping[int, Answer], seats: Sequence[object]) -> tuple[Answered, ...]:
    """Return the answers on a line of a roll: of several events, of how many each."""
    if len(seats) == 1:
        return tuple(Answered(answer.value) for answer in known.values())
    counted = Counter(known.values())
    return tuple(Answered(one.value, plural(counted[one], "date")) for one in Answer if counted[one])
