"""Letters about what calendars answered, as the catalogue describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.mail.wording.passages import Passage
from programme.flows.notices.described.placeholders import closing, opening, subject, why
from programme.flows.notices.described.registrations import TAKEN_OUT, described, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.mail.wording.passages import Description

DESCRIPTIONS: Mapping[str, Description] = {
    "place_given_back": described(
        "At once when somebody’s calendar declines the invitation to a place that they have.",
        "Whoever had the place",
        subject("Your calendar gave your place back: {title}"),
        opening(
            "Dear {name},\n\nYour calendar answered our invitation to {title} with “no”, so your place is given back,"
            " and goes to whoever is next. Thank you for telling us."
        ),
        Passage(
            "undo",
            "If it was a mistake",
            "Not what you wanted? Within seven days you can take your place back with one press. If somebody has it by"
            " then, you come first on the waiting list.",
        ),
        closing(),
        why("Sent because your calendar answered our invitation."),
        calendar=TAKEN_OUT,
        cases=(told("Had a place", held_place=True),),
    ),
}
