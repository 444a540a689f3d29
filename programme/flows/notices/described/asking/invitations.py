"""The letter that invites, as the catalogue describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.placeholders import (
    ADDRESS,
    CONTACT,
    GREETING,
    TITLE,
    case,
    closing,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDERS = (GREETING, TITLE, ADDRESS, CONTACT)


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of this letter stand for."""
    return {name: variables[name] for name in ("greeting", "title", "address", "contact")}


DESCRIPTIONS: Mapping[str, Description] = {
    "invited": Description(
        topic=Topic.REGISTRATION,
        about="When organisers invite somebody to register, and when they do so again.",
        to="Whoever is invited, by their own link",
        passages=(
            subject("You are invited: {title}"),
            opening(
                "{greeting}\n\nYou are invited to register for {title}. The link below is yours: it works for {address}"
                " and for no other address."
            ),
            closing(),
            why("Sent because the organisers invited you."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
        cases=(case("Until a time", closes="Tuesday 9 February, 14:00 GMT, in 2 days"), case("At any time", closes="")),
    )
}
