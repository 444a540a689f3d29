"""Alice's record, which Olga runs and Omar shares; who supervises is added by the verbs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Signature, Supervision
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.signing.actions import answer
from programme.strands.cohorts.states import SupervisionRole
from programme.strands.cohorts.supervising.actions import Wanted, add
from tests.bed.clock import Clock
from tests.factories import cast, cohorts
from tests.factories.cast import Cast

As = Callable[[Person | None], FlaskClient]
R = SupervisionRole
ENTRY = date(2026, 10, 1)
XAVER, YANN = "xaver@liverpool.example.ac.uk", "yann@oxford.example.ac.uk"


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def record(session: Session, people: Cast) -> Candidature:
    award = cohorts.award(session, lead=people.liverpool, shared_with=[people.oxford])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=people.alice, home=people.liverpool, partner=people.oxford)
    session.commit()
    return row


@pytest.fixture
def olga(people: Cast) -> Actor:
    return actor_of(people.olga)


def wanted(organisation_id: int, role: SupervisionRole = R.PRIMARY, **given: Any) -> Wanted:
    """Half of a supervision from the entry on, unless said otherwise."""
    return Wanted(**{"role": role, "organisation_id": organisation_id, "share": 50, "begins_on": ENTRY, **given})


@pytest.fixture
def xaver(session: Session, people: Cast, record: Candidature, olga: Actor, clock: Clock) -> Supervision:
    """The primary supervisor."""
    to = wanted(people.liverpool.id)
    done = add(session, record.id, to, name="Xaver Xylander", address=XAVER, actor=olga, now=clock.now)
    session.commit()
    return done.supervision


@pytest.fixture
def yann(session: Session, people: Cast, record: Candidature, olga: Actor, clock: Clock) -> Supervision:
    """The supervisor at Oxford."""
    to = wanted(people.oxford.id, R.PARTNER)
    done = add(session, record.id, to, name="Yann Yarrow", address=YANN, actor=olga, now=clock.now)
    session.commit()
    return done.supervision


def signed_by_all(session: Session, record: Candidature, clock: Clock) -> None:
    """Let everybody who was asked agree; commits."""
    for row in session.scalars(select(Signature).where(Signature.candidature_id == record.id)).all():
        who = Actor(person_id=row.person_id)
        answer(session, row, agrees=True, things=SIGNED_THINGS, actor=who, now=clock.now)
    session.commit()


@pytest.fixture
def signed_in(app: Flask, session: Session) -> As:
    def browser(who: Person | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            client.set_cookie("programme_session", cast.cookie_for(session, who))
        return client

    return browser
