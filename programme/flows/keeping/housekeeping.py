"""Housekeeping: what has served its time is thrown away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.mail.actions import forget_captured
from programme.engines.mail.written.bodies import forget_bodies
from programme.engines.registration.door.actions import forget_presses
from programme.flows.door.helping import end_helpers
from programme.flows.keeping.retention import forget
from programme.flows.notices.people.accounts import forget_links
from programme.people.keeping.ports import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Keeper, Times

CAPTURED_DAYS = 30
BODIES_KEPT = timedelta(days=30)
PRESSES_KEPT = timedelta(days=30)
"""How long a telephone may keep what it could not send, and be known to have sent it before."""


def housekeep(session: Session, keepers: Iterable[Keeper], times: Times, *, now: datetime) -> int:
    """Throw away captured letters, what letters said, sign-in links, ended browser sessions, and what retention ends.

    Roles of helpers end here, too, a week after what they helped with.

    Returns how many captured letters, kept texts and rows of personal data went.
    """
    forget_links(session, now=now)
    end_helpers(session, now=now)
    forget_presses(session, before=now - PRESSES_KEPT, most=AT_ONCE)
    captured = forget_captured(session, before=now - timedelta(days=CAPTURED_DAYS))
    bodies = forget_bodies(session, before=now - BODIES_KEPT, most=AT_ONCE)
    return captured + bodies + forget(session, keepers, times, now=now)
