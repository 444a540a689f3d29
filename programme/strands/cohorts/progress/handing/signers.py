"""Who signs for a milestone: as what, in which order, and which person that is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.strands.cohorts.models import Supervision
from programme.strands.cohorts.rights import runs
from programme.strands.cohorts.states import Signer, SupervisionRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.people.models import Person
    from programme.strands.cohorts.models import Candidature, MilestoneRule

ROLES = {
    Signer.SUPERVISOR: SupervisionRole.PRIMARY,
    Signer.PARTNER_SUPERVISOR: SupervisionRole.PARTNER,
    Signer.COLLEGE: SupervisionRole.COLLEGE_ADVISOR,
}
"""As which supervisor somebody signs."""
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
    """Return who signs as something for a researcher today; nobody for organisers, any of whom may."""
    if signer is Signer.RESEARCHER:
        return row.person
    if signer is Signer.DEPARTMENT:
        return row.approver
    if signer not in ROLES:
        return None
    own = (
        select(Supervision)
        .where(
            Supervision.candidature_id == row.id,
            Supervision.role == ROLES[signer],
            runs(today),
        )
        .order_by(Supervision.begins_on.desc(), Supervision.id)
    )
    if signer is Signer.PARTNER_SUPERVISOR and row.partner_organisation_id:
        own = own.where(Supervision.organisation_id == row.partner_organisation_id)
    found = session.scalars(own.limit(1)).first()
    return found.person if found else None
