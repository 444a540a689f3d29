"""Housekeeping: what has served its time is thrown away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.mail.actions import forget_captured
from programme.flows.notices.accounts import forget_links
from programme.flows.retention import forget

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

CAPTURED_DAYS = 30


def housekeep(session: Session, now: datetime) -> int:
    """Throw away captured letters, sign-in links with their secrets, ended browser sessions, and what retention ends.

    Returns how many captured letters and rows of personal data went.
    """
    forget_links(session, now=now)
    return forget_captured(session, before=now - timedelta(days=CAPTURED_DAYS)) + forget(session, now)
