"""Files of forms as they come in: how much of a request is read, and what a form holds from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request

from programme.core.database import begin_reading, go_on_writing
from programme.core.files.kinds import MEGABYTE
from programme.engines.questionnaire.kinds import KINDS
from programme.extensions import database_session
from programme.flows.answering.files import hold_files, keep_laid, lay_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.documents.shelf import Shelf
    from programme.engines.questionnaire.forms import QuestionsForm
    from programme.engines.questionnaire.kinds import Asked

REST_OF_FORM = 5 * MEGABYTE
MOST_AT_ONCE = 100 * MEGABYTE


def shelf() -> Shelf:
    """Return where files lie."""
    found: Shelf = current_app.extensions["shelf"]
    return found


def largest() -> int:
    """Return how many bytes a file may have."""
    return int(current_app.extensions["settings"].file_megabytes) * MEGABYTE


def expect_files(asked: Iterable[Asked]) -> None:
    """Take a request as large as the files that are asked for; to be said before anything of it is read.

    Room for twice each, so that a file that is too large is answered with a sentence, and the rest is not lost.
    """
    number = sum(KINDS[one.kind].takes_files for one in asked)
    if number:
        usual = request.max_content_length or 0
        request.max_content_length = max(usual, min(2 * number * largest() + REST_OF_FORM, MOST_AT_ONCE))


def take_files(form: QuestionsForm, *, subject: tuple[str, int] | None = None) -> None:
    """Let a form that was sent hold its files. What is new is written down at once: it waits, and is not lost.

    A form that is read again in the same request, as its opening changed, holds what came the first time.
    """
    if not form.has_files:
        return
    session = database_session()
    if "handed_in" not in g:
        g.handed_in = lay_files(session, form, request.files, shelf(), largest=largest())
        if g.handed_in:
            go_on_writing(session)
            keep_laid(session, g.handed_in, now=g.now)
            session.commit()
            begin_reading(session)
    hold_files(session, form, request.form, g.handed_in, subject=subject)
