"""Housekeeping: what has served its time is thrown away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.mail.actions import forget_captured
from programme.flows.notices.accounts import forget_links
from programme.flows.retention import forget

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Keeper, Times

CAPTURED_DAYS = 30


def housekeep(session: Session, keepers: Iterable[Keeper], times: Times, *, now: datetime) -> int:
    """Throw away captured letters, sign-in links with their secrets, ended browser sessions, and what retention ends.

    Returns how many captured letters and rows of personal data went.
    """
    forget_links(session, now=now)
    captured = forget_captured(session, before=now - timedelta(days=CAPTURED_DAYS))
    return captured + forget(session, keepers, times, now=now)
