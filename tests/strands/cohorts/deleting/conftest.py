"""An award that Liverpool leads and Oxford shares, its cohort, and Alice’s record in it."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.identity import actor_of
from programme.strands.cohorts.awards.cohorts import CohortDetails, make
from programme.strands.cohorts.candidatures import actions as candidatures
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.models import (
    Candidature,
    Cohort,
    FundingAward,
)
from programme.strands.cohorts.signing.actions import ask
from programme.strands.cohorts.states import Signer
from programme.strands.cohorts.supervising.signed import AGREEMENT
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble

ENTRY = date(2026, 10, 1)


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def award(session: Session, cast: Cast) -> FundingAward:
    """An award that Liverpool leads and Oxford shares."""
    row = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    session.commit()
    return row


@pytest.fixture
def cohort(session: Session, cast: Cast, clock: Clock, award: FundingAward) -> Cohort:
    """Its cohort of 2026, as organisers make one, with groups and reminders."""
    details = CohortDetails(title="Corridor cohort", entry_year=2026, entry_on=ENTRY)
    row = make(session, award.id, details, actor=actor_of(cast.olga), now=clock.now)
    session.commit()
    return row


@pytest.fixture
def record(session: Session, cast: Cast, clock: Clock, cohort: Cohort) -> Candidature:
    """Alice of Liverpool in it, whom Bob supervises; he is asked to sign."""
    olga, details = actor_of(cast.olga), Details(home_id=cast.liverpool.id, registered_on=ENTRY)
    row = candidatures.add(
        session, cohort.id, details, address=cast.alice.address, name="Alice", actor=olga, now=clock.now
    )
    cohorts.supervision(session, candidature=row, person=cast.bob, organisation=cast.liverpool)
    to = {"subject": (AGREEMENT, row.id), "signer": Signer.SUPERVISOR, "person": cast.bob}
    ask(session, row, **to, actor=olga, now=clock.now)  # type: ignore[arg-type]
    session.commit()
    return row


@pytest.fixture
def olga(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.olga)


def number(session: Session, model: type) -> int:
    """How many rows there are of a kind."""
    look_again(session)
    return session.scalar(select(func.count()).select_from(model)) or 0


def trail(session: Session, verb: str) -> AuditEntry:
    look_again(session)
    return session.scalars(select(AuditEntry).where(AuditEntry.verb == verb)).one()
