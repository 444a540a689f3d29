"""What somebody is told of where their registration stands: the stage, never who said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.approvals.queries import open_approval
from programme.engines.registration.deciding.keys import REGISTRATION
from programme.engines.registration.deciding.queries import key_holders, keyed_terms
from programme.engines.registration.states import LIVE, RegistrationState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage in words: who considers it, and by when, as long as that lies ahead."""

    words: str
    by: datetime | None = None


def stage_of(session: Session, row: Registration, *, now: datetime) -> Stage | None:
    """Return the stage of whoever waits for a decision; None where nothing is to be decided.

    The day is the last of every key's, turned or not: nobody can tell from it which of them has been turned.
    """
    if row.state not in LIVE:
        return None
    approval = open_approval(session, REGISTRATION, row.id)
    if approval is not None:
        due = max((key.due_at for key in approval.keys if key.due_at is not None), default=None)
        by = due if due is not None and due > now else None
        if row.state is RegistrationState.PENDING:
            return Stage(f"{names(row)} are considering your registration.", by)
        return Stage("The organisers are looking at your changed answers. What you have stays yours meanwhile.", by)
    if row.state is RegistrationState.PENDING and keyed_terms(session, row.opening) is not None:
        return Stage(f"{names(row)} consider your registration once it is kept.")
    return None


def names(row: Registration) -> str:
    """Return who considers it."""
    return " and ".join(one.short_name for one in key_holders(row.opening))
