"""What there is to think about, in words; what a reader may not see is never named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.core.web.words import day_date, long_date, plural, time_range
from programme.engines.calendar.clashes.rule import Severity
from programme.engines.calendar.warnings.values import Kind
from programme.flows.clashing.words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from programme.engines.calendar.warnings.values import Warned

MOST_TOLD = 12
UNSEEN = "An event that you may not see"
HEADS = {
    Kind.ROOM: "The room is taken",
    Kind.GROUP: "The same group is asked to both",
    Kind.WAY: "Whoever goes to both is late",
    Kind.CLOSURE: "Closed",
    Kind.HOLIDAY: "Bank holiday",
    Kind.ASSESSMENT: "Examinations",
    Kind.VACATION: "Out of term",
    Kind.CLOCKS: "The clocks change while it is on",
    Kind.NIGHT: "Early or late",
}
QUIET = frozenset({Kind.VACATION, Kind.NIGHT, Kind.CLOCKS, Kind.ASSESSMENT})

"""What is told quietly: it is so of many events, and seldom a mistake."""


@dataclass(frozen=True, slots=True)
class Thought:
    """One thing to think about as pages tell it: `kind` is the colour, `path` the other event's page, if any."""

    kind: str
    head: str
    sentence: str
    title: str
    path: str
    mark: str


@dataclass(frozen=True, slots=True)
class Thoughts:
    """What there is to think about: the first few, and how many more there are."""

    told: tuple[Thought, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to think about."""
        return bool(self.told)


def thoughts_of(warned: Sequence[Warned]) -> Thoughts:
    """Return warnings in words."""
    return Thoughts(tuple(thought_of(one) for one in warned[:MOST_TOLD]), max(0, len(warned) - MOST_TOLD))


def loud(warned: Sequence[Warned]) -> int:
    """Return how many there are that a list of events is to say: a word beside every event says nothing.

    A way between parts of one whole is told on the page of each: often they are for one to choose from.
    """
    return sum(one.kind not in QUIET and one.kind is not Kind.WAY for one in warned)


def thought_of(warned: Warned) -> Thought:
    """Return one warning in words."""
    other = warned.other.stay if warned.other and warned.other.is_seen else None
    return Thought(
        kind=colour(warned),
        head=head(warned),
        sentence=words(warned),
        title=other.title if other else "",
        path=f"/events/{slug(other.title, other.event_id)}" if other else "",
        mark=warned.mark,
    )


def colour(warned: Warned) -> str:
    """Return how loud it is said: loudest where nobody could do both."""
    if warned.kind in QUIET:
        return ""
    is_hard = warned.clash is not None and warned.clash.severity is Severity.HARD
    return "bad" if is_hard and warned.kind in {Kind.ROOM, Kind.SPEAKER} else "wait"


def head(warned: Warned) -> str:
    """Say in short what it is."""
    if warned.kind is Kind.SPEAKER:
        return f"{warned.name} is on both programmes"
    if warned.kind is Kind.PEOPLE:
        return f"{plural(warned.count, 'person has', 'people have')} a place at both"
    return HEADS[warned.kind]


def words(warned: Warned) -> str:
    """Say it in a sentence."""
    if warned.kind is Kind.ROOM:
        return room_words(warned)
    if warned.clash is not None:
        return sentence(warned.clash)
    day = long_date(warned.day) if warned.day else ""
    if warned.kind is Kind.CLOCKS:
        length = warned.event.stay.ends_at - warned.event.stay.starts_at
        return f"On {day} the hour between 01:00 and 02:00 is there twice, or not at all: it lasts {hours(length)}."
    if warned.kind is Kind.NIGHT:
        when = time_range(warned.event.stay.starts_at, warned.event.stay.ends_at)
        return f"It is on before 07:00 or after 22:00: {when}."
    if warned.kind is Kind.VACATION:
        return f"{day} lies in the vacation of {warned.name}."
    return f"{day}: {warned.name}."


def room_words(warned: Warned) -> str:
    """Say who is in the room, if that may be said, and when."""
    other = warned.other
    if other is None:
        return ""
    who = f"“{other.stay.title}”" if other.is_seen else UNSEEN
    when = f"{day_date(other.stay.starts_at)}, {time_range(other.stay.starts_at, other.stay.ends_at)}"
    return f"{who} is in {warned.event.room}, {warned.event.stay.place}: {when}."


def hours(length: timedelta) -> str:
    """Say how long."""
    whole, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{plural(whole, 'hour')} {minutes} min" if minutes else plural(whole, "hour")
