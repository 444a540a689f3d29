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


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to an event: groups by openings that admit to all of their events, and by those that leave a choice.

    `choices` are (opening, group) of the latter, without a group 0: two events of one opening are alternatives there.
    """

    plainly: frozenset[int] = frozenset()
    choices: frozenset[tuple[int, int]] = frozenset()

    @property
    def groups(self) -> frozenset[int]:
        """Return every group that is asked."""
        return self.plainly | {group for _, group in self.choices if group}

    def is_alternative_to(self, other: Asked) -> bool:
        """Whether one opening leaves the choice between the two."""
        return bool({opening for opening, _ in self.choices} & {opening for opening, _ in other.choices})

    def shares_a_group_with(self, other: Asked) -> bool:
        """Whether one group is asked to both, and not to choose between them."""
        if self.plainly & other.groups or self.groups & other.plainly:
            return True
        pairs = ((one, another) for one in self.choices for another in other.choices)
        return any(one[1] and one[1] == another[1] and one[0] != another[0] for one, another in pairs)


NOBODY_ASKED = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """An event as it is, or would be: `stay` is when and where, of which a new one has the id 0.

    `asked` is whom its openings are for. `is_seen` is false where the reader may know that a room is
    taken, and not by what.
    """

    stay: Stay
    room: str = ""
    series_id: int | None = None
    speakers: tuple[Speaker, ...] = ()
    asked: Asked = NOBODY_ASKED
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
