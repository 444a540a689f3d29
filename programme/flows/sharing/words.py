"""What pages and letters say of places kept for an organisation: in parts, as a bar shows them, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from programme.core.web.words import deadline, join_words
from programme.engines.registration.queries import tally_of
from programme.people.states import End

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening, Registration
    from programme.engines.registration.places import Share, Tally

ANYBODY = "Anybody"
ORDER = {End.LIVERPOOL: 0, None: 2, End.OXFORD: 3}
"""From the left: shares of Liverpool's end, what is for anybody (1), shares of others, those of Oxford's end."""


class Home(Protocol):
    """An organisation that places are kept for."""

    @property
    def short_name(self) -> str:
        """What it is called in a few letters."""

    @property
    def end(self) -> End | None:
        """The end of the corridor that is its own."""

    @property
    def position(self) -> int:
        """Where it stands in lists: universities before their neighbours."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the places: whose, how many, how many are taken; `is_last` fills from the right."""

    name: str
    end: str
    size: int
    taken: int
    is_last: bool = False

    @property
    def left(self) -> int:
        """How many are left."""
        return max(0, self.size - self.taken)


def homes_of(opening: Opening) -> Mapping[int, Home]:
    """Return the organisations that an opening keeps places for."""
    return {row.organisation_id: row.organisation for row in opening.quotas}


def parts_of(tally: Tally, homes: Mapping[int, Home], *, places: int | None = None) -> tuple[Part, ...]:
    """Return the parts of an opening's places from the left to the right; none where nothing is kept.

    `places` is how many there are in all, where a room has fewer chairs than the opening has places.
    """
    if not tally.shares:
        return ()
    total = places if places is not None else tally.capacity or 0
    kept = [(place_of(home_of(share, homes)), of_share(share, homes)) for share in tally.shares]
    size = max(0, total - sum(share.guaranteed for share in tally.shares))
    drawn = max(0, tally.holding - sum(share.used for share in tally.shares))
    ordered = sorted([*kept, ((1, 0), Part(ANYBODY, "", size, drawn))], key=lambda it: it[0])
    return tuple(part for _, part in ordered)


def place_of(home: Home) -> tuple[int, int]:
    """Return where the share of an organisation stands: universities are outermost."""
    return ORDER[home.end], -home.position if home.end is End.OXFORD else home.position


def of_share(share: Share, homes: Mapping[int, Home]) -> Part:
    """Return the part of one share."""
    home = homes[share.organisation_id]
    end = home.end.value if home.end else ""
    return Part(home.short_name, end, share.guaranteed, share.used, is_last=home.end is End.OXFORD)


def kept_words(tally: Tally, homes: Mapping[int, Home], *, now: datetime) -> str:
    """Say what is kept for whom and until when; nothing where nothing is."""
    if not tally.shares:
        return ""
    told = {share: share.guaranteed for share in tally.shares}
    return f"{kept_sentence(told, homes, now=now)}; after that, anybody may have them."


def left_words(tally: Tally, homes: Mapping[int, Home], *, now: datetime) -> str:
    """Say for whom the places are that are left, where none is for anybody; else nothing."""
    unused = {share: share.unused for share in tally.shares if share.unused}
    if tally.pool != 0 or not tally.free or not unused:
        return ""
    names = join_words(names_kept(tally, homes))
    left = "The place left is" if tally.free == 1 else f"The {tally.free} places left are"
    return f"{left} kept for {names}{until_of(unused, now=now)}."


def why_waiting(session: Session, row: Registration, *, now: datetime) -> tuple[str, str]:
    """Say why somebody on a waiting list has no place, and what is kept for others, if anything is."""
    opening = row.opening
    tally, homes = tally_of(session, opening, now=now), homes_of(opening)
    return reason_of(tally, homes, home=row.counts_for_id, now=now), waiting_words(
        tally, homes, home=row.counts_for_id, now=now
    )


def reason_of(tally: Tally, homes: Mapping[int, Home], *, home: int | None, now: datetime) -> str:
    """Say why there is no place for somebody of a home."""
    if tally.free_for(home) != 0:
        return "A place is free, and goes to whoever has waited longest."
    return left_words(tally, homes, now=now) or "Every place is taken."


def names_kept(tally: Tally, homes: Mapping[int, Home]) -> list[str]:
    """Return for whom there are places that nobody else may have."""
    unused = [share for share in tally.shares if share.unused]
    return [home_of(share, homes).short_name for share in in_order(unused, homes)]


def waiting_words(tally: Tally, homes: Mapping[int, Home], *, home: int | None, now: datetime) -> str:
    """Tell somebody on the waiting list, of one home, what is kept for others; nothing where nothing is."""
    unused = {share: share.unused for share in tally.shares if share.unused and share.organisation_id != home}
    if not unused:
        return ""
    told = kept_sentence(unused, homes, now=now)
    return f"{told}, so that somebody behind you may move up first. After that, whoever has waited longest has them."


def kept_sentence(told: Mapping[Share, int], homes: Mapping[int, Home], *, now: datetime) -> str:
    """Say how many places are kept for whom, and until when; without a full stop."""
    ordered, end = in_order(told, homes), until_of(told, now=now)
    is_one = list(told.values()) == [1]
    parts = [
        f"{told[share]}{' ' * (number == 0)}{opening_words(number, told[share], is_one=is_one)} for "
        f"{home_of(share, homes).short_name}{'' if end else until_of([share], now=now)}"
        for number, share in enumerate(ordered)
    ]
    return f"{join_words(parts)}{end}"


def opening_words(number: int, places: int, *, is_one: bool) -> str:
    """Return the words of the first part; the others follow it without them."""
    if number:
        return ""
    return f"{'place' if places == 1 else 'places'} {'is' if is_one else 'are'} kept"


def until_of(shares: Iterable[Share], *, now: datetime) -> str:
    """Say until when, where it is the same for all; else nothing."""
    untils = {share.until for share in shares}
    until = next(iter(untils), None)
    return f" until {deadline(until, now)}" if len(untils) == 1 and until else ""


def in_order(shares: Iterable[Share], homes: Mapping[int, Home]) -> list[Share]:
    """Return shares in the order in which their organisations are told: Liverpool, Oxford, their neighbours."""
    return sorted(shares, key=lambda share: home_of(share, homes).position)


def home_of(share: Share, homes: Mapping[int, Home]) -> Home:
    """Return whose share it is."""
    return homes[share.organisation_id]
