"""What is done to admissions and applications, written into the trail of whoever leads the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.audit import record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Admission

Facts = dict[str, Any]
ADMISSION, REGISTRATION = "admission", "registration"


def note(
    session: Session,
    row: Admission,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Write an act on an admission into the trail."""
    record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(ADMISSION, row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        before=before,
        after=after,
    )


def note_about(
    session: Session,
    row: Registration,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Write an act on an application into the trail: never what a reference says, nor a score."""
    record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(REGISTRATION, row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        before=before,
        after=after,
    )
