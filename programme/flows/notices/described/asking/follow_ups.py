"""Letters about follow-up forms, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import deadline
from programme.engines.mail.wording.passages import Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import CONTACT, NAME, TITLE, case, closing, opening, subject, why

if TYPE_CHECKING:
    from collections.abc import Mapping

BY = Placeholder("by", "“Please answer by …”; where there is no deadline: “Please answer soon”", in_subject=False)
PLACEHOLDERS = (NAME, TITLE, BY, CONTACT)


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of these letters stand for."""
    until, now = variables["by"], variables["now"]
    said = f"Please answer by {deadline(until, now)}." if until else "Please answer soon."
    return {name: variables[name] for name in ("name", "title", "contact")} | {"by": said}


DESCRIPTIONS: Mapping[str, Description] = {
    "follow_up": Description(
        topic=Topic.REGISTRATION,
        about="Once the organisers ask the follow-up form: at once to those who have a place, later as people get one.",
        to="Whoever has a place",
        passages=(
            subject("A few more questions: {title}"),
            opening(
                "Dear {name},\n\nYou have a place at {title}, and the organisers have a few more questions. {by} You"
                " can change your answers until then."
            ),
            closing(),
            why("Sent because you have a place."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
        cases=(case("With a deadline"), case("Without a deadline", by=None)),
    ),
    "follow_up_reminder": Description(
        topic=Topic.REGISTRATION,
        about="Three days before the deadline of a follow-up form, to those who have not answered.",
        to="Whoever has a place and has not answered",
        passages=(
            subject("Still to answer: {title}"),
            opening("Dear {name},\n\nThe organisers of {title} still wait for your answers. {by}"),
            closing(),
            why("Sent because you have a place and have not answered."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
    ),
}
