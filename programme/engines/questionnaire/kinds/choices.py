"""Answers that are chosen: yes or no, one, some, a country, consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.questionnaire.kinds.countries import COUNTRIES
from programme.engines.questionnaire.kinds.kind import Kind
from programme.engines.questionnaire.kinds.numbers import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.questionnaire.kinds.asked import Asked

YES = "yes"
PARTS = "parts"


class YesNo(Kind):
    """Yes or no, neither chosen beforehand."""

    name, title = "yes_no", "Yes or no"
    about = "Neither is chosen beforehand."
    wanted = "Choose yes or no."
    is_counted = True

    def read(self, asked: Asked, raw: Sequence[str]) -> bool | None:
        """Return whether it was yes: a no is an answer too."""
        chosen = {"yes": True, "no": False}.get(raw[0].strip()) if raw else None
        if chosen is None and (asked.is_required or any(text.strip() for text in raw)):
            raise Refusal(self.missing(asked))
        return chosen

    def text(self, value: Any) -> str:
        """Say yes or no."""
        return "Yes" if value else "No"

    def typed(self, value: Any) -> list[str]:
        """Return the chosen radio's value."""
        return ["yes" if value else "no"]

    def choices(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        """Return the two radios."""
        del asked
        return (("yes", "Yes"), ("no", "No"))

    def chosen(self, raw: Sequence[str]) -> frozenset[str]:
        """Return the radio that counts: the first."""
        return frozenset(text.strip() for text in raw[:1] if text.strip())


class OneOf(Kind):
    """One of the options."""

    name, title = "one_of", "One of"
    about = "Exactly one of your options."
    wanted = "Choose one."
    has_options = has_places = is_counted = True

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the option, or refuse one that is not offered."""
        chosen = raw[0] if raw else None
        if chosen is not None and chosen not in asked.options:
            raise Refusal("Choose one of the options.")
        return chosen

    def chosen(self, raw: Sequence[str]) -> frozenset[str]:
        """Return the radio that counts: the first."""
        return frozenset([text for text in raw if text.strip()][:1])


class ManyOf(Kind):
    """Some of the options, perhaps at least and at most so many."""

    name, title = "many_of", "Many of"
    about = "Any number of your options."
    wanted = "Choose at least one."
    has_options = has_places = has_bounds = has_several = is_counted = True

    def value(self, asked: Asked, raw: Sequence[str]) -> list[str] | None:
        """Return the options in their own order."""
        if any(text not in asked.options for text in raw):
            raise Refusal("Choose among the options.")
        chosen = [option for option in asked.options if option in raw]
        refuse_number(asked, len(chosen))
        return chosen or None

    def text(self, value: Any) -> str:
        """Say the options in one line."""
        return ", ".join(value)

    def typed(self, value: Any) -> list[str]:
        """Return the ticked boxes' values."""
        return list(value)


class Parts(Kind):
    """Some of an event's parts, handed down with the question; kept by id with the words that stood there then."""

    name, title = PARTS, "Parts of the event"
    about = "The events that are part of this one, as they are in the calendar; how many fit is their room’s capacity."
    wanted = "Choose at least one."
    has_bounds = has_several = is_counted = True

    def value(self, asked: Asked, raw: Sequence[str]) -> dict[str, str] | None:
        """Return the parts in their own order, each with its words."""
        offered = dict(asked.parts)
        if any(text not in offered for text in raw):
            raise Refusal("One of the parts you chose is not offered any more. Choose again.")
        chosen = {number: words for number, words in asked.parts if number in raw}
        refuse_number(asked, len(chosen))
        return chosen or None

    def text(self, value: Any) -> str:
        """Say the parts as they were called when they were chosen."""
        return "; ".join(value.values())

    def typed(self, value: Any) -> list[str]:
        """Return the ticked boxes' values."""
        return list(value)

    def choices(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        """Return the parts that there are now."""
        return asked.parts


def refuse_number(asked: Asked, number: int) -> None:
    """Refuse fewer or more choices than the question takes."""
    least, most = whole(asked.least), whole(asked.most)
    if (number or asked.is_required) and least and number < least:
        raise Refusal(f"Choose at least {least}.")
    if most and number > most:
        raise Refusal(f"Choose at most {most}.")


class Country(Kind):
    """A country, kept by its two letters."""

    name, title = "country", "Country"
    about = "From the list of all countries."
    wanted = "Choose a country."

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the country's two letters."""
        del asked
        chosen = raw[0] if raw else None
        if chosen is not None and chosen not in COUNTRIES:
            raise Refusal("Choose a country from the list.")
        return chosen

    def text(self, value: Any) -> str:
        """Say the country's name."""
        return COUNTRIES[value]


class Consent(Kind):
    """A box to tick; never ticked beforehand, and kept only where it was ticked, with the very words agreed to."""

    name, title = "consent", "Consent"
    about = "A box to tick; its exact words are kept with the answer. People who must tick it cannot register without."
    wanted = "Tick the box to agree"
    is_counted = True

    def value(self, asked: Asked, raw: Sequence[str]) -> str | None:
        """Return the words beside the box where it was ticked."""
        return "\n".join(filter(None, (asked.label, asked.hint))) if raw else None

    def text(self, value: Any) -> str:
        """Say that consent was given."""
        return "Agreed" if value else "Not agreed"

    def typed(self, value: Any) -> list[str]:
        """Return the ticked box's value."""
        return [YES] if value else []

    def choices(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        """Return the tick."""
        del asked
        return ((YES, "Agreed"),)

    def chosen(self, raw: Sequence[str]) -> frozenset[str]:
        """Return the tick, whatever value it was sent with."""
        return frozenset({YES}) if any(text.strip() for text in raw) else frozenset()
