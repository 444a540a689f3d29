"""Which supervisors of a row would be entered: as what, for whom, and whether they may. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.people.affiliations import address_key
from programme.strands.cohorts.incoming.before.facts import Joining
from programme.strands.cohorts.incoming.facts import LONGEST_NAME
from programme.strands.cohorts.states import SupervisionRole
from programme.strands.cohorts.supervising.rule import Held, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from programme.strands.cohorts.incoming.before.supervisors import Named
    from programme.strands.cohorts.supervising.rule import Place

NO_ADDRESS = "{name} has no e-mail here, so is not entered as a supervisor. Add it to the file, or enter them later."
IS_THERE = "{name} is entered as a supervisor already, otherwise than here. Change it on the record’s Supervision page."


@dataclass(slots=True)
class Team:
    """Who supervises already, and where.

    `ids` are people by their folded addresses, `at` the universities to which addresses belong.
    """

    place: Place
    held: list[Held]
    ids: Mapping[str, int]
    at: Mapping[str, int]
    begins_on: date

    def joined(self, named: Sequence[Named]) -> tuple[list[Joining], list[str], list[tuple[str, str]]]:
        """Return who would be entered, what is left as it is, and which cells are wrong."""
        joining: list[Joining] = []
        notes: list[str] = []
        odd: list[tuple[str, str]] = []
        for one in named:
            if not one.address:
                notes.append(NO_ADDRESS.format(name=one.name))
                continue
            try:
                wanted = self.meant(one)
                it = self.held_by(wanted)
            except Refusal as refusal:
                odd.append((one.field, f"{one.name or one.address}: {refusal.sentence}"))
                continue
            again = next((other for other in self.held if other.person == it.person and other.meets(it)), None)
            if again:
                notes.extend([IS_THERE.format(name=again.name)] if differs(again, one) else [])
                continue
            sentence = wrong(it, self.held, self.place)
            if sentence:
                odd.append((one.field, sentence.sentence))
            else:
                joining.append(wanted)
                self.held.append(it)
        return joining, notes, odd

    def meant(self, one: Named) -> Joining:
        """Return one supervisor with what the row leaves open: the usual role, university and days."""
        at = one.university or self.at.get(one.address)
        if one.role is SupervisionRole.PARTNER and one.university is None:
            at = self.place.partner or self.place.home
        if one.role is SupervisionRole.PRIMARY and one.university is None:
            at = self.place.home
        at = at or self.place.home
        has_primary = any(other.role is SupervisionRole.PRIMARY for other in self.held)
        usual = SupervisionRole.CO if has_primary else SupervisionRole.PRIMARY
        role = one.role or (SupervisionRole.PARTNER if at == self.place.partner else usual)
        return Joining(
            one.name[:LONGEST_NAME], one.address, role, at, one.share or 0, one.begins_on or self.begins_on, one.ends_on
        )

    def held_by(self, one: Joining) -> Held:
        """Return a supervisor as the rule reads it; whoever is not known yet has a number of their own."""
        number = number_of(address_key(one.address), self.ids)
        name = one.name or one.address
        return Held(number, name, one.role, one.organisation_id, one.share, one.begins_on, one.ends_on)


def differs(there: Held, one: Named) -> bool:
    """Whether a row says something of somebody that is otherwise on the record; what it leaves open is as it is."""
    pairs = (
        (one.role, there.role),
        (one.university, there.organisation),
        (one.share, there.share),
        (one.begins_on, there.begins),
        (one.ends_on, there.ends),
    )
    return any(said is not None and said != kept for said, kept in pairs)


def number_of(key: str, ids: Mapping[str, int]) -> int:
    """Return the id of whoever is found by a folded address; who is not known yet has a number of their own."""
    return ids.get(key) or -1 - int.from_bytes(key.encode())
