"""The letter to an address that is on no list, as the catalogue describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.placeholders import CONTACT, TITLE, case, closing, opening, subject, why

if TYPE_CHECKING:
    from collections.abc import Mapping


SAVED = "https://programme.example.ac.uk/drafts/1-example"


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of this letter stand for."""
    return {name: variables[name] for name in ("title", "contact")}


DESCRIPTIONS: Mapping[str, Description] = {
    "address_not_listed": Description(
        topic=Topic.REGISTRATION,
        about="When somebody fills in a form that is for a list, a group or by invitation, with an address that is not"
        " on it; once an hour at most, but for forms that were saved before: these go on by the link in the letter.",
        to="The address that was typed",
        passages=(
            subject("This address cannot register: {title}"),
            opening(
                "Hello,\n\nSomebody has just filled in the form for {title} with this address. It is not one of those"
                " that the organisers know for it, so nothing is registered and no place is held."
            ),
            closing(
                "If it was you, register with the address that the organisers know, or ask them: answer this letter, it"
                " goes to {contact}. If it was not you, you need do nothing."
            ),
            why("Sent because this address was typed into the form."),
        ),
        placeholders=(TITLE, CONTACT),
        values=values,
        cases=(
            case("A form filled in at one go", is_kept=False),
            case("A form that was saved before", is_kept=True, register_url=SAVED),
        ),
    )
}
