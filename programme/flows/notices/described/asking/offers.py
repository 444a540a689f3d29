"""Letters about offered places, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import deadline
from programme.engines.mail.wording.passages import Description, Passage, Placeholder, Topic
from programme.flows.notices.described.many.reminders import NEEDS, REASON, REASONED, THEIRS
from programme.flows.notices.described.placeholders import CONTACT, NAME, TITLE, case, closing, opening, subject, why
from programme.flows.notices.described.registrations import described
from programme.flows.notices.described.registrations import values as usual
from programme.flows.notices.messages import blocks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

UNTIL = Placeholder("until", "until when it can be taken: “Tuesday 3 March, 09:00 GMT, in 2 days”")
AGAIN = Passage(
    "again", "If they still want to come", "If you still want to come, register again, if there are places."
)
WAITED = why("Sent because you were waiting for a place.")


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of these letters stand for."""
    it = variables["it"]
    return {**usual(variables), "until": deadline(it.answer_by, variables["now"]) if it.answer_by else ""}


def values_of_reminder(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the reminder stand for."""
    return {**{name: variables[name] for name in ("name", "title", "until", "contact")}, "reason": variables["why"]}


def of_offer(about: str, *passages: Passage) -> Description:
    """Return the description of a letter about an offer."""
    return described(about, "Whoever was offered a place", *passages, more=(UNTIL,), reckon=values)


DESCRIPTIONS: Mapping[str, Description] = {
    "place_offered": of_offer(
        "At once when a place comes free where places are offered, or the organisers offer one.",
        subject("A place is offered to you: {title}"),
        opening(
            "Dear {name},\n\nA place at {title} is yours to take. We keep it for you until {until}. If you cannot come,"
            " let it go: somebody else is waiting."
        ),
        closing(),
        WAITED,
    ),
    "offer_lapsed": of_offer(
        "When nobody has answered an offer by its deadline.",
        subject("The place offered to you has lapsed: {title}"),
        opening(
            "Dear {name},\n\nWe offered you a place at {title} until {until}, and had no answer. So it has gone to"
            " whoever is next, and you are no longer on the waiting list."
        ),
        AGAIN,
        closing(),
        WAITED,
    ),
    "offer_let_go": of_offer(
        "At once when somebody lets an offered place go.",
        subject("You let the place go: {title}"),
        opening(
            "Dear {name},\n\nYou let the place at {title} go, and it goes to whoever is next. You are no longer on the"
            " waiting list. Thank you for telling us."
        ),
        AGAIN,
        closing(),
        WAITED,
    ),
    "offer_ends": Description(
        topic=Topic.REMINDER,
        about="Before the deadline of an offer, as its reminders say.",
        to="Those who are offered a place and have not answered",
        needs=NEEDS,
        passages=(
            subject("A place still waits for your answer: {title}"),
            opening(
                "Dear {name},\n\nWe keep a place at {title} for you until {until}. Take it, or let it go: somebody else"
                " is waiting for it."
            ),
            opening(
                "Dear {name},",
                name="opening_own",
                title="Opening, before own words",
                hint="Where the organisers wrote something for this reminder, which follows.",
            ),
            closing(),
            REASONED,
        ),
        placeholders=(NAME, TITLE, UNTIL, CONTACT, REASON),
        values=values_of_reminder,
        cases=(case("In our words"), case("In the organisers’ words", own_text=THEIRS, blocks=blocks_of(THEIRS))),
    ),
}
