"""What waits for one person as their page lists it: what it is, since when it waits, and what is to be known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import joinedload

from programme.engines.calendar.times import london_day
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Signature
from programme.strands.cohorts.signing.queries import described, facts_of, key_of, waiting_for
from programme.strands.cohorts.signing.telling import GATHERED
from programme.strands.cohorts.supervising.words import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import Described, Facts, SignedThings


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits; of what may be ticked all is shown that is to be known, the rest is read where it is.

    `facts` leave out whose it is, which the line says already.
    """

    signature: Signature
    thing: Described
    signer: str
    address: str
    facts: Facts

    @property
    def asked_on(self) -> date | None:
        """Return the day since which it waits."""
        return london_day(self.signature.asked_at) if self.signature.asked_at else None

    @property
    def may_be_ticked(self) -> bool:
        """Whether it may be agreed to together with others."""
        return self.signature.subject_kind in GATHERED


def loaded(person_id: int, *, today: date) -> Select[Signature]:
    """Select what waits for somebody, the longest first, with whose record it is in."""
    award = joinedload(Signature.candidature).joinedload(Candidature.cohort).joinedload(Cohort.award)
    lead = award.joinedload(FundingAward.lead_organisation)
    return waiting_for(person_id, today=today).options(lead, award.selectinload(FundingAward.co_owners))


def lines_of(session: Session, rows: Sequence[Signature], *, things: SignedThings, links: SignatureLinks) -> list[Line]:
    """Return the lines of a page, in a number of statements that does not grow."""
    titles = described(session, rows, things)
    facts = facts_of(session, [row for row in rows if row.subject_kind in GATHERED], things)
    return [
        Line(
            row,
            titles[key_of(row)],
            SIGNERS[row.signer],
            links.path(row),
            [one for one in facts.get(key_of(row), ()) if one[1] != titles[key_of(row)].about],
        )
        for row in rows
        if key_of(row) in titles
    ]
