"""Files of a form: laid down as they come, held while the rest is put right, and put to the answers that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.documents.actions import GONE, forget_others, put_to, refuse_flood, take_in
from programme.engines.documents.queries import free_or_of
from programme.engines.documents.shelf import Laid
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.kinds.files import FILE, most_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import FileStorage, MultiDict

    from programme.engines.documents.shelf import Shelf
    from programme.engines.questionnaire.forms import QuestionsForm
    from programme.engines.questionnaire.models import AnswerSheet, Questionnaire

    Outcomes = Mapping[str, Laid | str]

SHEET = "answer_sheet"
"""What files of answers belong to; their part is the question."""


def lay_files(
    session: Session, form: QuestionsForm, files: MultiDict[str, FileStorage], shelf: Shelf, *, largest: int
) -> dict[str, Laid | str]:
    """Lay down what came with a form, by field: what lies now, or the sentence why it was not taken.

    `largest` is how many bytes a file may have in this installation.
    """
    kinds = {f"q{one.id}": one for one in form.asked if one.kind == FILE}
    found: dict[str, Laid | str] = {}
    for field in form.files():
        file, asked = files.get(field.name), kinds[field.name]
        if file is None or not file.filename:
            continue
        try:
            refuse_flood(session)
            most = min(most_bytes(asked), largest)
            found[field.name] = shelf.lay(file.stream, file.filename, accepts=asked.accepts, most=most)
        except Refusal as refusal:
            found[field.name] = refusal.sentence
    for file in files.values():
        file.close()
    return found


def keep_laid(session: Session, outcomes: Outcomes, *, now: datetime) -> None:
    """Write down what lies; it waits for its form."""
    for laid in outcomes.values():
        if isinstance(laid, Laid):
            take_in(session, laid, now=now)


def hold_files(
    session: Session,
    form: QuestionsForm,
    sent: Mapping[str, str],
    outcomes: Outcomes,
    *,
    subject: tuple[str, int] | None = None,
) -> None:
    """Let a form hold its files: what came now, else what it held before, if that waits still or belongs to `subject`.

    What came and was not taken leaves what was held before where it is.
    """
    fields = form.files()
    tokens = {field.held["token"] for field in fields if field.held}
    known = free_or_of(session, tokens, subject=subject) if tokens else {}
    for field in fields:
        held, came = field.held, outcomes.get(field.name)
        row = known.get(held["token"]) if held else None
        if isinstance(came, Laid):
            field.hold(came.token, came.size, came.name)
        elif sent.get(field.left_out) or not field.data:
            field.drop()
        elif row is None:
            field.drop(GONE.format(name=held["name"]) if held else "")
        else:
            field.hold(row.token, row.size, row.name)
        if isinstance(came, str):
            field.trouble = came


def settle_files(session: Session, questionnaire: Questionnaire, sheet: AnswerSheet, *, now: datetime) -> None:
    """Let files belong to the answers that name them, and forget those that none names any more.

    Refusal where an answer names a file that is gone or another's. What is kept is what we know of it, not what the
    form said.
    """
    asking = {row.id for row in questionnaire.questions if row.kind == FILE}
    if not asking:
        return
    session.flush()
    subject, kept = (SHEET, sheet.id), []
    for one in sheet.answers:
        if one.question_id in asking:
            row = put_to(session, one.value["file"], subject=subject, part=one.question_id, name=one.value["name"])
            one.value = {"file": row.token, "size": row.size, "name": row.name}
            one.text = KINDS[FILE].text(one.value)
            kept.append(row.token)
    forget_others(session, subject, kept=kept, now=now)
    session.flush()
