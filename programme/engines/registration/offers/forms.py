"""What an organiser chooses about places that come free: given at once, or offered for so many hours."""

from __future__ import annotations

from enum import StrEnum

from wtforms import SelectChoice

from programme.engines.registration.offers.deadline import EARLIEST_MORNING, HOUR, LATEST_MORNING, time_of


class MovesUp(StrEnum):
    """How whoever is next has the place."""

    AT_ONCE = "at_once"
    OFFER = "offer"


MOVES_UP = [
    SelectChoice(
        MovesUp.AT_ONCE.value, "Whoever is next has it at once", {"hint": "They are told, and need do nothing."}
    ),
    SelectChoice(
        MovesUp.OFFER.value,
        "It is offered to whoever is next",
        {"hint": "They take it or let it go by a deadline; then it passes on.", "opens": True},
    ),
]
HALF_HOURS = range(EARLIEST_MORNING, LATEST_MORNING + 1, HOUR // 2)
MORNINGS = [SelectChoice(minutes, f"{time_of(minutes):%H:%M}") for minutes in HALF_HOURS]
