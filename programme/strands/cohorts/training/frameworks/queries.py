"""Named reads of frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.core.refusal import Refusal
from programme.strands.cohorts.models import TrainingFramework

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MOST = 50
NONE_YET = "There is no framework to sort training by yet. An administrator loads one under Frameworks."


def frameworks(session: Session) -> Sequence[TrainingFramework]:
    """Return every framework with its parts, the newest first."""
    newest = select(TrainingFramework).order_by(TrainingFramework.loaded_at.desc(), TrainingFramework.id.desc())
    return session.scalars(newest.options(selectinload(TrainingFramework.subdomains)).limit(MOST)).all()


def framework_now(session: Session) -> TrainingFramework:
    """Return that by which training is sorted now; Refusal where there is none."""
    newest = select(TrainingFramework).order_by(TrainingFramework.loaded_at.desc(), TrainingFramework.id.desc())
    found = session.scalars(newest.options(selectinload(TrainingFramework.subdomains)).limit(1)).one_or_none()
    if found is None:
        raise Refusal(NONE_YET)
    return found
