"""The letter that asks how it was, as the catalogue describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.many.reminders import THEIRS
from programme.flows.notices.described.placeholders import CONTACT, NAME, TITLE, case, closing, opening, subject, why
from programme.flows.notices.messages import blocks_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders stand for."""
    return {name: variables[name] for name in ("name", "title", "contact")}


DESCRIPTIONS: Mapping[str, Description] = {
    "feedback_asked": Description(
        topic=Topic.REGISTRATION,
        about="After the end, as its reminders say, or when the organisers ask at once; to each once.",
        to="Whoever is marked as present, and has not answered",
        passages=(
            subject("How was it? {title}"),
            opening(
                "Dear {name},\n\nThank you for coming to {title}. How was it? A few questions, two minutes."
                " What you say is kept without your name, and nobody can find out which answers are yours."
                " The link serves once."
            ),
            opening(
                "Dear {name},",
                name="opening_own",
                title="Opening, before own words",
                hint="Where the organisers wrote something for this reminder, which follows.",
            ),
            closing(),
            why("Sent because you were there."),
        ),
        placeholders=(NAME, TITLE, CONTACT),
        values=values,
        cases=(case("In our words"), case("In the organisers’ words", own_text=THEIRS, blocks=blocks_of(THEIRS))),
    ),
}
