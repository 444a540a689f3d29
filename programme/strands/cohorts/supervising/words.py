"""What roles, and those who sign, are called on pages and in letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.states import Signer, SupervisionRole

if TYPE_CHECKING:
    from collections.abc import Mapping

R = SupervisionRole
ROLES: Mapping[SupervisionRole, str] = {
    R.PRIMARY: "Primary supervisor",
    R.CO: "Co-supervisor",
    R.PARTNER: "Supervisor at the partner",
    R.INDUSTRIAL: "Industrial supervisor",
    R.ADVISOR: "Adviser",
    R.COLLEGE_ADVISOR: "College adviser",
}
SIGNERS: Mapping[Signer, str] = {
    Signer.RESEARCHER: "the researcher",
    Signer.SUPERVISOR: "supervisor",
    Signer.PARTNER_SUPERVISOR: "supervisor at the partner",
    Signer.DEPARTMENT: "for the department",
    Signer.COLLEGE: "for the college",
    Signer.ORGANISER: "organiser",
}
FOR_OTHERS = "for "


def signing_as(signer: Signer) -> str:
    """Say as what somebody signs, to go on after “to sign”: as supervisor, for the department."""
    words = SIGNERS[signer]
    return words if words.startswith(FOR_OTHERS) else f"as {words}"
