"""Keys whose time comes: a reminder two days before, and word to others when it has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.queries import keys_due_before, late_keys
from programme.engines.approvals.states import KeyState
from programme.flows.notices.keys.letters import DUE, tell_holders, tell_late

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

REMINDED_BEFORE, ASKED_BEFORE = timedelta(days=2), timedelta(days=1)
AT_ONCE = 50


def hurry(session: Session, now: datetime) -> int:
    """Remind of keys that are due soon and tell of those that are late, each once; return how many keys it was."""
    return remind(session, now=now) + escalate(session, now=now)


def remind(session: Session, *, now: datetime) -> int:
    """Remind whoever turns a key two days before its time, unless it was asked for the day before."""
    done = 0
    for key_id in keys_due_before(session, now + REMINDED_BEFORE, asked_before=now - ASKED_BEFORE, limit=AT_ONCE):
        if claimed(session, key_id, ApprovalKey.reminded_at.is_(None), reminded_at=now):
            key = session.get_one(ApprovalKey, key_id, populate_existing=True)
            if key.due_at is not None and key.due_at > now:
                tell_holders(session, key, DUE, now=now)
            done += 1
    return done


def escalate(session: Session, *, now: datetime) -> int:
    """Tell those it escalates to that the time of a key has passed."""
    done = 0
    for key_id in late_keys(session, now, limit=AT_ONCE):
        if claimed(session, key_id, ApprovalKey.escalated_at.is_(None), escalated_at=now):
            tell_late(session, session.get_one(ApprovalKey, key_id, populate_existing=True), now=now)
            done += 1
    return done


def claimed(session: Session, key_id: int, is_untold: ColumnElement[bool], **told: datetime) -> bool:
    """Whether this clock is the one that tells of a key: of two at once the second finds it told."""
    waits = update(ApprovalKey).where(ApprovalKey.id == key_id, ApprovalKey.state == KeyState.WAITING, is_untold)
    row = session.execute(waits.values(**told).returning(ApprovalKey.id)).first()
    return row is not None
