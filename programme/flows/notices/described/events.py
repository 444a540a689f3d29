"""Letters about what happens to events, and reminders of them, as the catalogue describes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from programme.core.web.words import clock_time, short_date
from programme.engines.mail.wording.passages import Case, Description, Passage, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    NAME,
    TITLE,
    WHERE,
    case,
    closing,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANGED = (
    NAME,
    TITLE,
    Placeholder("when", "the date and time as they are now"),
    Placeholder("where", "the place as it is now; empty where none is known"),
    Placeholder("when_before", "the date and time before the change"),
    Placeholder("where_before", "the place before the change; empty where none was known"),
    CONTACT,
)
REMINDED = (
    NAME,
    TITLE,
    Placeholder("day", "how far off it is: “tomorrow”, “in 3 days”"),
    Placeholder("Day", "the same to begin with: “Tomorrow”"),
    Placeholder("date", "the date in short, with the time it begins: “Tue 16 Feb, 14:00”"),
    Placeholder("when", "the date and time in full"),
    WHERE,
)
WITH_PLACE, WAITING = "To those with a place.", "To those on the waiting list, or not decided on."
CONCERNED = "Everybody with a place, on the waiting list, or not decided on"
STAY = why("Sent because you have a place, or wait for one.")
NEEDS = frozenset({"registration_id", "sequence", "before"})
BOTH = (case("With a place", holds=True), case("Waiting", holds=False))


def elsewhere(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the example as one whose place is another, and its time the same."""
    now = {"when": variables["was"]["when"], "where": "Lecture theatre 2, Central Teaching Hub"}
    after = replace(
        variables["after"],
        starts_at=variables["after"].starts_at - timedelta(days=1),
        ends_at=variables["after"].ends_at - timedelta(days=1),
    )
    return {**variables, "is_now": now, "after": after, "has_other_date": False, "has_other_place": True}


def linked_anew(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the example as one whose joining link is another, and nothing else."""
    same = {"was": variables["was"], "is_now": variables["was"], "weeks": [], "reason": "", "has_other_date": False}
    after = elsewhere(variables)["after"]
    return {
        **variables,
        **same,
        "after": after,
        "has_other_link": True,
        "online_link": "https://meet.example.ac.uk/new",
    }


def without_date(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the example as one whose new date is not known yet."""
    told = replace(variables["after"], date_is_known=False)
    return {**variables, "after": told, "is_now": {"when": "A new date is not known yet", "where": ""}, "weeks": []}


def values_of_change(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of letters about a change stand for."""
    return {
        "name": variables["name"],
        "title": variables["title"],
        "when": variables["is_now"]["when"],
        "where": variables["is_now"]["where"],
        "when_before": variables["was"]["when"],
        "where_before": variables["was"]["where"],
        "contact": variables["contact"],
    }


def values_of_reminder(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of a reminder stand for."""
    starts, time = variables["starts_at"], f", {clock_time(variables['starts_at'])}" if variables["ends_at"] else ""
    return {
        "name": variables["name"],
        "title": variables["title"],
        "day": variables["day"],
        "Day": variables["day"].capitalize(),
        "date": f"{short_date(starts)}{time}",
        "when": variables["when"],
        "where": variables["place"],
    }


def holds(text: str) -> Passage:
    """Return what those with a place are told."""
    return Passage("holds", "Their place", text, WITH_PLACE)


def waits(text: str) -> Passage:
    """Return what those without a place are told."""
    return Passage("waits", "Their turn", text, WAITING)


def described(about: str, *passages: Passage, calendar: str, cases: tuple[Case, ...] = BOTH) -> Description:
    """Return the description of a letter about a change."""
    return Description(
        topic=Topic.EVENT,
        about=about,
        to=CONCERNED,
        needs=NEEDS,
        calendar=f"{calendar}; for those with a place",
        passages=passages,
        placeholders=CHANGED,
        values=values_of_change,
        cases=cases,
    )


DESCRIPTIONS: Mapping[str, Description] = {
    "event_moved": described(
        "When the organisers move an event to another time or place.",
        subject("New time: {title}", hint="Where the time is another one."),
        subject(
            "New place: {title}", name="subject_place", title="Subject, new place", hint="Where only the place is."
        ),
        subject(
            "New link to join: {title}",
            name="subject_link",
            title="Subject, new link",
            hint="Where only the link to take part online is.",
        ),
        opening("Dear {name},\n\n{title} is moved to another time.", hint="Where the time is another one."),
        opening(
            "Dear {name},\n\n{title} takes place elsewhere.",
            name="opening_place",
            title="Opening, new place",
            hint="Where only the place is.",
        ),
        opening(
            "Dear {name},\n\nYou take part in {title} online by another link.",
            name="opening_link",
            title="Opening, new link",
            hint="Where only the link to take part online is.",
        ),
        holds("You keep your place. If you cannot come now, give it back: somebody may be waiting."),
        waits("You stay on the waiting list. If you cannot come now, take yourself off it."),
        closing(),
        STAY,
        calendar="The event as it is now, which changes the entry in their calendar",
        cases=(*BOTH, Case("Another place", elsewhere), Case("Another link", linked_anew)),
    ),
    "event_cancelled": described(
        "When the organisers cancel an event.",
        subject("Cancelled: {title}"),
        opening("Dear {name},\n\n{title} is cancelled. You need do nothing."),
        closing(),
        why("Sent because you had a place, or waited for one."),
        calendar="The event marked as cancelled",
    ),
    "event_postponed": described(
        "When the organisers put an event off, with a new date or without one yet.",
        subject("Postponed: {title}"),
        opening("Dear {name},\n\n{title} is put off to another day.", hint="Where there is a new date."),
        opening(
            "Dear {name},\n\n{title} is put off. There is no new date yet; we write again when there is one.",
            name="opening_open",
            title="Opening, no date yet",
            hint="Where there is none.",
        ),
        holds("You keep your place. If you do not want it any more, give it back: somebody may be waiting."),
        waits("You stay on the waiting list. If you do not want to wait any more, take yourself off it."),
        closing(),
        STAY,
        calendar="The event as it is now, which changes the entry in their calendar",
        cases=(*BOTH, Case("No date yet", without_date)),
    ),
    "event_reinstated": described(
        "When a cancelled or postponed event takes place after all.",
        subject("Takes place after all: {title}"),
        opening("Dear {name},\n\n{title} takes place after all."),
        holds("You still have your place. If you cannot come any more, give it back: somebody may be waiting."),
        waits("You are still on the waiting list. If you cannot come any more, take yourself off it."),
        closing(),
        STAY,
        calendar="The event, which puts it back into their calendar",
    ),
    "event_reminder": Description(
        topic=Topic.REMINDER,
        about="Before an event, as its reminders say.",
        to="Everybody with a place",
        needs=frozenset({"instant"}),
        passages=(
            subject("{Day}: {title} ({date})"),
            opening("Dear {name},\n\n{title} is {day}, and you have a place. We look forward to seeing you."),
            closing("If you cannot come, give your place back: somebody may be waiting for it."),
            why("Sent because you registered."),
        ),
        placeholders=REMINDED,
        values=values_of_reminder,
        cases=(case("In a room"), case("Online", online_link="https://meet.example.ac.uk/quantum-sensing")),
    ),
}
