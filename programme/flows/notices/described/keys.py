"""Letters about keys, and about changed answers, as the catalogue describes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from programme.core.web.words import clock_time, long_date, plural, zone
from programme.engines.mail.wording.passages import Case, Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    GREETING,
    TITLE,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

WHO = Placeholder("who", "whom the decision is about", in_subject=False)
ABOUT = Placeholder("about", "what it belongs to: the title of an opening")
ORGANISATION = Placeholder("organisation", "whose key it is")
UNTIL = Placeholder("deadline", "by when it is to be turned", in_subject=False)
NUMBER = Placeholder("number", "how many decisions wait, counted: “3 decisions”")
PLACEHOLDERS = (GREETING, WHO, ABOUT, ORGANISATION, UNTIL, NUMBER)
NEEDS_LINK = frozenset({"token"})
LINK_IS_YOURS = closing(
    "The link is yours alone and needs no account. Opening it changes nothing: the page it shows asks for yes or no,"
    " each with a reason. It ends when the key is turned or given to somebody else."
)


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of these letters stand for."""
    it = variables["it"]
    due = f"{long_date(it.due_at)}, {clock_time(it.due_at)} {zone(it.due_at)}" if it.due_at else "a day of your choice"
    return {
        "greeting": greeting(it.name),
        "who": it.title,
        "about": it.about,
        "organisation": variables["organisations"],
        "deadline": due,
        "number": plural(len(variables["keys"]), "decision"),
    }


def values_of_terms(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter about changed terms stand for."""
    plain = {name: str(variables[name]) for name in ("who", "title", "contact")}
    return {**plain, "greeting": greeting(variables["name"])}


def delegated() -> Case:
    """Return the case of somebody to whom a key was given."""
    return Case("Given to another person", lambda told: {**told, "it": replace(told["it"], is_delegate=True)})


def several() -> Case:
    """Return the case of several decisions in one letter."""

    def two(told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the example with somebody else, too."""
        other = replace(told["it"], title="Bob Birkdale", link=f"{told['it'].link}-too")
        return {**told, "keys": [told["it"], other], "several": True}

    return Case("Several at once", two)


DESCRIPTIONS: Mapping[str, Description] = {
    "key_asked": Description(
        topic=Topic.REGISTRATION,
        about=(
            "At once when a registration comes in that is decided by keys, or when a key is given to somebody; what"
            " comes in within an hour after a letter goes together in the next one."
        ),
        to="The organisers of each university that holds a key, or whoever it was given to",
        needs=NEEDS_LINK,
        passages=(
            subject("For {organisation} to decide: {about}"),
            subject(
                "For {organisation}, {number} to make: {about}", name="subject_many", title="Subject, several at once"
            ),
            opening(
                "{greeting}\n\nA decision is to be made about {who}: {about}. {organisation}’s key waits for you:"
                " decide by {deadline}."
            ),
            opening(
                "{greeting}\n\nHere are {number} to be made about {about}. {organisation}’s keys wait for you, the"
                " first until {deadline}.",
                name="opening_many",
                title="Opening, several at once",
            ),
            LINK_IS_YOURS,
            why("Sent because you decide about this for {organisation}."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
        cases=(delegated(), several()),
    ),
    "key_due": Description(
        topic=Topic.REGISTRATION,
        about="Two days before a key is to be turned, where it was asked for earlier than the day before.",
        to="Whoever turns the key",
        needs=NEEDS_LINK,
        passages=(
            subject("For {organisation} to decide soon: {about}"),
            subject(
                "For {organisation}, {number} to make soon: {about}",
                name="subject_many",
                title="Subject, several at once",
            ),
            opening("{greeting}\n\n{organisation}’s key about {who} ({about}) is to be turned by {deadline}."),
            opening(
                "{greeting}\n\nHere are {number} to be made soon about {about}: the first of {organisation}’s keys is"
                " to be turned by {deadline}.",
                name="opening_many",
                title="Opening, several at once",
            ),
            LINK_IS_YOURS,
            why("Sent because you decide about this for {organisation}."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
        cases=(several(),),
    ),
    "key_late": Description(
        topic=Topic.REGISTRATION,
        about=(
            "When the time of a key has passed and nobody has turned it, once: all that are late for an opening"
            " together, and what follows within an hour after a letter in the next one."
        ),
        to="The organisers of the university that leads it, those whose key is late, and the address it escalates to",
        passages=(
            subject("{organisation} is late to decide: {about}"),
            subject("Late, {number}: {about}", name="subject_many", title="Subject, several at once"),
            opening(
                "{greeting}\n\n{organisation}’s key about {who} ({about}) was to be turned by"
                " {deadline}. Nobody has turned it yet, and the answer is waited for."
            ),
            opening(
                "{greeting}\n\nThe time for {number} about {about} has passed. Nobody has turned the keys of"
                " {organisation} yet, and the answers are waited for.",
                name="opening_many",
                title="Opening, several at once",
            ),
            closing("Remind your colleagues, or let them give the key to somebody who can decide."),
            why("Sent because you are told when a decision is late."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
        cases=(several(),),
    ),
    "key_terms_changed": Description(
        topic=Topic.REGISTRATION,
        about="At once when keys decided about an opening, and somebody lifts them or changes how long they have.",
        to="The organisers of each university that holds a key, but whoever did it",
        needs=frozenset({"by", "changed"}),
        passages=(
            subject("How keys decide was changed: {title}"),
            opening("{greeting}\n\n{who} has changed how {title} decides, where your university holds a key."),
            closing(
                "Keys that somebody waits for are not lifted by one university alone. Where you do not agree, set it"
                " back on that page, or answer this letter: it goes to {contact}."
            ),
            why("Sent because you organise for a university that holds a key."),
        ),
        placeholders=(GREETING, Placeholder("who", "who changed it", in_subject=False), TITLE, CONTACT),
        values=values_of_terms,
    ),
}
