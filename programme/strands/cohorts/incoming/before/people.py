"""Who the supervisors in a spreadsheet are: known already or not, of which university, and beside whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.people.affiliations import address_key, organisations_of_addresses
from programme.people.models import Person
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.incoming.before.headings import SUPERVISOR
from programme.strands.cohorts.incoming.before.joining import Team, number_of
from programme.strands.cohorts.incoming.before.supervisors import ADDRESS
from programme.strands.cohorts.supervising.queries import held, supervisions
from programme.strands.cohorts.supervising.rule import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.candidatures.details import Details
    from programme.strands.cohorts.models import Candidature, FundingAward, Supervision
    from programme.strands.cohorts.rulebooks.queries import Book


@dataclass(frozen=True, slots=True)
class People:
    """Persons by their folded addresses, universities by addresses as written, and who supervises whom already."""

    ids: Mapping[str, int]
    at: Mapping[str, int]
    supervising: Mapping[int, Sequence[Supervision]]


def people_in(session: Session, rows: Sequence[Mapping[str, str]], known: Collection[int]) -> People:
    """Find everybody whose address stands in rows, and who supervises what is `known`: three statements."""
    addresses = {
        found
        for cells in rows
        for name, text in cells.items()
        if name.startswith(SUPERVISOR)
        for found in ADDRESS.findall(text)
    }
    keys = folded_of([*addresses, *(cells.get("address", "") for cells in rows)])
    persons = select(Person.address_key, Person.id).where(Person.address_key.in_(keys))
    return People(
        ids=dict(session.execute(persons).all()),
        at=organisations_of_addresses(session, addresses),
        supervising=supervisions(session, known),
    )


def folded_of(addresses: Sequence[str]) -> list[str]:
    """Return the folded forms of those that can be addresses."""
    found = []
    for address in addresses:
        try:
            found.append(address_key(address))
        except Refusal:
            continue
    return found


def team_of(
    details: Details, known: Candidature | None, people: People, *, key: str, award: FundingAward, book: Book
) -> Team:
    """Return who supervises a researcher already, who is found by the folded address `key`."""
    names = {row.id: row.short_name for row in universities_of(award)}
    place = Place(
        researcher=number_of(key, people.ids),
        home=details.home_id,
        home_name=names.get(details.home_id, ""),
        partner=details.partner_id,
        partner_name=names.get(details.partner_id or 0, ""),
        least=book.row.least_supervisors,
    )
    there = people.supervising.get(known.id, ()) if known else ()
    running = {address: number for address, number in people.at.items() if number in names}
    return Team(place, [held(one) for one in there], people.ids, running, details.registered_on)
