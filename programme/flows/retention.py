"""Retention: what personal data has served its time is deleted, as the privacy page says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.models import OpeningEvent, Registration

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

SENSITIVE_KEPT = timedelta(days=30)
LETTERS_KEPT = timedelta(days=365)
TRAIL_KEPT = timedelta(days=730)
AT_ONCE = 5_000


def forget(session: Session, now: datetime) -> int:
    """Delete sensitive answers, old letters and old entries of the trail; returns how many rows went.

    At most `AT_ONCE` of each go in one turn, so that no turn holds the database for long.
    """
    return (
        forget_rows(session, Answer, sensitive_answers(ended_before=now - SENSITIVE_KEPT))
        + forget_rows(session, OutboxMessage, old_letters(before=now - LETTERS_KEPT))
        + forget_rows(session, AuditEntry, old_entries(before=now - TRAIL_KEPT))
    )


def sensitive_answers(*, ended_before: datetime) -> Select[int]:
    """Return the answers to sensitive questions of openings whose every event ended before an instant."""
    over = (
        select(OpeningEvent.opening_id)
        .join(Event, Event.id == OpeningEvent.event_id)
        .group_by(OpeningEvent.opening_id)
        .having(func.max(Event.ends_at) < ended_before)
    )
    sheets = select(Registration.answer_sheet_id).where(
        Registration.opening_id.in_(over), Registration.answer_sheet_id.is_not(None)
    )
    sensitive = select(Question.id).where(Question.is_sensitive)
    return select(Answer.id).where(Answer.sheet_id.in_(sheets), Answer.question_id.in_(sensitive))


def old_letters(*, before: datetime) -> Select[int]:
    """Return the letters queued before an instant."""
    return select(OutboxMessage.id).where(OutboxMessage.created_at < before)


def old_entries(*, before: datetime) -> Select[int]:
    """Return the entries of the trail from before an instant."""
    return select(AuditEntry.id).where(AuditEntry.at < before)


def forget_rows(session: Session, table: type[Answer | OutboxMessage | AuditEntry], chosen: Select[int]) -> int:
    """Delete the chosen rows, the oldest first; returns how many."""
    ids = session.scalars(chosen.order_by(table.id).limit(AT_ONCE)).all()
    if ids:
        session.execute(delete(table).where(table.id.in_(ids)))
    return len(ids)
