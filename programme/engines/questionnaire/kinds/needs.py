"""What people need, at table and to take part: boxes to tick, and a line for what no box says. Always sensitive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds.kind import Kind
from programme.engines.questionnaire.kinds.texts import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked


class Needs(Kind):
    """Some of the options, and anything else in one's own words."""

    wanted = "Choose at least one, or write what you need."
    has_options = has_several = is_sensitive = is_counted = True

    def value(self, asked: Asked, raw: Sequence[str]) -> list[str] | None:
        """Return the options in their own order, then what was written."""
        tidy = [" ".join(text.split()) for text in raw]
        chosen = [option for option in asked.options if option in tidy]
        other = "; ".join(dict.fromkeys(text for text in tidy if text not in asked.options))
        if len(other) > LONGEST_LINE:
            raise Refusal(f"Keep this to {LONGEST_LINE:,} characters.")
        return [*chosen, other] if other else chosen or None

    def text(self, value: Any) -> str:
        """Say the needs in one line."""
        return ", ".join(value)

    def typed(self, value: Any) -> list[str]:
        """Return the ticked boxes' values, and what was written."""
        return list(value)


class Dietary(Needs):
    """What somebody eats."""

    name, title = "dietary", "Dietary needs"
    about = "Boxes to tick, and a line for allergies. Always sensitive."
    usual_options = ("Vegetarian", "Vegan", "Halal", "Kosher", "No gluten", "No dairy", "No nuts")


class Access(Needs):
    """What somebody needs to take part."""

    name, title = "access", "Access needs"
    about = "Boxes to tick, and a line for anything else. Always sensitive."
    usual_options = (
        "Step-free access",
        "A hearing loop",
        "Live captions",
        "British Sign Language",
        "A seat near the door",
        "A quiet room",
        "Large print",
        "Coming with an assistant",
    )
