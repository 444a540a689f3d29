"""Who signs for the department of a researcher: named on their record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.people.affiliations import person_for
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.progress.handing.signing import ask_following
from programme.strands.cohorts.progress.noting import note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.people.permissions import Actor

OWN = "Nobody signs for themselves. Name somebody else."


def name_approver(
    session: Session, candidature_id: int, *, address: str, name: str, actor: Actor, now: datetime
) -> Person:
    """Name who signs for the department; they are asked for whatever waits for it. Refusal for the researcher."""
    row = hold(session, candidature_id)
    person = person_for(session, address=address, name=name, now=now)
    if person.id == row.person_id:
        raise Refusal(OWN, field="address")
    row.approver_id, row.approver = person.id, person
    session.flush()
    note(session, row, "named who signs for a department", actor=actor, now=now)
    ask_following(session, row, now=now)
    return person
