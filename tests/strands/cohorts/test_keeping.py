"""What is held on researchers: exported, taken out of every list and of the trail, and let go in time."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core import clock as own_clock
from programme.flows.keeping.erasing import erase_person
from programme.flows.keeping.retention import forget
from programme.people.groups.models import GroupMember
from programme.people.identity import actor_of
from programme.people.keeping.ports import Times
from programme.people.models import Person
from programme.strands.cohorts.awards.membership import keep_in_step
from programme.strands.cohorts.candidatures import moving
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.keeping import COHORTS
from programme.strands.cohorts.models import Candidature, CohortSheet, Milestone
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble, person


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford, on placement, in a cohort of an award that ended long before his record is let go."""
    ended = date(2027, 9, 30)
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford], ends_on=ended)
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, project="Colder cells")
    keep_in_step(session, cohort, now=own_clock.now())
    actor, on = actor_of(cast.olga), date(2027, 1, 11)
    moving.move_on(session, row.id, CandidatureState.PLACEMENT, on=on, reason="", actor=actor, now=own_clock.now())
    session.commit()
    return row


def test_export_has_the_record(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    held = signed_in(app, session, cast.bob).get("/me/account/data.json").json
    assert held is not None
    text = str(held)
    for words in ("Colder cells", "placement", "transfer"):
        assert words in text


def test_erased_researcher_is_named_nowhere_and_their_milestones_stay(
    app: Flask, session: Session, cast: Cast, bob: Candidature
) -> None:
    olga = signed_in(app, session, cast.olga)
    text = f"Name,E-mail,Home\nBob,{cast.bob.address},Oxford"
    data = text.encode()
    now = own_clock.now()
    carrying_out.keep(session, bob.cohort_id, filename="x.csv", data=data, actor=actor_of(cast.olga), now=now)
    session.commit()
    with app.app_context():
        erase_person(session, cast.bob, app.extensions["keepers"], actor=actor_of(cast.ada), now=now)
    session.commit()
    pages = (
        f"/organise/cohorts/{bob.cohort_id}",
        f"/records/{bob.id}",
        f"/records/{bob.id}/changes",
        "/organise/audit",
    )
    for page in pages:
        answer = olga.get(page)
        assert answer.status_code == 200, page
        assert "Birchfield" not in answer.text, page
        assert "bob@" not in answer.text, page
    look_again(session)
    assert session.scalar(select(func.count()).select_from(Milestone)), "the university accounts for the award by them"
    assert session.scalar(select(func.count()).select_from(GroupMember)) == 0
    assert session.scalar(select(func.count()).select_from(CohortSheet)) == 0


def test_researcher_and_supervisor_who_never_signed_in_stay_known(
    app: Flask, session: Session, cast: Cast, bob: Candidature, clock: Clock
) -> None:
    supervisor, guest = (person(session, name, f"{name}@example.org") for name in ("sam", "gus"))
    cohorts.supervision(session, candidature=bob, person=supervisor, organisation=cast.oxford)
    session.commit()
    clock.forward(days=500)
    forget(session, app.extensions["keepers"], Times(), now=own_clock.now())
    session.commit()
    left = set(session.scalars(select(Person.address)))
    assert guest.address not in left, "whoever is nothing to anybody goes"
    assert {cast.bob.address, supervisor.address} <= left


def test_records_name_nobody_six_years_after_the_award(session: Session, bob: Candidature, clock: Clock) -> None:
    clock.forward(days=6 * 365)
    assert COHORTS.retire(session, Times(), now=own_clock.now()) == 0
    clock.forward(days=365)
    assert COHORTS.retire(session, Times(), now=own_clock.now()) == 1
    session.commit()
    look_again(session)
    assert bob.person_id is None


def test_sheets_that_nobody_confirmed_go_after_a_week(session: Session, cast: Cast, bob: Candidature) -> None:
    now, data = own_clock.now(), b"Name,E-mail\nNora,nora@example.ac.uk"
    carrying_out.keep(session, bob.cohort_id, filename="x.csv", data=data, actor=actor_of(cast.olga), now=now)
    assert COHORTS.retire(session, Times(), now=now + timedelta(days=6)) == 0
    assert COHORTS.retire(session, Times(), now=now + timedelta(days=8)) == 1
