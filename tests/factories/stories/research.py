"""The stories that queue letters about doctoral researchers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from programme.flows.reminding import queue_due_reminders
from programme.people.identity import actor_of
from programme.people.models import Strand
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.reminding.subject import MILESTONES, remind_usually
from programme.strands.cohorts.signing.actions import answer, ask
from programme.strands.cohorts.states import CandidatureState, Signer, SupervisionRole
from programme.strands.cohorts.supervising.signed import AGREEMENT
from programme.strands.cohorts.talent.actions import ask_due
from programme.strands.cohorts.training.compulsory.actions import make_compulsory, remind
from tests.factories import cohorts, things
from tests.factories.cast import LONG_AGO

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


def reminded(desk: Desk) -> None:
    """Alice's portfolio is due in six days: she and Bob are told."""
    row = record(desk)
    remind_usually(desk.session, row.cohort, now=LONG_AGO)
    first = next(milestone for milestone in row.milestones if milestone.code == "portfolio")
    first.set_on = (desk.now + timedelta(days=6)).date()
    renew_milestones(desk.session, [row.id], now=desk.now)
    queue_due_reminders(desk.session, desk.now, subjects=(MILESTONES,))


def gone(desk: Desk) -> None:
    """Alice completed half a year ago, and is asked where she is."""
    row = record(desk)
    row.state, row.state_since = CandidatureState.COMPLETED, (desk.now - timedelta(days=200)).date()
    desk.session.flush()
    ask_due(desk.session, desk.now)


def chased(desk: Desk) -> None:
    """Olga reminds Alice, who has not booked what is compulsory for her cohort."""
    row = record(desk)
    title = "Data <protection> & “care”"
    event = things.event(desk.session, lead=desk.cast.liverpool, title=title, strand=Strand.COHORTS)
    make_compulsory(desk.session, row.cohort_id, event_id=event.id, **desk.by(desk.olga))
    remind(desk.session, row.cohort_id, event.id, **desk.by(desk.olga))


def gathered(desk: Desk) -> None:
    """Alice logs two meetings with Bob: he is told of both in one letter."""
    row = record(desk)
    for later in (0, 7):
        met_on = row.registered_on + timedelta(days=later)
        said = Logged(met_on, frozenset({desk.cast.bob.id}), "Chapter <two> & “three”.")
        log(desk.session, row.id, said, **desk.by(actor_of(desk.cast.alice)))


STORIES: Mapping[str, Callable[[Desk], object]] = {
    "signature_asked": asked,
    "signature_answered": refused,
    "signatures_waiting": gathered,
    "milestones_due": reminded,
    "destination_asked": gone,
    "compulsory_training": chased,
}
