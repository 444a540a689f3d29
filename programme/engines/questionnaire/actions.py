"""Verbs of forms: questions change without touching what was answered, and answers are kept with their version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from programme.engines.questionnaire.checking import check_conditions, check_number, check_question
from programme.engines.questionnaire.kinds import KINDS, Asked, Condition
from programme.engines.questionnaire.models import Answer, AnswerSheet, Question, Questionnaire
from programme.engines.questionnaire.showing import has_rules, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

FIELDS = ("kind", "label", "hint", "is_required", "is_sensitive", "settings")


def new_questionnaire(session: Session, *, now: datetime) -> Questionnaire:
    """Make an empty form."""
    row = Questionnaire(version=1, created_at=now, questions=[])
    session.add(row)
    session.flush()
    return row


def read_afresh(session: Session, questionnaire: Questionnaire) -> None:
    """Read a form and its questions again, as others may have changed them while its lock was waited for."""
    for question in questionnaire.questions:
        session.expire(question)
    session.expire(questionnaire)


def current_questions(questionnaire: Questionnaire) -> list[Question]:
    """Return the questions that are asked now, in their order."""
    asked = (question for question in questionnaire.questions if question.retired_in is None)
    return sorted(asked, key=lambda row: (row.position, row.id))


def asked_by(questionnaire: Questionnaire | None) -> tuple[Asked, ...]:
    """Return what a form asks now, as its kinds read it."""
    return tuple(asked_of(question) for question in current_questions(questionnaire)) if questionnaire else ()


def asked_of(question: Question) -> Asked:
    """Return one question as its kind reads it."""
    settings = question.settings
    return Asked(
        id=question.id,
        kind=question.kind,
        label=question.label,
        hint=question.hint,
        is_required=question.is_required,
        options=tuple(settings.get("options", ())),
        least=str(settings.get("least", "")),
        most=str(settings.get("most", "")),
        condition=condition_of(question),
        ends=tuple(settings.get("ends", ())),
        end_words=settings.get("end_words", ""),
        places=tuple(settings.get("places", {}).items()),
        succeeds=tuple(settings.get("succeeds", ())),
        accepts=tuple(settings.get("accepts", ())),
    )


def condition_of(question: Question) -> Condition | None:
    """Return the condition under which a question is asked; None where it always is."""
    kept = question.settings.get("condition")
    return Condition(kept["question"], tuple(kept["answers"])) if kept else None


def add_question(session: Session, questionnaire: Questionnaire, **given: Any) -> Question:
    """Ask one more question, after the others; in a section, it is asked and kept as the section is."""
    question = append_question(session, questionnaire, **given)
    check_conditions(current_questions(questionnaire), asked_by(questionnaire))
    session.flush()
    return question


def append_question(
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
    """Put one more question behind the others, whose conditions are to be checked yet."""
    settings = with_usual_options(kind, settings or {})
    check_question(kind, label, settings)
    check_number(1 + len(current_questions(questionnaire)))
    raise_version(session, questionnaire)
    question = Question(
        questionnaire_id=questionnaire.id,
        position=1 + max((row.position for row in questionnaire.questions), default=0),
        kind=kind,
        label=label,
        hint=hint,
        is_required=is_required and KINDS[kind].asks,
        is_sensitive=is_sensitive or KINDS[kind].is_sensitive,
        settings=settings,
        added_in=questionnaire.version,
    )
    questionnaire.questions.append(question)
    session.flush()
    return question


def with_usual_options(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a kind needs, with its usual options where it has some and none are given."""
    usual = list(KINDS[kind].usual_options) if kind in KINDS else []
    return {**({"options": usual} if usual and not settings.get("options") else {}), **settings_given(settings)}


def settings_given(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings without an empty list of options."""
    return {name: value for name, value in settings.items() if name != "options" or value}


def change_question(session: Session, question: Question, **changes: Any) -> Question:
    """Change a question: in place while nobody answered it, else it is retired and succeeded in its place.

    When it is asked, which of its answers end the form and how many places its options have stay with it, as far as
    its answers are still the same. Returns the question that is asked now.
    """
    values = changed_values(question, changes)
    check_question(values["kind"], values["label"], values["settings"])
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    raise_version(session, questionnaire)
    if is_answered(session, question):
        return succeed(session, questionnaire, question, values)
    for name, value in values.items():
        setattr(question, name, value)
    session.flush()
    check_conditions(current_questions(questionnaire), asked_by(questionnaire))
    return question


def changed_values(question: Question, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that a question will be."""
    values = {name: changes.get(name, getattr(question, name)) for name in FIELDS}
    kind = KINDS.get(values["kind"])
    if kind is not None:
        settings = with_usual_options(kind.name, values["settings"])
        values["settings"] = {**settings, **rules_that_stay(question, kind.name, settings.get("options", ()))}
        values["is_sensitive"] = values["is_sensitive"] or kind.is_sensitive
        values["is_required"] = values["is_required"] and kind.asks
    return values


def rules_that_stay(question: Question, kind: str, options: Sequence[str]) -> dict[str, Any]:
    """Return a question's rules, but for those about answers that it will not have any more."""
    former = question.settings
    offered = [sent for sent, _ in KINDS[kind].choices(Asked(id=0, kind=kind, label="", options=tuple(options)))]
    ends = [answer for answer in former.get("ends", ()) if answer in offered]
    places = {one: number for one, number in former.get("places", {}).items() if one in offered}
    return {
        **({"condition": former["condition"]} if former.get("condition") else {}),
        **({"ends": ends, "end_words": former.get("end_words", "")} if ends else {}),
        **({"places": places} if places and KINDS[kind].has_places else {}),
        **({"succeeds": former["succeeds"]} if former.get("succeeds") else {}),
    }


def succeed(session: Session, questionnaire: Questionnaire, former: Question, values: Mapping[str, Any]) -> Question:
    """Retire a question and ask another in its place; what depended on the former depends on its successor."""
    former.retired_in = questionnaire.version
    succeeds = [*former.settings.get("succeeds", ()), former.id]
    values = {**values, "settings": {**values["settings"], "succeeds": succeeds}}
    place = {"position": former.position, "added_in": questionnaire.version}
    successor = Question(questionnaire_id=questionnaire.id, **place, **values)
    questionnaire.questions.append(successor)
    session.flush()
    point_to(current_questions(questionnaire), {former.id: successor.id})
    session.flush()
    check_conditions(current_questions(questionnaire), asked_by(questionnaire))
    return successor


def point_to(questions: Iterable[Question], successors: Mapping[int, int]) -> None:
    """Let conditions on questions go by their successors."""
    for row in questions:
        condition = condition_of(row)
        if condition is not None and condition.question in successors:
            renewed = {"question": successors[condition.question], "answers": list(condition.answers)}
            row.settings = {**row.settings, "condition": renewed}


def retire_question(session: Session, question: Question) -> None:
    """Stop asking a question; one that nobody answered goes altogether. Refusal while another depends on it."""
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    others = [row for row in current_questions(questionnaire) if row is not question]
    check_conditions(others, tuple(map(asked_of, others)))
    raise_version(session, questionnaire)
    if is_answered(session, question):
        question.retired_in = questionnaire.version
    else:
        session.delete(question)
    session.flush()
    session.expire(questionnaire, ["questions"])


def copy_questionnaire(session: Session, questionnaire: Questionnaire, *, now: datetime) -> Questionnaire:
    """Make another form that asks the same now, without any answers."""
    copy = new_questionnaire(session, now=now)
    copy_questions(session, questionnaire, copy)
    return copy


def copy_questions(session: Session, source: Questionnaire, target: Questionnaire) -> None:
    """Add the questions of one form to another, after its own; conditions go by the copies."""
    check_number(len(current_questions(source)) + len(current_questions(target)))
    values = {row.id: {name: getattr(row, name) for name in FIELDS} for row in current_questions(source)}
    for given in values.values():
        given["settings"] = {name: value for name, value in given["settings"].items() if name != "succeeds"}
    copies = {former: append_question(session, target, **given) for former, given in values.items()}
    point_to(copies.values(), {former: row.id for former, row in copies.items()})
    session.flush()
    check_conditions(current_questions(target), asked_by(target))


def answer(session: Session, questionnaire: Questionnaire, values: Mapping[int, Any], *, now: datetime) -> AnswerSheet:
    """Keep answers, by question, with the version of the form they were given to. Values are as the kinds read them."""
    sheet = AnswerSheet(questionnaire_id=questionnaire.id, version=questionnaire.version, answered_at=now)
    sheet.answers = answers_of(questionnaire, values)
    session.add(sheet)
    return sheet


def answer_again(session: Session, sheet: AnswerSheet, values: Mapping[int, Any], *, now: datetime) -> None:
    """Replace the answers to what is asked now; answers to questions no longer asked stay.

    Not those to a question whose successor is answered now: what somebody chose counts once.
    """
    questionnaire = session.get_one(Questionnaire, sheet.questionnaire_id)
    asked = {question.id for question in current_questions(questionnaire)}
    kept = [row for row in sheet.answers if row.question_id not in asked]
    former = {row.question_id: row for row in sheet.answers if row.question_id in asked}
    for fresh in answers_of(questionnaire, values):
        row = former.pop(fresh.question_id, fresh)
        row.value, row.text = fresh.value, fresh.text
        kept.append(row)
    replaced = {one for asked_now in asked_by(questionnaire) if asked_now.id in values for one in asked_now.succeeds}
    for row in [*former.values(), *(row for row in kept if row.question_id in replaced)]:
        session.delete(row)
    sheet.answers = [row for row in kept if row.question_id not in replaced]
    sheet.version, sheet.answered_at = questionnaire.version, now
    session.flush()


def answers_of(questionnaire: Questionnaire, values: Mapping[int, Any]) -> list[Answer]:
    """Return a row for each question that is asked now, by the answers to those before it, and was answered."""
    given = {
        question: values[question.id]
        for question in current_questions(questionnaire)
        if values.get(question.id) is not None and KINDS[question.kind].asks
    }
    ids = asked_after(questionnaire, values) if given else frozenset()
    return [
        Answer(question_id=question.id, value=value, text=KINDS[question.kind].text(value))
        for question, value in given.items()
        if question.id in ids
    ]


def asked_after(questionnaire: Questionnaire, values: Mapping[int, Any]) -> frozenset[int]:
    """Return the ids of the questions that are asked, given the values of all.

    An answer that ends the form is refused before; an organiser who adds somebody by hand may give it all the same.
    """
    questions = tuple(replace(asked, ends=()) for asked in asked_by(questionnaire))
    if not has_rules(questions):
        return frozenset(asked.id for asked in questions)
    kinds = {asked.id: KINDS[asked.kind] for asked in questions}
    given = {one: value for one, value in values.items() if value is not None and one in kinds}
    return shown(questions, {one: kinds[one].chosen(kinds[one].typed(value)) for one, value in given.items()}).ids


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
