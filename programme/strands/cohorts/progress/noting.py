"""Writes into the trail what is done to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core import audit
from programme.strands.cohorts.rights import CANDIDATURE, candidature_scope

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Candidature


def note(
    session: Session,
    candidature: Candidature,
    verb: str,
    *,
    actor: audit.Doer,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an act upon a record. Why something was granted stays in the record: the trail is read by more people."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(CANDIDATURE, candidature.id),
        now=now,
        organisation_id=candidature_scope(candidature).lead,
        before=before,
        after=after,
    )
