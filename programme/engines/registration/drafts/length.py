"""Whether a form is long enough to be worth saving as one goes, and whether it still asks the same. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from programme.engines.questionnaire.kinds import KINDS, SECTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.engines.questionnaire.kinds import Asked

MANY_QUESTIONS, MANY_SECTIONS = 10, 2


def is_long(asked: Sequence[Asked]) -> bool:
    """Whether a form takes more than a minute: many questions, several sections, or a file to look for."""
    kinds = [KINDS[one.kind] for one in asked]
    sections = sum(kind.name == SECTION for kind in kinds)
    questions = sum(kind.asks for kind in kinds)
    return questions >= MANY_QUESTIONS or sections >= MANY_SECTIONS or any(kind.takes_files for kind in kinds)


def print_of(asked: Sequence[Asked]) -> str:
    """Return what is another text after any change of a form."""
    return hashlib.sha256(repr(tuple(asked)).encode()).hexdigest()


def carried_over(texts: Mapping[str, list[str]], asked: Sequence[Asked]) -> dict[str, list[str]]:
    """Return what was typed, an answer to a question that was changed meanwhile in its successor's place."""
    found = dict(texts)
    for one in asked:
        former = [f"q{number}" for number in reversed(one.succeeds) if f"q{number}" in texts]
        if former and f"q{one.id}" not in texts:
            found[f"q{one.id}"] = list(texts[former[0]])
    return found
