"""Answers beside a roll: which questions have been asked, who may read them, and the texts for a page of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.follow_ups.queries import second_form, sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Questionnaire
    from programme.engines.registration.models import Opening, Registration
    from programme.engines.registration.openings.rights import Reach

Texts = dict[int, dict[int, str]]
"""Answers as people read them: by registration, or by sheet of who comes along, then by question."""


def questions_of(questionnaire: Questionnaire | None) -> list[Question]:
    """Return every question there ever was, of those that ask: those asked now, then the retired ones."""
    rows = [row for row in questionnaire.questions if KINDS[row.kind].asks] if questionnaire else []
    return sorted(rows, key=lambda row: (row.retired_in is not None, row.position, row.id))


def readable(questions: Iterable[Question], reach: Reach) -> list[Question]:
    """Return the questions to which somebody may read any answer."""
    return [row for row in questions if reach.is_any or not row.is_sensitive]


def texts_of(session: Session, rows: Sequence[Registration], questions: Sequence[Question], *, reach: Reach) -> Texts:
    """Return the answers of some registrations to some questions, in one query; sensitive ones within `reach`.

    Those to the follow-up form are among them.
    """
    by_id = {row.id: row for row in rows}
    homes = homes_of(session, rows) if questions else {}
    sheets = {sheet: (row_id, by_id[row_id]) for sheet, row_id in homes.items()}
    return texts_on(session, sheets, questions, reach=reach)


def texts_of_companions(
    session: Session, rows: Sequence[Registration], questions: Sequence[Question], *, reach: Reach
) -> Texts:
    """Return the same of those who come along, by sheet; who registered them decides who may read what is sensitive."""
    brought = [(one.answer_sheet_id, row) for row in rows for one in row.companions]
    sheets = {sheet: (sheet, row) for sheet, row in brought if sheet is not None}
    return texts_on(session, sheets, questions, reach=reach)


def texts_on(
    session: Session,
    sheets: Mapping[int, tuple[int, Registration]],
    questions: Sequence[Question],
    *,
    reach: Reach,
) -> Texts:
    """Return the answers on some sheets, each under a number, and of a registration."""
    if not sheets or not questions:
        return {}
    statement = select(Answer.sheet_id, Answer.question_id, Answer.text).where(
        Answer.sheet_id.in_(list(sheets)), Answer.question_id.in_([question.id for question in questions])
    )
    secret = {question.id for question in questions if question.is_sensitive}
    open_to = {sheet for sheet, (_, row) in sheets.items() if reach.covers(row.organisation_id)}
    found: Texts = {}
    for sheet_id, question_id, text in session.execute(statement):
        if question_id not in secret or sheet_id in open_to:
            found.setdefault(sheets[sheet_id][0], {})[question_id] = text
    return found


def homes_of(session: Session, rows: Sequence[Registration]) -> dict[int, int]:
    """Return whose answers each sheet holds, those to the follow-up form among them: registrations by sheet."""
    first = {row.answer_sheet_id: row.id for row in rows if row.answer_sheet_id is not None}
    second = sheets_of(session, [row.id for row in rows])
    return {**first, **{sheet: row_id for row_id, sheet in second.items() if sheet is not None}}


def every_question(session: Session, opening: Opening) -> list[Question]:
    """Return every question there ever was, of the form and then of the follow-up form."""
    return [*questions_of(opening.questionnaire), *questions_of(second_form(session, opening))]


def line_of(row: Registration, questions: Sequence[Question], texts: Texts, *, reach: Reach, holder: str) -> list[str]:
    """Return one person's answers in the order of the questions; nothing where none was given.

    What `reach` does not cover says who holds it, whether it was answered or not: that, too, is theirs to know.
    """
    return line_for(row.id, row, questions, texts, reach=reach, holder=holder)


def line_for(
    number: int | None, row: Registration, questions: Sequence[Question], texts: Texts, *, reach: Reach, holder: str
) -> list[str]:
    """Return the answers under one number, of a registration, in the order of the questions."""
    given: Mapping[int, str] = texts.get(number or 0, {})
    withheld = "" if reach.covers(row.organisation_id) else f"held by {holder}"
    return [withheld if withheld and question.is_sensitive else given.get(question.id, "") for question in questions]
