"""Where JSON names somebody, and the same without the name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, or_

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from programme.people.keeping.ports import Subject

GONE = "(deleted)"


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
    words = [who.address, *([who.name] if " " in who.name else [])]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
