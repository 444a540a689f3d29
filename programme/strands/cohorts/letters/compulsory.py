"""The words of the letter about training that is compulsory, and an invented example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.engines.mail.wording.passages import Description, Placeholder, Topic
from programme.flows.notices.described.placeholders import (
    CONTACT,
    GREETING,
    TITLE,
    WHEN,
    WHERE,
    case,
    closing,
    greeting,
    opening,
    subject,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "compulsory_training"
COHORT = Placeholder("cohort", "the cohort that it is compulsory for")


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of the letter."""
    return {
        "name": "Alice Aldgrove",
        "title": "Research integrity in practice",
        "when": "Wednesday 3 March 2027, 10:00 to 16:00 GMT",
        "where": "Spine, room 2",
        "cohort": "Corridor cohort 2026",
        "contact": "University of Liverpool",
        "missed": False,
        "over": False,
        "event_url": "https://programme.example.ac.uk/events/research-integrity-in-practice-1",
    }


def values(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders stand for."""
    plain = {name: str(variables[name]) for name in ("title", "when", "where", "cohort", "contact")}
    return {**plain, "greeting": greeting(variables["name"])}


DESCRIPTION = Description(
    topic=Topic.RESEARCH,
    about="When whoever runs a cohort presses the button on its page of compulsory training; once a day a person and"
    " event.",
    to="Researchers of the cohort who have not booked, or did not come, and are not exempt",
    needs=frozenset({"event_id"}),
    passages=(
        subject("Please book: {title} is compulsory"),
        subject("You missed {title}, which is compulsory", name="subject_missed", title="Subject, missed"),
        opening("{greeting}\n\n{title} is compulsory for {cohort}, and you have not booked it yet. It is on {when}."),
        opening(
            "{greeting}\n\n{title} on {when} is compulsory for {cohort}, and you are not marked as having come.",
            name="opening_missed",
            title="Opening, missed",
        ),
        closing(
            "If you cannot come, or have done the same elsewhere, answer this letter: it goes to {contact}, who may"
            " exempt you or name another date."
        ),
        why("Sent because you are a researcher of {cohort}."),
    ),
    placeholders=(GREETING, TITLE, WHEN, WHERE, COHORT, CONTACT),
    values=values,
    cases=(case("Missed", missed=True, over=True), case("Without a place", where="")),
)
