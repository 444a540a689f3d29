"""Letters about one's own address, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import clock_time, long_date, zone
from programme.engines.mail.wording.passages import Description, Topic
from programme.flows.notices.described.placeholders import (
    ADDRESS,
    GREETING,
    UNTIL,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def values_of_proof(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter with the link stand for."""
    end = variables["ends_at"]
    return {"address": variables["address"], "until": f"{clock_time(end)} {zone(end)} on {long_date(end)}"}


def values_of_change(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter to the old address stand for."""
    return {"greeting": greeting(variables["name"]), "address": variables["address"]}


DESCRIPTIONS: Mapping[str, Description] = {
    "address_proof": Description(
        topic=Topic.ACCOUNT,
        about="At once when somebody wants to have another address.",
        to="The new address",
        passages=(
            subject("Use this address with the {programme}?"),
            opening(
                "Somebody with an account at the {programme} wants its letters to come to {address}. If it was you,"
                " open this link in the browser in which you asked. It works until {until}."
            ),
            closing(
                "Opening it changes nothing: the page it shows has a button.\n\nIf it was not you who asked, do"
                " nothing: without that button nothing comes to this address."
            ),
            why("Sent to {address} because this address was typed on an account’s page."),
        ),
        placeholders=(UNTIL, ADDRESS),
        values=values_of_proof,
    ),
    "address_changed": Description(
        topic=Topic.ACCOUNT,
        about="At once when somebody has changed their address: nobody loses an account unawares.",
        to="The old address",
        passages=(
            subject("The address of your account was changed"),
            opening(
                "{greeting}\n\nLetters of the {programme} do not come to {address} any more: the address of your"
                " account was changed, and you sign in with the new one from now on."
            ),
            closing("If it was not you who did it, write to us at once: answer this e-mail."),
            why("Sent to {address} because it was the address of your account until now."),
        ),
        placeholders=(GREETING, ADDRESS),
        values=values_of_change,
    ),
}
