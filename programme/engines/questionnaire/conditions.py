"""Verbs of when a question is asked: only after an answer, always; of answers that end a form; of places of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.questionnaire.actions import asked_by, asked_of, current_questions, raise_version
from programme.engines.questionnaire.checking import check_conditions
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import Questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question


def sources(questionnaire: Questionnaire, question: Question) -> list[Question]:
    """Return the questions by whose answers another may be asked: those before it that offer a choice."""
    rows = current_questions(questionnaire)
    return [row for row in rows[: rows.index(question)] if KINDS[row.kind].choices(asked_of(row))]


def ask_only_if(session: Session, question: Question, source: Question, answers: Sequence[str]) -> None:
    """Ask a question, or a whole section, only if the answer to an earlier question is one of some."""
    if not answers:
        raise Refusal("Tick at least one answer.", field="answers")
    ruled(session, question, {"condition": {"question": source.id, "answers": list(answers)}})


def ask_always(session: Session, question: Question) -> None:
    """Ask a question whatever was answered before."""
    ruled(session, question, {"condition": None})


def end_form_at(session: Session, question: Question, answers: Sequence[str], words: str) -> None:
    """Let some answers end the form, with words for whoever gave them; no answers let it go on."""
    if answers and not words.strip():
        raise Refusal("Write what people read whose answer ends the form.", field="words")
    offered = [sent for sent, _ in KINDS[question.kind].choices(asked_of(question))]
    if answers and set(offered) <= set(answers):
        raise Refusal("Leave at least one answer with which people can register.", field="answers")
    ruled(session, question, {"ends": list(answers), "end_words": words.strip() if answers else ""})


def limit_options(session: Session, question: Question, places: Mapping[str, int]) -> None:
    """Say how many may choose an option; what is not named has no limit. Asks nothing else, so no new version."""
    if not KINDS[question.kind].has_places:
        raise Refusal("Only options to choose among have places.")
    offered = question.settings.get("options", ())
    kept = {option: places[option] for option in offered if option in places}
    question.settings = {name: value for name, value in question.settings.items() if name != "places"}
    if kept:
        question.settings = {**question.settings, "places": kept}
    session.flush()


def ruled(session: Session, question: Question, rules: Mapping[str, Any]) -> None:
    """Give a question rules, in a new version where the present one was answered; empty ones are taken away."""
    questionnaire = session.get_one(Questionnaire, question.questionnaire_id)
    raise_version(session, questionnaire)
    settings = {**question.settings, **rules}
    question.settings = {name: value for name, value in settings.items() if value or name not in rules}
    session.flush()
    check_conditions(current_questions(questionnaire), asked_by(questionnaire))
    session.flush()
