"""What admission is tested on: a call that Liverpool leads and Oxford shares, with two applications."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Registration
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Admission
from tests.bed.clock import Clock
from tests.factories import admissions, cast
from tests.factories.cast import Cast

As = Callable[[Person | None], FlaskClient]


@dataclass
class Called:
    """The call; Alice wishes to be at Liverpool, Bob at Oxford."""

    people: Cast
    admission: Admission
    alice: Registration
    bob: Registration

    @property
    def olga(self) -> Actor:
        """Olga of Liverpool, who leads."""
        return actor_of(self.people.olga)

    @property
    def omar(self) -> Actor:
        """Omar of Oxford, who shares it."""
        return actor_of(self.people.omar)

    @property
    def funnel(self) -> str:
        """The address of the funnel."""
        return f"/organise/cohorts/{self.admission.cohort_id}/admission"


@pytest.fixture
def called(session: Session, clock: Clock) -> Called:
    def tell() -> dict[str, int]:
        people = cast.assemble(session)
        admission = admissions.call(session, people, now=clock.now)
        alice = admissions.apply(session, admission, people.alice, wishes=people.liverpool)
        bob = admissions.apply(session, admission, people.bob, wishes=people.oxford)
        return {"admission": admission.id, "alice": alice.id, "bob": bob.id}

    numbers = cast.once(session, ("called", clock.now), tell)
    alice, bob = (session.get_one(Registration, numbers[name]) for name in ("alice", "bob"))
    found = Called(cast.everybody(session), session.get_one(Admission, numbers["admission"]), alice, bob)
    session.commit()
    return found


@pytest.fixture
def signed_in(app: Flask, session: Session) -> As:
    """A browser signed in as somebody, or as nobody."""

    def browser(who: Person | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            client.set_cookie("programme_session", cast.cookie_for(session, who))
        return client

    return browser


def letters(session: Session, *kinds: str) -> list[tuple[str, str]]:
    """The letters of some kinds in the outbox, and to whom."""
    session.rollback()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.letter.in_(kinds)).order_by(OutboxMessage.id))
    return [(row.letter, row.recipient) for row in rows]
