"""Letters of reminders other than to those with a place, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Passage, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    NAME,
    QUESTIONS,
    TITLE,
    WHERE,
    case,
    closing,
    opening,
    subject,
    why,
)
from programme.flows.notices.messages import blocks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDS = frozenset({"instant"})
REASON = Placeholder("reason", "why they get it, by whom it goes to: “Sent because you are on the waiting list.”")
DAY = Placeholder("day", "how far off it is: “tomorrow”, “in 3 days”")
DAY_FIRST = Placeholder("Day", "the same to begin with: “Tomorrow”")
WHEN = Placeholder("when", "the date and time in full")
CLOSES = Placeholder("closes", "when registration ends, and how far off that is")
REASONED = why("{reason}")
AFTER, OFFERED = "Once it is over.", "To those who have an offer."
THEIRS = "We keep a row for your cohort until the end of the week."
"""Invented words of organisers for a reminder."""
SIDES = (case("Before", is_over=False), case("After", is_over=True))


def values_of_event(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of letters about an event stand for."""
    return {
        "name": variables["name"],
        "title": variables["title"],
        "day": variables["day"],
        "Day": variables["day"].capitalize(),
        "when": variables["when"],
        "where": variables["place"],
        "contact": variables["contact"],
        "reason": variables["why"],
    }


def values_of_notice(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of a word before or after an event stand for."""
    return {**values_of_event(variables), "news": variables["notice"].subject}


def values_of_closing(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of letters about the end of registration stand for."""
    return {
        "name": variables["name"],
        "title": variables["title"],
        "closes": variables["closes"],
        "contact": variables["contact"],
        "reason": variables["why"],
    }


DESCRIPTIONS: Mapping[str, Description] = {
    "event_notice": Description(
        topic=Topic.REMINDER,
        about="Before or after an event, as its reminders say. What it says depends on whom it goes to.",
        to="Those who wait, speak, came, did not come, or have not registered",
        needs=NEEDS,
        passages=(
            subject("{news}: {title}"),
            opening("Dear {name},", hint="Before what we say to these readers, or what the organisers wrote."),
            Passage("closing", "Closing", QUESTIONS, hint="Where the event has somebody to ask."),
            REASONED,
        ),
        placeholders=(
            NAME,
            TITLE,
            Placeholder("news", "what it is about, by whom it goes to: “Still on the waiting list”"),
            DAY,
            DAY_FIRST,
            WHEN,
            WHERE,
            CONTACT,
            REASON,
        ),
        values=values_of_notice,
    ),
    "event_briefing": Description(
        topic=Topic.REMINDER,
        about="Before or after an event, as its reminders say: how many registered, wait and came.",
        to="Its organisers",
        needs=NEEDS,
        passages=(
            subject("{Day}: {title}, in numbers"),
            subject("Over: {title}, in numbers", name="subject_over", title="Subject, afterwards", hint=AFTER),
            opening("Dear {name},\n\n{title} is {day}. This is how it stands."),
            opening(
                "Dear {name},\n\n{title} is over. This is how it stands.",
                name="opening_over",
                title="Opening, afterwards",
                hint=AFTER,
            ),
            REASONED,
        ),
        placeholders=(NAME, TITLE, DAY, DAY_FIRST, WHEN, WHERE, CONTACT, REASON),
        values=values_of_event,
        cases=SIDES,
    ),
    "opening_closes": Description(
        topic=Topic.REMINDER,
        about="Before registration ends, as its reminders say.",
        to="Those of a group who have not registered, and those who have an offer",
        needs=NEEDS,
        passages=(
            subject("Register in time: {title}"),
            subject(
                "A place is offered to you: {title}", name="subject_offer", title="Subject, with an offer", hint=OFFERED
            ),
            opening(
                "Dear {name},\n\nYou have not registered for {title}. If you mean to come, register in time. If not,"
                " you need do nothing."
            ),
            opening(
                "Dear {name},\n\nA place is offered to you. Take it or let it go on your page: somebody else waits for"
                " it.",
                name="opening_offer",
                title="Opening, with an offer",
                hint=OFFERED,
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
        placeholders=(NAME, TITLE, CLOSES, CONTACT, REASON),
        values=values_of_closing,
        cases=(
            case("Not registered", is_offer=False),
            case("With an offer", is_offer=True),
            case("In the organisers’ words", is_offer=False, own_text=THEIRS, blocks=blocks_of(THEIRS)),
        ),
    ),
    "opening_briefing": Description(
        topic=Topic.REMINDER,
        about="Before or after registration ends, as its reminders say: how many have a place and wait.",
        to="Its organisers",
        needs=NEEDS,
        passages=(
            subject("Registration ends soon: {title}"),
            subject("Registration has ended: {title}", name="subject_over", title="Subject, afterwards", hint=AFTER),
            opening("Dear {name},\n\nRegistration for {title} ends soon. This is how it stands."),
            opening(
                "Dear {name},\n\nRegistration for {title} has ended. This is how it stands.",
                name="opening_over",
                title="Opening, afterwards",
                hint=AFTER,
            ),
            REASONED,
        ),
        placeholders=(NAME, TITLE, CLOSES, CONTACT, REASON),
        values=values_of_closing,
        cases=SIDES,
    ),
}
