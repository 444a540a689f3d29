"""Verbs of forms: questions change without touching what was answered, and answers are kept with their version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds import KINDS, Asked, decimal, whole
from programme.engines.questionnaire.models import Answer, AnswerSheet, Question, Questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

FEWEST_OPTIONS, MOST_OPTIONS = 2, 50
FIELDS = ("kind", "label", "hint", "is_required", "is_sensitive", "settings")


def new_questionnaire(session: Session, *, now: datetime) -> Questionnaire:
    """Make an empty form."""
    row = Questionnaire(version=1, created_at=now, questions=[])
    session.add(row)
    session.flush()
    return row


def current_questions(questionnaire: Questionnaire) -> list[Question]:
    """Return the questions that are asked now, in their order."""
    return [question for question in questionnaire.questions if question.retired_in is None]


def asked_by(questionnaire: Questionnaire | None) -> tuple[Asked, ...]:
    """Return what a form asks now, as its kinds read it."""
    return tuple(asked_of(question) for question in current_questions(questionnaire)) if questionnaire else ()


def asked_of(question: Question) -> Asked:
    """Return one question as its kind reads it."""
    return Asked(
        id=question.id,
        kind=question.kind,
        label=question.label,
        hint=question.hint,
        is_required=question.is_required,
        options=tuple(question.settings.get("options", ())),
        least=str(question.settings.get("least", "")),
        most=str(question.settings.get("most", "")),
    )


def add_question(
    session: Session,
    questionnaire: Questionnaire,
    *,
    kind: str,
    label: str,
    hint: str = "",
    is_required: bool = False,
    is_sensitive: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> Question:
    """Ask one more question, after the others."""
    check_question(kind, label, settings or {})
    raise_version(session, questionnaire)
    question = Question(
        questionnaire_id=questionnaire.id,
        position=1 + max((row.position for row in questionnaire.questions), default=0),
        kind=kind,
        label=label,
        hint=hint,
        is_required=is_required,
        is_sensitive=is_sensitive,
        settings=dict(settings or {}),
        added_in=questionnaire.version,
    )
    questionnaire.questions.append(question)
    session.flush()
    return question


def change_question(session: Session, question: Question, **changes: Any) -> Question:
    """Change a question: in place while nobody answered it, else it is retired and succeeded in its place.

    Returns the question that is asked now.
    """
    values = {name: changes.get(name, getattr(question, name)) for name in FIELDS}
    check_question(values["kind"], values["label"], values["settings"])
    if not is_answered(session, question):
        for name, value in values.items():
            setattr(question, name, value)
        session.flush()
        return question
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    retire_question(session, question)
    successor = Question(
        questionnaire_id=questionnaire.id, position=question.position, added_in=questionnaire.version, **values
    )
    questionnaire.questions.append(successor)
    session.flush()
    return successor


def retire_question(session: Session, question: Question) -> None:
    """Stop asking a question; one that nobody answered goes altogether."""
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    if not is_answered(session, question):
        session.delete(question)
        session.flush()
        session.expire(questionnaire, ["questions"])
        return
    raise_version(session, questionnaire)
    question.retired_in = questionnaire.version
    session.flush()


def move_question(session: Session, question: Question, *, steps: int) -> None:
    """Move a question up (negative) or down among those asked now."""
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    asked = sorted(current_questions(questionnaire), key=lambda row: (row.position, row.id))
    place = asked.index(question)
    asked.insert(max(0, min(len(asked) - 1, place + steps)), asked.pop(place))
    for number, row in enumerate(asked, start=1):
        row.position = number
    session.flush()
    session.expire(questionnaire, ["questions"])


def copy_questionnaire(session: Session, questionnaire: Questionnaire, *, now: datetime) -> Questionnaire:
    """Make another form that asks the same now, without any answers."""
    copy = new_questionnaire(session, now=now)
    for number, question in enumerate(current_questions(questionnaire), start=1):
        values = {name: getattr(question, name) for name in FIELDS}
        copy.questions.append(Question(questionnaire_id=copy.id, position=number, added_in=1, **values))
    session.flush()
    return copy


def answer(session: Session, questionnaire: Questionnaire, values: Mapping[int, Any], *, now: datetime) -> AnswerSheet:
    """Keep answers, by question, with the version of the form they were given to. Values are as the kinds read them."""
    sheet = AnswerSheet(questionnaire_id=questionnaire.id, version=questionnaire.version, answered_at=now)
    sheet.answers = answers_of(questionnaire, values)
    session.add(sheet)
    return sheet


def answer_again(session: Session, sheet: AnswerSheet, values: Mapping[int, Any], *, now: datetime) -> None:
    """Replace the answers to what is asked now; answers to questions no longer asked stay."""
    questionnaire = session.get_one(Questionnaire, sheet.questionnaire_id)
    asked = {question.id for question in current_questions(questionnaire)}
    kept = [row for row in sheet.answers if row.question_id not in asked]
    former = {row.question_id: row for row in sheet.answers if row.question_id in asked}
    for fresh in answers_of(questionnaire, values):
        row = former.get(fresh.question_id, fresh)
        row.value, row.text = fresh.value, fresh.text
        kept.append(row)
    for question_id, row in former.items():
        if values.get(question_id) is None:
            session.delete(row)
    sheet.answers = kept
    sheet.version, sheet.answered_at = questionnaire.version, now
    session.flush()


def answers_of(questionnaire: Questionnaire, values: Mapping[int, Any]) -> list[Answer]:
    """Return a row for each question that is asked now and was answered."""
    return [
        Answer(question_id=question.id, value=values[question.id], text=KINDS[question.kind].text(values[question.id]))
        for question in current_questions(questionnaire)
        if values.get(question.id) is not None
    ]


def raise_version(session: Session, questionnaire: Questionnaire) -> None:
    """Begin a new version where somebody answered the present one."""
    present = exists().where(
        AnswerSheet.questionnaire_id == questionnaire.id, AnswerSheet.version == questionnaire.version
    )
    if session.scalar(select(present)):
        questionnaire.version += 1
        session.flush()


def is_answered(session: Session, question: Question) -> bool:
    """Whether somebody answered a question."""
    return bool(session.scalar(select(exists().where(Answer.question_id == question.id))))


def check_question(kind: str, label: str, settings: Mapping[str, Any]) -> None:
    """Refuse a question that nobody could answer."""
    if kind not in KINDS:
        raise Refusal("Choose what kind of question this is.", field="kind")
    if not label.strip():
        raise Refusal("Write the question.", field="label")
    if KINDS[kind].has_options:
        check_options(settings.get("options", ()))
    if KINDS[kind].has_bounds:
        check_bounds(kind, str(settings.get("least", "")), str(settings.get("most", "")))


def check_options(options: Sequence[str]) -> None:
    """Refuse too few, too many or equal options."""
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Refusal(f"Give {FEWEST_OPTIONS} to {MOST_OPTIONS} options, one on each line.", field="options")
    if len(set(options)) < len(options) or not all(option.strip() for option in options):
        raise Refusal("Make each option different, and leave none empty.", field="options")


def check_bounds(kind: str, least: str, most: str) -> None:
    """Refuse bounds that are no numbers or leave nothing between them."""
    low, high = decimal(least), decimal(most)
    if (least and low is None) or (most and high is None):
        raise Refusal("Give the bounds in digits.", field="least")
    if low is not None and high is not None and low > high:
        raise Refusal("The lower bound is above the upper one.", field="least")
    if kind == "many_of" and any(bound and not whole(bound) for bound in (least, most)):
        raise Refusal("Give whole numbers above 0.", field="least")
