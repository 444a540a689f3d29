"""What is asked of every room that keeps data on people: what it holds on one, and to let it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

YEAR_IN_DAYS, YEAR_IN_MONTHS = 365, 12
AT_ONCE = 5_000
"""How many rows of a kind go in one turn of `retire` at most, so that no turn holds the database for long."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data are asked about; `key` is the folded address. Kept as values: the row itself may go meanwhile."""

    person_id: int
    name: str
    address: str
    key: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of what is held: rows in words that their person understands. `is_one` where there is just one."""

    name: str
    rows: Iterable[Mapping[str, Any]]
    is_one: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of something when its person goes; `why` says why it stays, and is empty where it does not."""

    what: str
    why: str = ""

    @property
    def stays(self) -> bool:
        """Whether something of it is left."""
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class Times:
    """How long what is kept; `registrations` is counted in months after the last event, `awards` after they end."""

    registrations: int = 12
    sensitive: timedelta = timedelta(days=30)
    letters: timedelta = timedelta(days=365)
    trail: timedelta = timedelta(days=730)
    awards: timedelta = timedelta(days=6 * 365 + 2)

    @property
    def registered(self) -> timedelta:
        """How long registrations name their person."""
        return timedelta(days=self.registrations * YEAR_IN_DAYS // YEAR_IN_MONTHS)


class Keeper(Protocol):
    """A room that keeps data on people; `tables` names those whose rows it answers for."""

    @property
    def tables(self) -> frozenset[str]:
        """Return the names of tables."""

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give everything the room holds on somebody, without secrets; rows are read as they are asked for."""

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say beforehand what `erase` does to whatever there is."""

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete what the room holds on somebody, or take the person out of it. A second time changes nothing."""

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Let go what has served its time, at most AT_ONCE rows of a kind, and say how many."""


@runtime_checkable
class Knowing(Protocol):
    """A keeper whose people stay known though they never signed in, and registered for nothing."""

    def known(self) -> Iterable[Select[Any]]:
        """Select the ids of people, never NULL, whom the room keeps something about."""


@runtime_checkable
class Hanging(Protocol):
    """A keeper that keeps something about single things of a room below: it goes at once when such a thing does."""

    def fates_with(self, session: Session, kind: str, ids: Sequence[int]) -> Iterator[Fate]:
        """Say beforehand what `let_go_with` deletes."""

    def let_go_with(self, session: Session, kind: str, ids: Sequence[int], *, now: datetime) -> None:
        """Delete what hangs on things that name nobody any more. A second time changes nothing."""


def hanging(keepers: Iterable[Keeper]) -> list[Hanging]:
    """Return the keepers whose data hang on things of other rooms."""
    return [keeper for keeper in keepers if isinstance(keeper, Hanging)]


def known_to(keepers: Iterable[Keeper]) -> list[Select[Any]]:
    """Select everybody who stays known to a room, though they may have no account."""
    return [people for keeper in keepers if isinstance(keeper, Knowing) for people in keeper.known()]


def iso(instant: datetime | None) -> str | None:
    """Return an instant as a file says it, if there is one."""
    return instant.isoformat() if instant else None
