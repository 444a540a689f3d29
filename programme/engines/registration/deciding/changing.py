"""Whether somebody may change their answers now: the rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.registration.states import HOLDING, LIVE, PlacesBy, RegistrationState

if TYPE_CHECKING:
    from datetime import datetime


class AnswersChange(StrEnum):
    """Until when answers may be changed: as long as one is registered, until an instant, until decided, or never."""

    REGISTERED = "registered"
    UNTIL = "until"
    UNDECIDED = "undecided"
    NEVER = "never"


ENDED = "This registration has ended, so its answers stay as they are."
NEVER = "Answers to this form stay as they were sent. Write to the organisers if something is wrong."
DECIDED = "This has been decided, so its answers stay as they are. Write to the organisers if something has changed."
TOO_LATE = "The time to change answers is over. Write to the organisers if something has changed."


@dataclass(frozen=True, slots=True)
class Changing:
    """What an opening says about changing answers; an instant counts only where it is asked for."""

    rule: AnswersChange = AnswersChange.REGISTERED
    until: datetime | None = None
    asks_anew: bool = False


def is_decided(state: RegistrationState, places_by: PlacesBy) -> bool:
    """Whether somebody knows whether they are admitted: whoever waits in line after a decision does, too."""
    if state in HOLDING:
        return True
    return state is RegistrationState.WAITLISTED and places_by is not PlacesBy.FIRST_COME


def reason_against(changing: Changing, state: RegistrationState, places_by: PlacesBy, *, now: datetime) -> str | None:
    """Return why answers may not be changed now, as a sentence; None where they may."""
    if state not in LIVE:
        return ENDED
    if state is RegistrationState.DRAFT:
        return None
    if changing.rule is AnswersChange.NEVER:
        return NEVER
    if changing.rule is AnswersChange.UNDECIDED and is_decided(state, places_by):
        return DECIDED
    if changing.rule is AnswersChange.UNTIL and changing.until is not None and now >= changing.until:
        return TOO_LATE
    return None
