"""Who signs for a milestone: as what, in which order, and which person that is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, select

from programme.strands.cohorts.models import Supervision
from programme.strands.cohorts.rights import runs
from programme.strands.cohorts.states import Signer, SupervisionRole
from programme.strands.cohorts.supervising.rule import AT_THE_PARTNER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.strands.cohorts.models import Candidature, MilestoneRule

ROLES = {
    Signer.SUPERVISOR: frozenset({SupervisionRole.PRIMARY}),
    Signer.PARTNER_SUPERVISOR: AT_THE_PARTNER,
    Signer.COLLEGE: frozenset({SupervisionRole.COLLEGE_ADVISOR}),
}
"""As which supervisors somebody signs."""
WORDS = {
    Signer.RESEARCHER: "the researcher",
    Signer.SUPERVISOR: "the primary supervisor",
    Signer.PARTNER_SUPERVISOR: "the supervisor at the partner university",
    Signer.DEPARTMENT: "the department",
    Signer.COLLEGE: "the college",
    Signer.ORGANISER: "an organiser",
}
LACKING = {
    Signer.SUPERVISOR: "No primary supervisor is entered.",
    Signer.PARTNER_SUPERVISOR: "No supervisor at the partner university is entered.",
    Signer.DEPARTMENT: "Nobody is named who signs for the department.",
    Signer.COLLEGE: "No college adviser is entered.",
    Signer.ORGANISER: "Any organiser of the home university signs it here.",
}
"""What there is to say where nobody can be asked."""


def signers_of(rule: MilestoneRule) -> list[Signer]:
    """Return as what people sign a milestone, in order; the researcher signs by handing it in."""
    return [Signer(word) for word in rule.signers if word != Signer.RESEARCHER]


def following(signers: Iterable[Signer], agreed: Collection[Signer]) -> Signer | None:
    """Return as what is signed next; None where all have."""
    return next((one for one in signers if one not in agreed), None)


def person_for(session: Session, row: Candidature, signer: Signer, *, today: date) -> Person | None:
    """Return who signs as something for a researcher today; nobody for organisers, any of whom may.

    A co-supervisor at the partner signs for it where nobody is entered as the supervisor there.
    """
    if signer is Signer.RESEARCHER:
        return row.person
    if signer is Signer.DEPARTMENT:
        return row.approver
    if signer not in ROLES:
        return None
    own = select(Supervision).where(
        Supervision.candidature_id == row.id, Supervision.role.in_(ROLES[signer]), runs(today)
    )
    if signer is Signer.PARTNER_SUPERVISOR:
        own = own.where(Supervision.organisation_id == row.partner_organisation_id)
    is_second = case((Supervision.role == SupervisionRole.CO, 1), else_=0)
    first = own.order_by(is_second, Supervision.begins_on.desc(), Supervision.id).limit(1)
    found = session.scalars(first).first()
    return found.person if found else None
