"""Letters about signatures, as the catalogue describes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from programme.core.web.words import long_date, plural
from programme.engines.mail.wording.passages import Case, Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    GREETING,
    case,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

THING = Placeholder("title", "what is to be signed")
ABOUT = Placeholder("about", "whose record it belongs to")
ASKER = Placeholder("who", "who asks", in_subject=False)
SIGNER = Placeholder("role", "as what they sign: “as supervisor”, “for the department”", in_subject=False)
NUMBER = Placeholder("number", "how many signatures it tells of, counted: “3 signatures”")
ANSWERER = Placeholder("who", "who has answered")


def values_of_asked(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter that asks stand for."""
    plain = {name: str(variables[name]) for name in ("title", "about", "contact")}
    due = variables["due_on"]
    return {
        **plain,
        "greeting": greeting(variables["name"]),
        "who": variables["asker"] or "The programme",
        "role": variables["signer"],
        "deadline": f"by {long_date(due)}" if due else "as soon as you can",
    }


def values_of_answered(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter about an answer stand for."""
    it = variables["it"]
    return {
        "greeting": greeting(variables["name"]),
        "who": variables["who"],
        "title": it.title,
        "about": it.about,
        "number": plural(len(variables["said"]), "signature"),
        "contact": variables["contact"],
    }


def refused() -> Case:
    """Return the case of a refusal."""

    def change(told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the example with a reason against it."""
        no = replace(told["it"], agreed=False, reason="The shares do not add up to what we agreed in March.")
        return {**told, "it": no, "said": [no], "refused": True}

    return Case("Refused", change)


def several() -> Case:
    """Return the case of several answers at once."""

    def change(told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the example with another thing, refused."""
        other = replace(told["it"], title="Meeting of 3 March 2027", agreed=False, reason="I was not there.")
        return {**told, "said": [told["it"], other], "refused": True}

    return Case("Several at once", change)


DESCRIPTIONS: Mapping[str, Description] = {
    "signature_asked": Description(
        topic=Topic.RESEARCH,
        about="At once when somebody’s signature is asked for; asked for again on another day, once more.",
        to="Whoever signs; they need no account",
        needs=frozenset({"version"}),
        passages=(
            subject("Your signature is asked for: {title}, {about}"),
            opening(
                "{greeting}\n\n{who} asks you to sign {role}: {title}, {about}. Read what it says, and agree or"
                " refuse {deadline}."
            ),
            closing(
                "The link is yours alone and needs no account. Opening it changes nothing: the page it shows has two"
                " buttons. It ends when what is to be signed changes; then you are asked again.\n\nQuestions? Answer"
                " this letter: it goes to {contact}."
            ),
            why("Sent because you are named on this record {role}."),
        ),
        placeholders=(
            GREETING,
            ASKER,
            THING,
            ABOUT,
            SIGNER,
            Placeholder("deadline", "by when, “as soon as you can” where there is no day", in_subject=False),
            CONTACT,
        ),
        values=values_of_asked,
        cases=(case("Without a day", due_on=None), case("Asked by the programme", asker="")),
    ),
    "signature_answered": Description(
        topic=Topic.RESEARCH,
        about="At once when somebody signs, or refuses to; what they answer together is told in one letter.",
        to="Whoever asked for the signature",
        needs=frozenset({"answered_at"}),
        passages=(
            subject("{who} has signed: {title}, {about}"),
            subject("{who} has not signed: {title}, {about}", name="subject_refused", title="Subject, refused"),
            subject(
                "{who} has answered about {number}: {about}", name="subject_many", title="Subject, several at once"
            ),
            opening("{greeting}\n\n{who} has signed {title}, {about}."),
            opening(
                "{greeting}\n\n{who} has refused to sign {title}, {about}. Their reason stands below. What"
                " to do next stands on its page.",
                name="opening_refused",
                title="Opening, refused",
            ),
            opening(
                "{greeting}\n\n{who} has answered about {number} of {about}:",
                name="opening_many",
                title="Opening, several at once",
            ),
            closing(),
            why("Sent because you asked for it."),
        ),
        placeholders=(GREETING, ANSWERER, THING, ABOUT, NUMBER, CONTACT),
        values=values_of_answered,
        cases=(refused(), several()),
    ),
}
