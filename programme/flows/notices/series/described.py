"""Letters about single weeks of a series, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.web.words import plural
from programme.engines.mail.wording.passages import Description, Passage, Placeholder, Topic
from programme.flows.notices.described.placeholders import CONTACT, NAME, TITLE, case, closing, opening, subject, why
from programme.flows.notices.described.registrations import POSITION, described

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "The events they have a chair at, and those given up to be taken out, as a file for their calendar"

CHANGED = (
    NAME,
    TITLE,
    Placeholder("dates", "how many dates are told of: “3 dates”"),
    CONTACT,
)


def values_of_dates(variables: Mapping[str, Any]) -> dict[str, str]:
    """Return what the placeholders of the letter about several dates stand for."""
    known = {name: variables[name] for name in ("name", "title", "contact")}
    return {**known, "dates": plural(len(variables["rows"]), "date")}


DESCRIPTIONS: Mapping[str, Description] = {
    "weeks_changed": described(
        "At once when somebody skips a date of a series, takes it back, leaves early, or chooses other events.",
        "Whoever has the place",
        subject("You skip a date: {title}"),
        subject("You are back: {title}", name="subject_back", title="Subject, taken back"),
        subject("You leave: {title}", name="subject_left", title="Subject, left from a date on"),
        opening(
            "Dear {name},\n\nYou skip {title} on the date below, and your chair goes to somebody who waits. You keep"
            " your place for all the other dates."
        ),
        opening(
            "Dear {name},\n\nYou come to {title} on the date below after all: your chair is yours again.",
            name="opening_back",
            title="Opening, taken back",
        ),
        opening(
            "Dear {name},\n\nYou have given up your place at {title} from the first of the dates below on. It goes to"
            " whoever is next. The dates before it stay yours.",
            name="opening_left",
            title="Opening, left from a date on",
        ),
        subject("Your choice: {title}", name="subject_chosen", title="Subject, chosen again"),
        opening(
            "Dear {name},\n\nYou have changed what you come to at {title}. These dates are what you have chosen now.",
            name="opening_chosen",
            title="Opening, chosen again",
        ),
        closing(),
        why("Sent because you have registered for this."),
        calendar=FILE,
        cases=(
            case("Skips a date", what="skipped"),
            case("Takes a date back", what="back"),
            case("Leaves from a date on", what="left"),
            case("Chooses other events", what="chosen"),
        ),
    ),
    "week_lent": described(
        "At once when somebody with a place skips a date, to the next on the waiting list who takes single dates.",
        "Whoever is next on the waiting list",
        subject("A chair for you on one date: {title}"),
        opening(
            "Dear {name},\n\nSomebody cannot come to {title} on the date below, so their chair is yours, for this date"
            " alone. You keep your turn for a place in the whole series: you are {position} on the waiting list. If you"
            " cannot come, say so on your page, and it goes to the next."
        ),
        closing(),
        why("Sent because you are on the waiting list and take single dates."),
        calendar=FILE,
        more=(POSITION,),
    ),
    "dates_changed": Description(
        topic=Topic.EVENT,
        about="When the organisers change several dates of a series at once; one letter for all of a person’s.",
        to="Everybody with a place, on the waiting list, or not decided on, at more than one of them",
        needs=frozenset({"changes"}),
        calendar="All of these events as they are now, which changes the entries in their calendar",
        passages=(
            subject("Changed: {dates} of {title}"),
            opening("Dear {name},\n\n{dates} of {title} changed. This is how it is now."),
            Passage(
                "holds",
                "Their place",
                "You keep your place at whatever takes place. If you cannot come now, give it back: somebody may be"
                " waiting.",
                "To those with a place.",
            ),
            Passage(
                "waits",
                "Their turn",
                "You stay on the waiting list. If you cannot come now, take yourself off it.",
                "To those on the waiting list, or not decided on.",
            ),
            closing(),
            why("Sent because you have a place, or wait for one."),
        ),
        placeholders=CHANGED,
        values=values_of_dates,
        cases=(case("With a place", holds=True), case("Waiting", holds=False)),
    ),
}
