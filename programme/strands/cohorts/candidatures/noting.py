"""How verbs of candidatures write into the trail: no names, which would stay when their people go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core import audit
from programme.strands.cohorts.rights import CANDIDATURE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature


def note(
    session: Session,
    candidature: Candidature,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act on a candidature into the trail of whoever leads its award."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(CANDIDATURE, candidature.id),
        now=now,
        organisation_id=candidature.cohort.award.lead_organisation_id,
        before=before,
        after=after,
    )
