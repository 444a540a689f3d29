"""A doctoral record: its researcher, a supervisor, and what that one is asked to sign."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.models import Destination
from programme.strands.cohorts.reminding.subject import remind_usually
from programme.strands.cohorts.signing.actions import ask
from programme.strands.cohorts.states import Signer, SupervisionRole
from programme.strands.cohorts.supervising.signed import AGREEMENT
from tests.factories import cohorts


def examples(app: Flask, session: Session) -> dict[str, str]:
    """Return a record that the organiser's university leads, and the secret by which a supervisor signs in it."""
    liverpool, oxford = (
        session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
        for slug in (people.LIVERPOOL, people.OXFORD)
    )
    person, organiser = (
        session.scalars(select(Person).where(Person.address == one.address)).one()
        for one in (people.RESEARCHERS[0], people.LIVERPOOL_ORGANISER)
    )
    supervisor = Person(name="Nell Northcote", address="nell@example.ac.uk", address_key="nell@example.ac.uk")
    supervisor.created_at = clock.now()
    session.add(supervisor)
    session.flush()
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=liverpool, shared_with=[oxford]))
    row = cohorts.candidature(session, cohort=cohort, person=person, home=liverpool, partner=oxford)
    role = SupervisionRole.PARTNER
    partner = cohorts.supervision(session, candidature=row, person=supervisor, organisation=oxford, role=role)
    to: dict[str, Any] = {"subject": (AGREEMENT, row.id), "signer": Signer.PARTNER_SUPERVISOR, "person": supervisor}
    asked = ask(session, row, **to, actor=actor_of(organiser), now=clock.now())
    token = app.extensions["signature_links"].token(asked.id, version=asked.link_version)
    said = Logged(row.registered_on, frozenset({supervisor.id}), "Chapter two by March.")
    meeting = log(session, row.id, said, actor=actor_of(person), now=clock.now())
    rules = remind_usually(session, cohort, now=clock.now())
    gone = Destination(candidature_id=row.id, years=0, asked_at=clock.now(), link_version=0)
    session.add(gone)
    session.flush()
    return {
        "candidature_id": str(row.id),
        "cohort_id": str(cohort.id),
        "cohort_rule_id": str(rules[0].id),
        "supervision_id": str(partner.id),
        "meeting_id": str(meeting.id),
        "signature_token": token,
        "destination_token": app.extensions["destination_links"].token(gone.id, version=0),
    }
