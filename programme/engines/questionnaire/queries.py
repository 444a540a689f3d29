"""Named reads of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.engines.questionnaire.models import AnswerSheet

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Questionnaire


def answered_versions(session: Session, questionnaire: Questionnaire) -> dict[int, int]:
    """Return how many answered each version of a form, the newest first."""
    statement = (
        select(AnswerSheet.version, func.count())
        .where(AnswerSheet.questionnaire_id == questionnaire.id)
        .group_by(AnswerSheet.version)
        .order_by(AnswerSheet.version.desc())
    )
    return dict(session.execute(statement).all())
