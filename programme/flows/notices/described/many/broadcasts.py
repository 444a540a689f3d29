"""Letters that organisers write to many, and letters of a day, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import plural
from programme.engines.mail.wording.passages import Description, Passage, Placeholder, Topic
from programme.flows.notices.described.placeholders import NAME, opening, subject, why

if TYPE_CHECKING:
    from collections.abc import Mapping

REASON = Placeholder("reason", "why they get it, by whom it goes to: “You get this because you registered for …”")
SENDER = Placeholder("sender", "the organisation that writes, which an answer reaches")
FROM_THEM = Passage("closing", "After their words", "{sender}")


def values_of_words(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders around organisers' own words stand for."""
    return {"name": variables["name"], "sender": variables["sender"], "reason": variables["why"]}


def values_of_day(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the reminders of a day stand for."""
    told = variables["entries"]
    more = f" and {plural(len(told) - 1, 'other')}" if len(told) > 1 else ""
    return {"name": variables["name"], "titles": f"{told[0]['title']}{more}"}


def values_of_morning(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the morning letter stand for."""
    count = variables["count"]
    return {"name": variables["name"], "things": f"{plural(count, 'thing')} {'needs' if count == 1 else 'need'}"}


def described(about: str, to: str, *passages: Passage) -> Description:
    """Return the description of a letter whose words are its writer's."""
    return Description(
        topic=Topic.WRITTEN,
        about=about,
        to=to,
        passages=(opening("Dear {name},", title="Before their words"), FROM_THEM, *passages),
        placeholders=(NAME, SENDER, REASON),
        values=values_of_words,
    )


DESCRIPTIONS: Mapping[str, Description] = {
    "broadcast": described(
        "When organisers write to many at once. The subject and the letter are theirs.",
        "Everybody in the audience they choose",
        why("{reason} Reply to reach the {sender}."),
    ),
    "news": described(
        "When organisers send news or an invitation. The subject and the letter are theirs.",
        "Those who asked for news",
        why("{reason}"),
    ),
    "digest": Description(
        topic=Topic.REMINDER,
        about="Once a day, in place of the day’s reminders, to those who want them in one letter.",
        to="Those who chose it",
        passages=(
            subject("Reminders: {titles}"),
            opening("Dear {name},\n\nThis is what we would have reminded you of today, in one letter."),
            why("You get this because you chose to have the reminders of a day in one letter."),
        ),
        placeholders=(
            NAME,
            Placeholder("titles", "what it reminds of: the first title, and how many others there are"),
        ),
        values=values_of_day,
    ),
    "morning": Description(
        topic=Topic.REMINDER,
        about="Each morning on which something needs an organiser, to those who want to be told.",
        to="Organisers who chose it",
        passages=(
            subject("{things} you today"),
            opening("Dear {name},\n\nThis is what needs you now."),
            why("You get this because you chose a letter each morning."),
        ),
        placeholders=(NAME, Placeholder("things", "how many there are: “3 things need”, “1 thing needs”")),
        values=values_of_morning,
    ),
}
