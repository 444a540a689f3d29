"""Alice's record, which Olga runs; Bob of Oxford supervises her and is asked to sign."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Signature, Supervision
from programme.strands.cohorts.signing.actions import ask
from programme.strands.cohorts.states import Signer, SupervisionRole
from programme.strands.cohorts.supervising.signed import AGREEMENT
from tests.bed.clock import Clock
from tests.factories import cast, cohorts
from tests.factories.cast import Cast

As = Callable[[Person | None], FlaskClient]


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def record(session: Session, people: Cast) -> Candidature:
    award = cohorts.award(session, lead=people.liverpool, shared_with=[people.oxford])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(
        session, cohort=cohort, person=people.alice, home=people.liverpool, partner=people.oxford, project="Tides"
    )
    session.commit()
    return row


@pytest.fixture
def supervision(session: Session, people: Cast, record: Candidature) -> Supervision:
    row = cohorts.supervision(
        session, candidature=record, person=people.bob, organisation=people.oxford, role=SupervisionRole.PARTNER
    )
    session.commit()
    return row


@pytest.fixture
def olga(people: Cast) -> Actor:
    return actor_of(people.olga)


@pytest.fixture
def to_bob(people: Cast, record: Candidature) -> dict[str, Any]:
    """What is asked of Bob."""
    return {"subject": (AGREEMENT, record.id), "signer": Signer.PARTNER_SUPERVISOR, "person": people.bob}


@pytest.fixture
def signature(
    session: Session, record: Candidature, supervision: Supervision, to_bob: dict[str, Any], olga: Actor, clock: Clock
) -> Signature:
    """What Bob is asked for."""
    row = ask(session, record, **to_bob, actor=olga, now=clock.now)
    session.commit()
    return row


@pytest.fixture
def signed_in(app: Flask, session: Session) -> As:
    def browser(who: Person | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            client.set_cookie("programme_session", cast.cookie_for(session, who))
        return client

    return browser
