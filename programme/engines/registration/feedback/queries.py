"""Named reads of feedback: what was said, counted and without a name, and who may still be asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import Answer, AnswerSheet, Question
from programme.engines.registration.feedback.keeping import WRITTEN
from programme.engines.registration.feedback.models import Feedback, FeedbackForm, FeedbackGiven
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import HOLDING, Attendance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

FEWEST = 3
"""From how many on anything is shown: of two, each would know what the other said."""
COUNTED = "number"


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave one answer, and of how many."""

    words: str
    number: int
    of: int

    @property
    def percent(self) -> int:
        """Return the share, rounded."""
        return round(100 * self.number / self.of) if self.of else 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What was answered to one question that can be counted; `mean` only of numbers, in words."""

    question: Question
    bars: tuple[Bar, ...]
    answered: int
    mean: str = ""


def how_many(session: Session, opening_id: int) -> int:
    """Return how many have said something."""
    return session.scalar(select(func.count()).where(Feedback.opening_id == opening_id)) or 0


def came(opening_id: int) -> Select[int]:
    """Select the registrations of those who were at one of an opening's events, and can be written to."""
    return (
        select(Registration.id)
        .distinct()
        .join(Seat, Seat.registration_id == Registration.id)
        .where(Registration.opening_id == opening_id, Registration.state.in_(HOLDING))
        .where(Registration.person_id.is_not(None), Seat.attendance == Attendance.PRESENT)
    )


def silent(opening_id: int) -> Select[Registration]:
    """Select those who came and have said nothing yet."""
    given = select(FeedbackGiven.registration_id)
    rows = select(Registration).where(Registration.id.in_(came(opening_id)), Registration.id.not_in(given))
    return rows.order_by(Registration.id)


def how_many_silent(session: Session, opening_id: int) -> int:
    """Return how many came and have said nothing yet."""
    return session.scalar(select(func.count()).select_from(silent(opening_id).order_by(None).subquery())) or 0


def questions_of(session: Session, opening_id: int) -> list[Question]:
    """Return every question that is or was asked, in order."""
    rows = (
        select(Question)
        .join(FeedbackForm, FeedbackForm.questionnaire_id == Question.questionnaire_id)
        .where(FeedbackForm.opening_id == opening_id)
        .order_by(Question.position, Question.id)
    )
    return [row for row in session.scalars(rows) if KINDS[row.kind].asks]


def summaries(session: Session, opening_id: int, questions: Sequence[Question]) -> list[Summary]:
    """Count the answers to the questions that can be counted, in one statement."""
    counted = [one for one in questions if one.kind not in WRITTEN or one.kind == COUNTED]
    found: dict[int, list[tuple[object, str]]] = {one.id: [] for one in counted}
    rows = (
        select(Answer.question_id, Answer.value, Answer.text)
        .join(Feedback, Feedback.answer_sheet_id == Answer.sheet_id)
        .where(Feedback.opening_id == opening_id, Answer.question_id.in_(found))
    )
    for question_id, value, text in session.execute(rows):
        found[question_id].append((value, text))
    return [summary_of(one, found[one.id]) for one in counted]


def summary_of(question: Question, answers: Sequence[tuple[object, str]]) -> Summary:
    """Count one question's answers: options in their own order, numbers from the least."""
    counted: Counter[str] = Counter(dict.fromkeys(question.settings.get("options", ()), 0))
    for value, text in answers:
        counted.update(map(str, value) if isinstance(value, list) else [text])
    words = sorted(counted, key=Decimal) if question.kind == COUNTED else list(counted)
    bars = tuple(Bar(word, counted[word], len(answers)) for word in words)
    return Summary(question, bars, len(answers), mean_of(counted) if question.kind == COUNTED else "")


def mean_of(counted: Mapping[str, int]) -> str:
    """Return the mean of numbers as people read it, to one place."""
    number = sum(counted.values())
    return f"{sum(Decimal(word) * times for word, times in counted.items()) / number:.1f}" if number else ""


def comments(opening_id: int) -> Select[Answer]:
    """Select what was written freely, in the order of the alphabet: that of writing could tell who it was."""
    free = [kind for kind in WRITTEN if kind != COUNTED]
    return (
        select(Answer)
        .join(Feedback, Feedback.answer_sheet_id == Answer.sheet_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Feedback.opening_id == opening_id, Question.kind.in_(free))
        .options(joinedload(Answer.question))
        .order_by(Question.position, Question.id, func.lower(Answer.text), Answer.id)
    )


def lines(session: Session, opening_id: int, questions: Sequence[Question]) -> list[list[str]]:
    """Return a line for each who answered, by their answers in the order of the alphabet."""
    rows = (
        select(AnswerSheet)
        .join(Feedback, Feedback.answer_sheet_id == AnswerSheet.id)
        .where(Feedback.opening_id == opening_id)
        .options(selectinload(AnswerSheet.answers))
    )
    found = [{one.question_id: one.text for one in sheet.answers} for sheet in session.scalars(rows)]
    return sorted([said.get(one.id, "") for one in questions] for said in found)


def still_to_ask(ids: Sequence[int]) -> Select[int]:
    """Select those of some registrations whose people came, and have said nothing yet though they are asked."""
    asked = select(FeedbackForm.opening_id)
    return (
        select(Registration.id)
        .distinct()
        .join(Seat, Seat.registration_id == Registration.id)
        .where(Registration.id.in_(ids), Registration.opening_id.in_(asked), Registration.state.in_(HOLDING))
        .where(Registration.person_id.is_not(None), Seat.attendance == Attendance.PRESENT)
        .where(Registration.id.not_in(select(FeedbackGiven.registration_id)))
    )
