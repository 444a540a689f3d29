"""Options of those who come back: whoever was refused let go of theirs, and others may have taken them since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.openings.options import limited, overfull, taken_of, wanted_by
from programme.engines.registration.openings.parts import with_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening, Registration


def without_options(session: Session, opening: Opening, rows: Sequence[Registration]) -> dict[int, str]:
    """Return which of several who were refused lack an option, or a part, if they come back in this order, with why.

    All of a group come back together: of an option there must be enough for each of them who chose it.
    """
    asked = limited(with_parts(session, opening.id, asked_by(opening.questionnaire))) if rows else []
    if not asked:
        return {}
    taken, found = taken_of(session, opening.id, asked), dict[int, str]()
    for row in rows:
        sheets = filter(None, [row.answer_sheet, *(one.answer_sheet for one in row.companions)])
        wanted = wanted_by(asked, [{one.question_id: one.value for one in sheet.answers} for sheet in sheets])
        because = overfull(asked, taken, wanted)
        if because:
            found[row.id] = because
            continue
        for number, options in wanted.items():
            taken[number] += options
    return found
