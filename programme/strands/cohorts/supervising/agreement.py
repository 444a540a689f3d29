"""The joint supervision agreement: who signs it, how far that is, and whether a supervision is joint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.signing.actions import ask
from programme.strands.cohorts.signing.queries import under
from programme.strands.cohorts.states import SignatureState, Signer
from programme.strands.cohorts.supervising import rule
from programme.strands.cohorts.supervising.queries import counting_from, held, place_of, supervisions
from programme.strands.cohorts.supervising.signed import AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature, Signature, Supervision
    from programme.strands.cohorts.rulebooks.queries import Book

ALL_SIGNED = "Everybody has signed already."
NOT_YET = "It cannot be signed yet. {what}"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who signs the agreement, as what, and their signature where they were ever asked."""

    signer: Signer
    person: Person
    signature: Signature | None = None

    @property
    def name(self) -> str:
        """Return what they are called."""
        return self.person.name or self.person.address

    @property
    def is_supervisor(self) -> bool:
        """Whether they sign as somebody who supervises."""
        return self.signer in {Signer.SUPERVISOR, Signer.PARTNER_SUPERVISOR}

    @property
    def state(self) -> SignatureState:
        """Return where their signature stands."""
        return self.signature.state if self.signature else SignatureState.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Standing:
    """How a supervision stands: who supervises, what is lacking, a warning, and who has signed."""

    supervisions: Sequence[Supervision]
    lacking: Sequence[str]
    too_few: str
    has_its_people: bool
    parties: Sequence[Party]

    @property
    def is_signed(self) -> bool:
        """Whether every party agrees."""
        return bool(self.parties) and all(party.state is SignatureState.AGREED for party in self.parties)

    @property
    def refusers(self) -> list[str]:
        """Return the names of those who refused to sign."""
        refused = (party.person for party in self.parties if party.state is SignatureState.REFUSED)
        return list(dict.fromkeys(person.name or person.address for person in refused))

    @property
    def is_joint(self) -> bool:
        """Whether the candidature counts as joint: by the rule, and signed by everybody."""
        return self.has_its_people and self.is_signed

    @property
    def warnings(self) -> list[str]:
        """Return what organisers have to look after, a sentence each."""
        unsigned = [] if self.is_signed or not self.has_its_people else ["Not everybody has signed the agreement."]
        return [*self.lacking, *([self.too_few] if self.too_few else []), *unsigned]


def standings(session: Session, rows: Sequence[Candidature], *, today: date) -> Mapping[int, Standing]:
    """Return how supervisions stand, by candidature, in a number of statements that does not grow.

    `rows` have their person, approver, home and partner loaded.
    """
    known, ids = books(session, {row.home_organisation_id for row in rows}), [row.id for row in rows]
    people, signatures = supervisions(session, ids), under(session, AGREEMENT, ids)
    return {row.id: standing(row, people[row.id], signatures[row.id], known, today=today) for row in rows}


def standing(
    row: Candidature,
    people: Sequence[Supervision],
    signatures: Sequence[Signature],
    known: Mapping[int, Book],
    *,
    today: date,
) -> Standing:
    """Return how one supervision stands."""
    place, day, everybody = place_of(row, known), counting_from(row, today), [held(one) for one in people]
    return Standing(
        supervisions=people,
        lacking=rule.lacking(everybody, place, day=day),
        too_few=rule.too_few(everybody, place, day=day),
        has_its_people=rule.is_joint(everybody, place, day=day),
        parties=parties(row, people, signatures, today=today),
    )


def parties(
    row: Candidature, people: Sequence[Supervision], signatures: Sequence[Signature], *, today: date
) -> list[Party]:
    """Return who signs: the researcher, everybody who supervises or will, and whoever approves for the department."""
    wanted: list[tuple[Signer, Person | None]] = [(Signer.RESEARCHER, row.person)]
    wanted += [(signer_of(row, one), one.person) for one in people if not held(one).is_over(today)]
    wanted += [(Signer.DEPARTMENT, row.approver)]
    given = {(one.signer, one.person_id): one for one in signatures}
    each = {(signer, person.id): person for signer, person in wanted if person}
    return [Party(signer, person, given.get((signer, number))) for (signer, number), person in each.items()]


def signer_of(row: Candidature, one: Supervision) -> Signer:
    """Return as what somebody who supervises signs."""
    is_partner = one.organisation_id == row.partner_organisation_id
    return Signer.PARTNER_SUPERVISOR if is_partner else Signer.SUPERVISOR


def ask_everybody(session: Session, candidature_id: int, *, actor: Actor, now: datetime) -> list[Party]:
    """Ask every party that has not agreed to sign, again where they were asked before; return whom.

    Refusal where somebody is lacking first, or nobody is left to be asked.
    """
    row, today = hold(session, candidature_id), london_day(now)
    found = standings(session, [row], today=today)[row.id]
    if not found.has_its_people:
        raise Refusal(NOT_YET.format(what=found.lacking[0]))
    asked = [party for party in found.parties if party.state is not SignatureState.AGREED]
    if not asked:
        raise Refusal(ALL_SIGNED)
    for party in asked:
        subject = (AGREEMENT, row.id)
        ask(session, row, subject=subject, signer=party.signer, person=party.person, actor=actor, now=now)
    return asked
