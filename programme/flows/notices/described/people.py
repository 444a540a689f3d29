"""Letters about accounts, and what organisers write themselves, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import clock_time, join_words, long_date, zone
from programme.engines.mail.wording.passages import Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    ADDRESS,
    GREETING,
    NAME,
    TITLE,
    UNTIL,
    case,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPED = why("Sent to {address} because this address was typed on the sign-in page.")
NEEDS_LINK = frozenset({"token"})


def values_of_link(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the sign-in letters stand for."""
    end = variables["ends_at"]
    return {"address": variables["address"], "until": f"{clock_time(end)} {zone(end)} on {long_date(end)}"}


def values_of_role(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter about a role stand for."""
    giver = variables["giver"] or "An administrator"
    return {"greeting": greeting(variables["name"]), "role": variables["role"], "giver": giver}


def values_of_things(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter about things handed over stand for."""
    return {
        "greeting": greeting(variables["name"]),
        "leaver": variables["leaver"],
        "things": join_words(variables["counts"]),
        "organisation": variables["organisation"],
    }


def values_of_farewell(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the last letter stand for."""
    return {"greeting": greeting(variables["name"])}


def values_of_message(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders around an organiser's own words stand for."""
    return {"name": variables["name"], "title": variables["title"], "sender": variables["sender"]}


DESCRIPTIONS: Mapping[str, Description] = {
    "sign_in": Description(
        topic=Topic.ACCOUNT,
        about="At once when somebody asks for a link to sign in.",
        to="The address that was typed",
        needs=NEEDS_LINK,
        passages=(
            subject("Sign in to the {programme}"),
            opening("Open this link to sign in. It works once, until {until}."),
            closing(
                "Opening it changes nothing: the page it shows has a button that signs you in.\n\nIf it was not you who"
                " asked, do nothing: without this e-mail nobody can sign in as you."
            ),
            TYPED,
        ),
        placeholders=(UNTIL, ADDRESS),
        values=values_of_link,
    ),
    "sign_in_unknown": Description(
        topic=Topic.ACCOUNT,
        about="At once when somebody asks for a link to sign in, with an address that has no account.",
        to="The address that was typed",
        needs=NEEDS_LINK,
        passages=(
            subject("There is no account for this address yet"),
            opening(
                "Somebody typed {address} on the sign-in page of the {programme}. There is no account for this address"
                " yet.\n\nIf you have registered with another address, sign in with that one. To make an account for"
                " this address, open the link below. It works once, until {until}."
            ),
            closing(
                "Opening it changes nothing: the page it shows has a button.\n\nIf it was not you who asked, do"
                " nothing: no account is made, and we keep nothing of this address but this e-mail’s record."
            ),
            TYPED,
        ),
        placeholders=(UNTIL, ADDRESS),
        values=values_of_link,
    ),
    "role_granted": Description(
        topic=Topic.ACCOUNT,
        about="When somebody is given a role: to organise, to help at an event, to administer.",
        to="Whoever is given it",
        needs=frozenset({"giver"}),
        passages=(
            subject("You have a new role: {role}"),
            opening("{greeting}\n\n{giver} gave you a role in the {programme}:"),
            closing("If you did not expect this, reply to this e-mail."),
            why("Sent because you were given a role."),
        ),
        placeholders=(
            GREETING,
            Placeholder("role", "the role, and for what it is given"),
            Placeholder("giver", "the name of whoever gave it"),
        ),
        values=values_of_role,
    ),
    "things_handed_over": Description(
        topic=Topic.ACCOUNT,
        about="When an organiser leaves, and a colleague takes over what they looked after.",
        to="The colleague",
        needs=frozenset({"leaver", "counts"}),
        passages=(
            subject("{leaver}’s things are yours now"),
            opening(
                "{greeting}\n\nWhat {leaver} looked after for {organisation} was handed over to you: {things}. You are"
                " named as the contact from now on, and you hold the roles that go with it."
            ),
            closing("If this is a mistake, reply to this e-mail."),
            why("Sent because a colleague’s things were handed over to you."),
        ),
        placeholders=(
            GREETING,
            Placeholder("leaver", "the name of whoever leaves"),
            Placeholder("things", "what changes hands, counted: “3 events and 2 openings”"),
            Placeholder("organisation", "the organisation they leave"),
        ),
        values=values_of_things,
    ),
    "data_deleted": Description(
        topic=Topic.ACCOUNT,
        about="At once when somebody deletes their account, or what their registration holds: our last letter to them.",
        to="Whoever deleted it",
        needs=frozenset({"cancelled", "is_account"}),
        passages=(
            subject("Your account is deleted", hint="To those who had an account."),
            subject(
                "Your data are deleted",
                name="subject_guest",
                title="Subject, no account",
                hint="To those who registered without one.",
            ),
            opening(
                "{greeting}\n\nYour account and everything we held on you are deleted, as you asked.",
                hint="To those who had an account.",
            ),
            opening(
                "{greeting}\n\nWhat we held on you is deleted, as you asked.",
                name="opening_guest",
                title="Opening, no account",
                hint="To those who registered without one.",
            ),
            closing(
                "This is our last e-mail. We delete this address, too, as soon as it has left. You are welcome back at"
                " any time."
            ),
            why("Sent because you asked us to delete what we held on you."),
        ),
        placeholders=(GREETING,),
        values=values_of_farewell,
        cases=(case("With an account", is_account=True), case("Without one", is_account=False)),
    ),
    "organiser_message": Description(
        topic=Topic.WRITTEN,
        about="When organisers write to people on a roll. The subject and the letter are theirs.",
        to="Those they choose",
        needs=frozenset({"subject", "text"}),
        passages=(
            opening("Dear {name},", title="Before their words"),
            closing("{sender}"),
            why("You get this because you registered for {title}. Reply to reach {sender}."),
        ),
        placeholders=(
            NAME,
            TITLE,
            Placeholder("sender", "whom an answer to the letter reaches"),
        ),
        values=values_of_message,
    ),
}
