"""What the rule of warnings reads, and what it says. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from programme.engines.calendar.clashes.rule import Clash, Stay


class Kind(StrEnum):
    """What there is to think about, in the order in which it is said."""

    ROOM = "room"
    SPEAKER = "speaker"
    PEOPLE = "people"
    GROUP = "group"
    WAY = "way"
    CLOSURE = "closure"
    HOLIDAY = "bank holiday"
    ASSESSMENT = "assessment"
    VACATION = "vacation"
    CLOCKS = "clocks"
    NIGHT = "night"


ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody on the programme: by person where both are known, else by the name as it is written."""

    name: str
    person_id: int | None = None

    def is_same(self, other: Speaker) -> bool:
        """Whether two entries are one person, as far as anybody can tell."""
        if self.person_id is not None and other.person_id is not None:
            return self.person_id == other.person_id
        return self.name.casefold() == other.name.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """An event as it is, or would be: `stay` is when and where, of which a new one has the id 0.

    `groups` are the ids of those whom its openings are for. `is_seen` is false where the reader may know that a room is
    taken, and not by what.
    """

    stay: Stay
    room: str = ""
    series_id: int | None = None
    speakers: tuple[Speaker, ...] = ()
    groups: frozenset[int] = frozenset()
    is_seen: bool = True


@dataclass(frozen=True, slots=True)
class Spell:
    """Days, both included, on which a university is closed or examines."""

    kind: Kind
    university: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One thing to think about: with which other event, of whom or what (`name`), on which day, how many people."""

    kind: Kind
    event: Scheduled
    other: Scheduled | None = None
    clash: Clash | None = None
    name: str = ""
    day: date | None = None
    count: int = 0

    @property
    def mark(self) -> str:
        """A mark of what it is about: with another time or place, of either event, it is another warning."""
        facts = [self.kind.value, facts_of(self.event), facts_of(self.other), self.name.casefold(), str(self.day)]
        return sha256("\n".join(facts).encode()).hexdigest()[:32]


def facts_of(event: Scheduled | None) -> str:
    """Return what a warning hangs on, in a line."""
    if event is None:
        return ""
    stay = event.stay
    return f"{stay.event_id} {stay.starts_at} {stay.ends_at} {stay.all_day} {stay.venue_id} {event.room.casefold()}"


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of days: bank holidays by their names, closures and examinations."""

    holidays: dict[date, str] = field(default_factory=dict)
    spells: tuple[Spell, ...] = ()
