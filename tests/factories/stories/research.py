"""The stories that queue letters about doctoral researchers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.people.identity import actor_of
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.actions import answer, ask
from programme.strands.cohorts.states import Signer, SupervisionRole
from programme.strands.cohorts.supervising.signed import AGREEMENT
from tests.factories import cohorts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from programme.strands.cohorts.models import Candidature, Signature
    from tests.factories.desk import Desk


def record(desk: Desk) -> Candidature:
    """Return Alice's record: of Liverpool, supervised by Bob at Oxford."""
    award = cohorts.award(desk.session, lead=desk.cast.liverpool, shared_with=[desk.cast.oxford])
    row = cohorts.candidature(
        desk.session,
        cohort=cohorts.cohort(desk.session, award=award),
        person=desk.cast.alice,
        home=desk.cast.liverpool,
        partner=desk.cast.oxford,
        project="Tides & <sand>: what the Mersey carries to the sea",
    )
    role = SupervisionRole.PARTNER
    cohorts.supervision(desk.session, candidature=row, person=desk.cast.bob, organisation=desk.cast.oxford, role=role)
    return row


def asked(desk: Desk) -> Signature:
    """Olga asks Bob to sign the agreement of his researcher."""
    row = record(desk)
    to: dict[str, Any] = {"subject": (AGREEMENT, row.id), "signer": Signer.PARTNER_SUPERVISOR, "person": desk.cast.bob}
    return ask(desk.session, row, **to, **desk.by(desk.olga))


def refused(desk: Desk) -> None:
    """Bob refuses, and says why."""
    why = "The shares don’t add up & the dates are “last year’s”."
    bob = desk.by(actor_of(desk.cast.bob))
    answer(desk.session, asked(desk), agrees=False, reason=why, things=SIGNED_THINGS, **bob)


STORIES: Mapping[str, Callable[[Desk], object]] = {"signature_asked": asked, "signature_answered": refused}
