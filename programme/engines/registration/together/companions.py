"""Who comes along with somebody: how many may, and the names as they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.web.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from programme.engines.registration.models import Opening

OTHERS = "others"
"""The field of the form that a refusal belongs to."""


def names_in(typed: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names among what was typed, without the lines left empty."""
    return tuple(name for name in (" ".join((text or "").split()) for text in typed) if name)


def refuse_too_many(opening: Opening, others: Sequence[str]) -> None:
    """Refuse to bring more people than an opening lets one bring."""
    if len(others) < opening.most_together or not others:
        return
    if opening.most_together == 1:
        raise Refusal("Everybody registers for themselves here: nobody can be brought along.", field=OTHERS)
    raise Refusal(f"You can bring {plural(opening.most_together - 1, 'other')} at most.", field=OTHERS)
