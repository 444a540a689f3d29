"""Why somebody is not let in at a door, and what whoever stands there can do about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from programme.engines.registration.states import RegistrationState, SeatState

R = RegistrationState
WITHOUT_PLACE = {
    R.DRAFT: "{name} has not sent the registration yet, so there is no place.",
    R.CANCELLED: "{name}’s place was cancelled, so nobody is let in by it.",
    R.WAITLISTED: "{name} is on the waiting list and has no place here.",
    R.PENDING: "{name}’s registration is not decided yet, so there is no place.",
    R.REFUSED: "{name} was not admitted and has no place here.",
    R.LAPSED: "{name}’s place has lapsed, so nobody is let in by it.",
}
NO_CHAIR = "{name} has no chair at this event: it was given back, or there was none left."
ASK = "Ask an organiser: they can give a place."
BY_KEYS = "Each university holds a key to places here: ask an organiser."
LET_IN = "If there is a chair, let them in under “Without a place”, with their e-mail address."
WAITS = frozenset({R.WAITLISTED, R.PENDING})


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is no place, what to do next, and whether whoever stands at the door may let them in all the same."""

    words: str
    step: str
    may_be_let_in: bool = False

    @property
    def sentences(self) -> str:
        """Return both, as one message."""
        return f"{self.words} {self.step}"


def why_not(name: str, state: RegistrationState, seat: SeatState, *, takes_walk_ins: bool, by_keys: bool) -> Why:
    """Say why a chair lets nobody in.

    Who waits may be let in where the door takes walk-ins. Who was refused, or gave the chair back, is for organisers:
    somebody has decided. A place that ended leaves one who may walk in like anybody.
    """
    words = NO_CHAIR if seat is SeatState.SKIPPED and state not in WITHOUT_PLACE else WITHOUT_PLACE.get(state, NO_CHAIR)
    may_walk_in = takes_walk_ins and not by_keys and state is not R.REFUSED and words is not NO_CHAIR
    step = LET_IN if may_walk_in else BY_KEYS if by_keys else ASK
    waits = state in WAITS and seat is SeatState.HELD
    return Why(words.format(name=name), step, may_be_let_in=may_walk_in and waits)
