"""Who may supervise with whom, and when that is a joint supervision. Pure: values in, sentences out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from programme.strands.cohorts.states import SupervisionRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WHOLE = 100
COUNTED = frozenset({SupervisionRole.PRIMARY, SupervisionRole.CO, SupervisionRole.PARTNER, SupervisionRole.INDUSTRIAL})
"""Those who supervise; advisers look on."""
AT_THE_PARTNER = frozenset({SupervisionRole.PARTNER, SupervisionRole.CO})
"""Whoever is of the partner university and one of these makes it joint, and signs for the partner."""


@dataclass(frozen=True, slots=True)
class Held:
    """One supervision, both days included; `person` is an id, `ends` None where it goes on."""

    person: int
    name: str
    role: SupervisionRole
    organisation: int
    share: int
    begins: date
    ends: date | None = None

    def runs(self, day: date) -> bool:
        """Whether it runs on a day."""
        return self.begins <= day and (self.ends is None or day <= self.ends)

    def is_over(self, day: date) -> bool:
        """Whether it ended before a day."""
        return self.ends is not None and self.ends < day

    def meets(self, other: Held) -> bool:
        """Whether two have a day in common."""
        starts = max(self.begins, other.begins)
        return self.runs(starts) and other.runs(starts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a researcher is: who they are, their two universities by id and name, and what the rulebook asks for."""

    researcher: int | None
    home: int
    home_name: str
    partner: int | None = None
    partner_name: str = ""
    least: int = 2


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a supervision may not be, and at which field of the form that stands."""

    field: str
    sentence: str


def wrong(one: Held, others: Sequence[Held], place: Place) -> Wrong | None:
    """Say what is wrong with a supervision beside `others`, and what to do; None where it may be."""
    return wrong_by_itself(one, place) or wrong_together(one, others)


def wrong_by_itself(one: Held, place: Place) -> Wrong | None:
    """Say what is wrong with it whoever else supervises."""
    if one.ends is not None and one.ends < one.begins:
        return Wrong("ends_on", f"It would end before it begins on {said(one.begins)}. Choose that day or a later one.")
    if one.person == place.researcher:
        return Wrong("address", "Nobody supervises themselves. Enter somebody else.")
    if one.role is SupervisionRole.PRIMARY and one.organisation != place.home:
        return Wrong("role", f"The primary supervisor is of {place.home_name}. Choose another role for this one.")
    if one.role is SupervisionRole.PARTNER and place.partner is None:
        return Wrong(
            "role", "No partner university is named on this record yet. Name it first, or choose another role."
        )
    if one.role is SupervisionRole.PARTNER and one.organisation != place.partner:
        return Wrong("role", f"A supervisor at the partner is of {place.partner_name}. Choose that, or another role.")
    return None


def wrong_together(one: Held, others: Sequence[Held]) -> Wrong | None:
    """Say what is wrong with it beside those who supervise at the same time."""
    beside = [other for other in others if one.meets(other)]
    same = next((other for other in beside if other.person == one.person), None)
    if same:
        return Wrong("address", f"{one.name} supervises already {span(same)}. Change that supervision instead.")
    if one.role is SupervisionRole.PRIMARY:
        first = next((other for other in beside if other.role is SupervisionRole.PRIMARY), None)
        if first:
            return Wrong(
                "role",
                f"{first.name} is primary supervisor {span(first)}. End {first.name}’s supervision first, or make this"
                " one co-supervisor.",
            )
    return too_much(one, beside)


def too_much(one: Held, beside: Sequence[Held]) -> Wrong | None:
    """Say from when shares come to more than the whole; it can only be on a day on which one of them begins."""
    days = sorted({max(one.begins, other.begins) for other in beside} | {one.begins})
    for day in (day for day in days if one.runs(day)):
        rest = sum(other.share for other in beside if other.runs(day))
        if rest + one.share > WHOLE:
            left = max(WHOLE - rest, 0)
            return Wrong(
                "share",
                f"From {said(day)} the shares come to {rest + one.share} %. {left} % are left for this one: enter that,"
                " or lower another share first.",
            )
    return None


def lacking(held: Sequence[Held], place: Place, *, day: date) -> list[str]:
    """Return what must be done for a joint supervision, on a day and as far as is known from then on."""
    running = [one for one in held if one.runs(day)]
    found = []
    if not primary_of(running):
        found.append(no_primary(held, place, day=day))
    if place.partner is None:
        found.append("Name the partner university on the record: no supervision is joint without it.")
    elif not partners_of(running, place):
        found.append(f"Name a supervisor at {place.partner_name}: until one supervises, it is not joint.")
    return [*found, *leaving(held, place, day=day)]


def no_primary(held: Iterable[Held], place: Place, *, day: date) -> str:
    """Say that there is no primary supervisor, until when if one is to come."""
    coming = sorted(one.begins for one in held if one.role is SupervisionRole.PRIMARY and one.begins > day)
    if coming:
        until = said(coming[0])
        return f"There is no primary supervisor until {until}: name one at {place.home_name} for the time before."
    return f"There is no primary supervisor: name one at {place.home_name}."


def leaving(held: Sequence[Held], place: Place, *, day: date) -> list[str]:
    """Return what must be done as somebody leaves after whom there is nobody."""
    found = []
    for one in held:
        if not one.runs(day) or one.ends is None:
            continue
        after = one.ends + timedelta(days=1)
        then, leaves = [other for other in held if other.runs(after)], f"{one.name} leaves on {said(one.ends)}"
        if one.role is SupervisionRole.PRIMARY and not primary_of(then):
            found.append(
                f"{one.name} leaves on {said(one.ends)}: name who is primary supervisor from {said(after)} on."
            )
        elif partners_of([one], place) and not partners_of(then, place):
            found.append(f"{leaves}: name a supervisor at {place.partner_name} from {said(after)} on.")
    return found


def too_few(held: Sequence[Held], place: Place, *, day: date) -> str:
    """Say that fewer supervise than the rulebook asks for; empty where enough do."""
    number = len({one.person for one in held if one.runs(day) and one.role in COUNTED})
    if number >= place.least:
        return ""
    return f"The rulebook of {place.home_name} asks for {place.least} supervisors at least; there {are(number)}."


def is_joint(held: Iterable[Held], place: Place, *, day: date) -> bool:
    """Whether a day has its one primary supervisor at home and one at least at the partner."""
    running = [one for one in held if one.runs(day)]
    primary = [one for one in running if one.role is SupervisionRole.PRIMARY and one.organisation == place.home]
    return len(primary) == 1 and bool(partners_of(running, place))


def primary_of(running: Iterable[Held]) -> Held | None:
    """Return the primary supervisor among those of a day."""
    return next((one for one in running if one.role is SupervisionRole.PRIMARY), None)


def partners_of(running: Iterable[Held], place: Place) -> list[Held]:
    """Return those who supervise at the partner university."""
    return [one for one in running if one.organisation == place.partner and one.role in AT_THE_PARTNER]


def span(one: Held) -> str:
    """Say when a supervision runs, within a sentence."""
    return f"from {said(one.begins)} to {said(one.ends)}" if one.ends else f"since {said(one.begins)}"


def said(day: date) -> str:
    """Say a day: "1 October 2026"."""
    return f"{day.day} {day:%B %Y}"


def are(number: int) -> str:
    """Say how many there are."""
    return "is one" if number == 1 else f"are {number or 'none'}"
