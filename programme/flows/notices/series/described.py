"""Letters about single weeks of a series, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.flows.notices.described.placeholders import case, closing, opening, subject, why
from programme.flows.notices.described.registrations import POSITION, described

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.mail.wording.passages import Description

FILE = "The events they have a chair at, and those given up to be taken out, as a file for their calendar"

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
}
