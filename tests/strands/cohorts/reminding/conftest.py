"""Bob of Oxford in a cohort that reminds as usual, with Omar and Olga who supervise him."""

from collections.abc import Collection
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.flows.reminding import queue_due_reminders
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.reminding.subject import LETTER, MILESTONES, remind_usually
from programme.strands.cohorts.states import MilestoneState, SupervisionRole
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast, assemble

SITE = "https://programme.example.ac.uk"


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford, full time since Michaelmas 2026, supervised by Omar there and Olga in Liverpool."""
    award = cohorts.award(session, lead=cast.oxford, shared_with=[cast.liverpool])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    cohorts.supervision(session, candidature=row, person=cast.omar, organisation=cast.oxford)
    cohorts.supervision(
        session, candidature=row, person=cast.olga, organisation=cast.liverpool, role=SupervisionRole.PARTNER
    )
    remind_usually(session, cohort, now=LONG_AGO)
    settle(session, row, {"integrity"})
    return row


def settle(session: Session, candidature: Candidature, codes: Collection[str]) -> None:
    """Let somebody have done some milestones."""
    for milestone in candidature.milestones:
        if milestone.code in codes:
            milestone.state = MilestoneState.DONE
    session.flush()


def queued(session: Session, now: datetime) -> list[OutboxMessage]:
    """Let reminders fall due, and return the letters that are new."""
    before = set(session.scalars(select(OutboxMessage.id)))
    queue_due_reminders(session, now, subjects=(MILESTONES,))
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == LETTER).order_by(OutboxMessage.id))
    return [row for row in rows if row.id not in before]


def readers(letters: list[OutboxMessage]) -> list[str]:
    """Return to whom letters go."""
    return sorted(letter.recipient_name for letter in letters)


def milestone(candidature: Candidature, code: str) -> Milestone:
    """Return one milestone that comes once."""
    return next(row for row in candidature.milestones if row.code == code)


def set_by_hand(session: Session, row: Milestone, day: date) -> None:
    """Let an organiser set a day."""
    row.set_on, row.set_reason = day, "Said so by the department."
    session.flush()
    renew_milestones(session, [row.candidature_id], now=LONG_AGO)
