"""The letter that asks how it was, as the catalogue describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.placeholders import CONTACT, NAME, TITLE, closing, opening, subject, why

if TYPE_CHECKING:
    from collections.abc import Mapping


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders stand for."""
    return {name: variables[name] for name in ("name", "title", "contact")}


DESCRIPTIONS: Mapping[str, Description] = {
    "feedback_asked": Description(
        topic=Topic.REGISTRATION,
        about="When the organisers ask those who came how it was; to each once.",
        to="Whoever is marked as present, and has not answered",
        passages=(
            subject("How was it? {title}"),
            opening(
                "Dear {name},\n\nThank you for coming to {title}. How was it? A few questions, two minutes."
                " What you say is kept without your name, and nobody can find out which answers are yours."
                " The link serves once."
            ),
            closing(),
            why("Sent because you were there."),
        ),
        placeholders=(NAME, TITLE, CONTACT),
        values=values,
    ),
}
