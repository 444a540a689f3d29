"""Places of options: how many have chosen one that has a limit, and the refusal of one that is full."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, cast, func, select, union_all

from programme.core.refusal import Refusal
from programme.core.web.words import join_words
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.models import Companion, Registration
from programme.engines.registration.states import LIVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.kinds import Asked

    Full = Mapping[int, frozenset[str]]
    Taken = dict[int, Counter[str]]

ALIVE = (Registration.opening_id == bindparam("opening_id"), Registration.state.in_(LIVE))
COUNTED = (
    Answer.question_id.in_(bindparam("questions", expanding=True)),
    Answer.sheet_id != bindparam("apart_from"),
)
VALUES = (Answer.question_id, cast(Answer.value, String))
OWN = select(*VALUES, func.count()).join(Registration, Registration.answer_sheet_id == Answer.sheet_id)
OTHERS = (
    select(*VALUES, func.count())
    .join(Companion, Companion.answer_sheet_id == Answer.sheet_id)
    .join(Registration, Registration.id == Companion.registration_id)
)
CHOSEN = union_all(*(part.where(*ALIVE, *COUNTED).group_by(*VALUES) for part in (OWN, OTHERS)))
"""How often each value was chosen: by those who registered, and for those who come along."""


def limited(asked: Sequence[Asked]) -> list[Asked]:
    """Return the questions with an option that only so many may choose."""
    return [one for one in asked if one.places]


def full_options(session: Session, opening_id: int, asked: Sequence[Asked], *, apart_from: int = 0) -> Full:
    """Return the options of which every place is taken, by question: one query, none where nothing has a limit.

    Whoever is registered and has not ended counts, with a place or waiting for one: an option is kept for who moves up.
    `apart_from` is a sheet of answers that does not count, as it is to change.
    """
    found = limited(asked)
    taken = taken_of(session, opening_id, found, apart_from=apart_from) if found else {}
    return {one.id: frozenset(name for name, most in one.places if taken[one.id][name] >= most) for one in found}


def taken_of(session: Session, opening_id: int, found: Sequence[Asked], *, apart_from: int = 0) -> Taken:
    """Count how often each option of some questions was chosen: one query."""
    taken: Taken = {one.id: Counter() for one in found}
    asked_as = {number: one.id for one in found for number in (one.id, *one.succeeds)}
    values = {"opening_id": opening_id, "questions": list(asked_as), "apart_from": apart_from}
    for question_id, value, number in session.execute(CHOSEN, values):
        for option in several(json.loads(value)):
            taken[asked_as[question_id]][option] += number
    return taken


def wanted_by(asked: Sequence[Asked], sheets: Sequence[Mapping[int, Any]]) -> Taken:
    """Count how often each option is wanted by several who come together."""
    wanted: Taken = {one.id: Counter() for one in asked}
    for one in asked:
        for answers in sheets:
            wanted[one.id].update(options_in(one, answers))
    return wanted


def overfull(asked: Sequence[Asked], taken: Taken, wanted: Taken) -> str:
    """Say of which option less is left than is wanted; nothing where enough is left of each."""
    for one in asked:
        gone = [name for name, most in one.places if 0 < wanted[one.id][name] > most - taken[one.id][name]]
        if gone:
            return f"{said(in_words(one, gone))}. Choose another: {one.label}"
    return ""


def options_in(one: Asked, answers: Mapping[int, Any]) -> list[str]:
    """Return which options were chosen, by whichever of its versions the question was answered."""
    given = next((answers[number] for number in (one.id, *one.succeeds) if answers.get(number) is not None), None)
    return several(given) if given is not None else []


def in_words(one: Asked, options: Sequence[str]) -> list[str]:
    """Return options as people read them."""
    words = dict(KINDS[one.kind].choices(one))
    return [words.get(option, option) for option in options]


def several(value: Any) -> list[str]:
    """Return what was chosen as a list."""
    return list(map(str, value)) if isinstance(value, (list, dict)) else [str(value)]


def refuse_full(
    session: Session,
    opening_id: int,
    asked: Sequence[Asked],
    answers: Mapping[int, Any],
    *,
    apart_from: int = 0,
    kept: Mapping[int, Any] | None = None,
) -> None:
    """Refuse an option of which every place is taken. Only right on an opening that is locked.

    `kept` are answers given before: what somebody has already stays theirs.
    """
    full = full_options(session, opening_id, asked, apart_from=apart_from) if answers else {}
    for one in limited(asked):
        wanted = options_in(one, answers)
        former = [option for number in (one.id, *one.succeeds) for option in several((kept or {}).get(number) or [])]
        gone = [option for option in wanted if option in full.get(one.id, ()) and option not in former]
        if gone:
            raise Refusal(f"{said(in_words(one, gone))}. Choose another: {one.label}", field=f"q{one.id}")


def said(options: Sequence[str]) -> str:
    """Say that options are full."""
    return f"{join_words(f'“{option}”' for option in options)} {'is' if len(options) == 1 else 'are'} full"
