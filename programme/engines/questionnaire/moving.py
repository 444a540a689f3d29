"""Verbs of order: a question moves among those asked now, a section with all that is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.questionnaire.actions import asked_of, current_questions, raise_version
from programme.engines.questionnaire.checking import check_conditions
from programme.engines.questionnaire.kinds import SECTION
from programme.engines.questionnaire.models import Questionnaire

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question


def move_question(session: Session, question: Question, *, steps: int) -> None:
    """Move a question up (negative) or down among those asked now; a section with all that is in it."""
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    asked = current_questions(questionnaire)
    moved = sections_moved(asked, question, steps) if question.kind == SECTION else one_moved(asked, question, steps)
    check_conditions(moved, tuple(map(asked_of, moved)))
    raise_version(session, questionnaire)
    for number, row in enumerate(moved, start=1):
        row.position = number
    session.flush()
    session.expire(questionnaire, ["questions"])


def one_moved(asked: list[Question], question: Question, steps: int) -> list[Question]:
    """Return the questions with one of them elsewhere."""
    rest = [row for row in asked if row is not question]
    place = max(0, min(len(rest), asked.index(question) + steps))
    return [*rest[:place], question, *rest[place:]]


def sections_moved(asked: list[Question], question: Question, steps: int) -> list[Question]:
    """Return the questions with a section elsewhere among the sections; what stands before all of them stays first."""
    starts = [place for place, row in enumerate(asked) if row.kind == SECTION]
    blocks = [asked[start:end] for start, end in zip(starts, [*starts[1:], len(asked)], strict=True)]
    block = next(one for one in blocks if one[0] is question)
    rest = [one for one in blocks if one is not block]
    place = max(0, min(len(rest), blocks.index(block) + steps))
    return [*asked[: starts[0]], *(row for one in (*rest[:place], block, *rest[place:]) for row in one)]
