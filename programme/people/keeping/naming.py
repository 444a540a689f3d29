"""Where JSON names somebody, and the same without the name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, or_

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from programme.people.keeping.ports import Subject

GONE = "(deleted)"
NOTHING = "(?!)"


def names(column: Any, who: Subject) -> ColumnElement[bool]:
    """Whether the JSON of a column may name somebody; `without` looks closely."""
    text = func.lower(cast(column, String))
    return or_(*(text.contains(written(word), autoescape=True) for word in (who.address, who.name) if word))


def written(word: str) -> str:
    """Return a word as JSON has it in the database, in small letters."""
    return json.dumps(word)[1:-1].lower()


def without(kept: Any, who: Subject) -> Any:
    """Return what JSON holds without somebody's name and address, however deep they stand."""
    if isinstance(kept, str):
        return GONE if kept == who.name else pattern(who).sub(GONE, kept)
    if isinstance(kept, dict):
        return {key: without(value, who) for key, value in kept.items()}
    return [without(value, who) for value in kept] if isinstance(kept, list) else kept


def pattern(who: Subject) -> re.Pattern[str]:
    """Return what finds the address or the full name in a text; a single word may be anything ("Mark", "May")."""
    return found_in(telling(who))


def telling(who: Subject) -> list[str]:
    """Return the words that tell of somebody wherever they stand: the address, and a name of more than one word."""
    return [word for word in (who.address, who.name if len(who.name.split()) > 1 else "") if word]


def found_in(words: Collection[str]) -> re.Pattern[str]:
    """Return what finds one of some words in a text, not within another word; lines may break between their parts."""
    parted = [r"\s+".join(map(re.escape, word.split())) for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parted) or NOTHING})(?!\w)", re.IGNORECASE)
