"""The training of a cohort: everybody against the target, for those who run it alone."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Cohort
from programme.strands.cohorts.training.events.actions import Worth
from programme.strands.cohorts.training.record.entries import Declared, enter
from tests.bed.clock import START
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.training.conftest import Browse


@pytest.fixture
def address(session: Session, cohort: Cohort, alice: Candidature, olga: Actor) -> str:
    """The page of a cohort in which Alice has done half a day."""
    day = date(2026, 11, 3)
    enter(session, alice.id, Declared("=Writing", day, day, Worth(210, ("D2",))), actor=olga, now=START)
    session.commit()
    return f"/organise/cohorts/{cohort.id}/training"


def test_everybody_stands_against_the_target_on_the_page_and_in_the_file(
    session: Session, cast: Cast, address: str, browse: Browse
) -> None:
    client = browse(cast.omar)
    shown = client.get(address).text
    assert "Alice Aldgrove" in shown
    assert "0.5 of 10" in shown
    lines = client.post(f"{address}/file").get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0] == 'Researcher,Home,"Assented to, days","Waiting, days","Target, days",Missing'
    assert lines[1].startswith('Alice Aldgrove,Liverpool,0.5,0,10,"Research integrity;')
    told = session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "cohort")).all()
    assert told == ["looked at the training of a cohort", "downloaded the training of a cohort"]


def test_sums_of_a_cohort_are_for_those_who_run_it(cast: Cast, address: str, browse: Browse, stranger: Person) -> None:
    for person in (cast.alice, cast.charlie, cast.ada, stranger):
        assert browse(person).get(address).status_code == 404
        assert browse(person).post(f"{address}/file").status_code == 404


@pytest.mark.one_database
def test_the_page_asks_no_more_of_many_researchers(
    app: Flask, session: Session, cast: Cast, cohort: Cohort, address: str, browse: Browse
) -> None:
    client, counts = browse(cast.olga), []
    for some in ((), (cast.bob, cast.charlie, cast.ada)):
        for person in some:
            cohorts.candidature(session, cohort=cohort, person=person, home=cast.oxford)
        session.commit()
        client.get(address)
        with statements(app) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
