"""A doctoral record: its researcher, a supervisor, and what that one is asked to sign."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person, Strand
from programme.people.permissions import Actor
from programme.strands.cohorts.meetings.actions import Logged, log
from programme.strands.cohorts.models import Candidature, Destination, Residential
from programme.strands.cohorts.reminding.subject import remind_usually
from programme.strands.cohorts.signing.actions import ask
from programme.strands.cohorts.states import Signer, SupervisionRole
from programme.strands.cohorts.supervising.signed import AGREEMENT
from programme.strands.cohorts.training.compulsory.actions import make_compulsory
from programme.strands.cohorts.training.events.actions import Worth
from programme.strands.cohorts.training.frameworks.loading import found_framework
from programme.strands.cohorts.training.record.entries import Declared, declare
from tests.factories import cohorts, things


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
    token = app.extensions["signature_links"].token(asked)
    said = Logged(row.registered_on, frozenset({supervisor.id}), "Chapter two by March.")
    meeting = log(session, row.id, said, actor=actor_of(person), now=clock.now())
    waiting(session, row, organiser)
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
        "destination_token": app.extensions["destination_links"].token_of(gone.id, version=0),
        "residential_id": residential(session, row),
        **training(session, row, actor_of(organiser)),
    }


def residential(session: Session, row: Candidature) -> str:
    """Return a joint residential of one day, of the researcher's cohort."""
    lead = row.cohort.award.lead_organisation
    series = things.series(session, lead=lead, title="Joint residential", strand=Strand.COHORTS)
    things.event(session, lead=lead, title="Project day", strand=Strand.COHORTS, series_id=series.id)
    session.add(Residential(series_id=series.id, cohort_id=row.cohort_id, made_at=clock.now()))
    session.flush()
    return str(series.id)


def waiting(session: Session, row: Candidature, organiser: Person) -> None:
    """Let the researcher be asked to sign the agreement, and supervise another, who has logged two meetings."""
    researcher = row.person
    assert researcher is not None
    own: dict[str, Any] = {"subject": (AGREEMENT, row.id), "signer": Signer.RESEARCHER, "person": researcher}
    ask(session, row, **own, actor=actor_of(organiser), now=clock.now())
    known = Person(name="Perry Pendleton", address="perry@example.ac.uk", address_key="perry@example.ac.uk")
    known.created_at = clock.now()
    session.add(known)
    session.flush()
    other = cohorts.candidature(session, cohort=row.cohort, person=known, home=row.home, partner=row.partner)
    cohorts.supervision(session, candidature=other, person=researcher, organisation=row.home)
    for number, words in enumerate(("Chapter one by June.", "The draft of chapter one, and what the reviewers said.")):
        said = Logged(other.registered_on + timedelta(days=number), frozenset({researcher.id}), words)
        log(session, other.id, said, actor=actor_of(known), now=clock.now())


def training(session: Session, row: Candidature, organiser: Actor) -> dict[str, str]:
    """Return a line of the record, and an event that is training."""
    found_framework(session, now=clock.now())
    researcher, day = row.person, clock.now().date()
    assert researcher is not None
    declared = Declared(
        "Writing, in two days",
        max(day, row.registered_on),
        max(day, row.registered_on),
        Worth(630, ("D2",)),
        link="https://writing.example.org",
    )
    entry = declare(session, row.id, declared, actor=actor_of(researcher), now=clock.now())
    lead = row.cohort.award.lead_organisation
    event = things.event(session, lead=lead, title="Handling data with care", strand=Strand.COHORTS)
    make_compulsory(session, row.cohort_id, event_id=event.id, actor=organiser, now=clock.now())
    return {"entry_id": str(entry.id), "training_event_id": str(event.id)}
