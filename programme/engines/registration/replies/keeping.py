"""What is kept of people's calendars: what they answered, and the replies that somebody had to look at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select

from programme.core.web.words import plural
from programme.engines.calendar.models import Event
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.engines.registration.replies.states import TrayState
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

DECIDED_KEPT = timedelta(days=30)


class RepliesKept:
    """Answers of calendars, and the tray."""

    tables = frozenset({"seat_reply", "odd_reply"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give what somebody's calendar answered, and their messages that somebody had to look at."""
        yield Section("answers of your calendar", answers(session, who))
        yield Section("answers of your calendar that organisers looked at", odd(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that both go."""
        chairs = select(func.count()).select_from(SeatReply).join(Seat, Seat.id == SeatReply.seat_id)
        number = session.scalar(chairs.where(Seat.registration_id.in_(theirs(who)))) or 0
        number += session.scalar(select(func.count()).select_from(OddReply).where(about(who))) or 0
        if number:
            yield Fate(plural(number, "answer of your calendar", "answers of your calendar"))

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete both."""
        del now
        session.execute(delete(SeatReply).where(SeatReply.seat_id.in_(chairs_of(who))))
        session.execute(delete(OddReply).where(about(who)))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete what was decided a month ago, and what nobody decided for as long as letters are kept."""
        decided = (OddReply.state != TrayState.WAITING) & (OddReply.decided_at < now - DECIDED_KEPT)
        spent = or_(decided, OddReply.came_at < now - times.letters)
        ids = session.scalars(select(OddReply.id).where(spent).order_by(OddReply.id).limit(AT_ONCE)).all()
        if ids:
            session.execute(delete(OddReply).where(OddReply.id.in_(ids)))
        return len(ids)


def theirs(who: Subject) -> Select[int]:
    """Return the registrations of somebody."""
    return select(Registration.id).where(Registration.person_id == who.person_id)


def chairs_of(who: Subject) -> Select[int]:
    """Return the chairs of somebody."""
    return select(Seat.id).where(Seat.registration_id.in_(theirs(who)))


def about(who: Subject) -> ColumnElement[bool]:
    """Whether a reply in the tray is somebody's: about their registration, from their address, or in its name."""
    named = (func.lower(column) == who.key for column in (OddReply.sender, OddReply.attendee_address))
    words = func.lower(OddReply.words).contains(who.key, autoescape=True)
    return or_(OddReply.registration_id.in_(theirs(who)), *named, words)


def answers(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what somebody's calendar answered."""
    rows = (
        select(Event.title, Event.starts_at, SeatReply)
        .join(Seat, Seat.id == SeatReply.seat_id)
        .join(Event, Event.id == Seat.event_id)
        .where(Seat.registration_id.in_(theirs(who)))
        .order_by(SeatReply.seat_id)
    )
    for title, starts_at, row in session.execute(rows):
        yield {
            "event": title,
            "starts": iso(starts_at),
            "answer": row.answer.value,
            "answered": iso(row.answered_at),
            "came": iso(row.came_at),
            "gave the place back": iso(row.gave_back_at),
        }


def odd(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the replies in the tray that are somebody's."""
    for row in session.scalars(select(OddReply).where(about(who)).order_by(OddReply.id)):
        yield {
            "came": iso(row.came_at),
            "from": row.sender,
            "answers for": row.attendee_address,
            "subject": row.subject_line,
            "said": row.said,
            "words": row.words,
            "looked at because": row.why,
            "state": row.state.value,
        }


REPLIES = RepliesKept()
