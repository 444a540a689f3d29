"""Letters about forms that are not sent yet, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import deadline
from programme.engines.mail.wording.passages import Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    GREETING,
    TITLE,
    case,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOSES = Placeholder("closes", "“Registration closes on …”; empty where it does not close", in_subject=False)
PLACEHOLDERS = (GREETING, TITLE, CLOSES, CONTACT)
ENDLESS = case("Without a closing date", closes_at=None)


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of these letters stand for."""
    closes_at = variables["closes_at"]
    said = f"Registration closes on {deadline(closes_at, variables['now'])}." if closes_at else ""
    return {
        "greeting": greeting(variables["name"]),
        "title": variables["title"],
        "closes": said,
        "contact": variables["contact"],
    }


DESCRIPTIONS: Mapping[str, Description] = {
    "draft_begun": Description(
        topic=Topic.REGISTRATION,
        about="At once when somebody saves a form to go on with it later.",
        to="The address that was typed into the form",
        needs=frozenset({"to"}),
        passages=(
            subject("Go on with your form: {title}"),
            opening(
                "{greeting}\n\nYour form for {title} is saved, and not sent yet: it holds no place. The link below"
                " leads back to it, on any machine. {closes}"
            ),
            closing(
                "Whoever has the link can read and change what you typed, so keep it to yourself. If it was not you who"
                " began this, you need do nothing.\n\nQuestions? Answer this letter: it goes to {contact}."
            ),
            why("Sent because a form with this address was saved."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
        cases=(case("With a closing date"), ENDLESS),
    ),
    "draft_waiting": Description(
        topic=Topic.REGISTRATION,
        about="Three days before registration closes, to those whose form is saved and not sent.",
        to="Whoever saved the form",
        needs=frozenset({"to"}),
        passages=(
            subject("Your form is not sent yet: {title}"),
            opening(
                "{greeting}\n\nYou began a form for {title}, and it is not sent yet. {closes} What you typed is kept:"
                " go on where you stopped, and send it."
            ),
            closing(
                "If you do not want to come any more, you need do nothing: what you typed is deleted two weeks after"
                " registration closes.\n\nQuestions? Answer this letter: it goes to {contact}."
            ),
            why("Sent because a form with this address was saved and not sent."),
        ),
        placeholders=PLACEHOLDERS,
        values=values,
    ),
}
