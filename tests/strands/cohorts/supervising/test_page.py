"""The page of a supervision: who sees it, what its forms keep, how it asks everybody to sign."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.times import london_day
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Signature, Supervision
from programme.strands.cohorts.supervising.signed import AGREEMENT
from tests.bed.clock import Clock
from tests.factories import cast
from tests.factories.cast import Cast
from tests.strands.cohorts.supervising.conftest import ENTRY, As

TYPED = {
    "name": "Zita Zander",
    "address": "zita@example.ac.uk",
    "role": "co",
    "share": "0",
    "begins_on": ENTRY.isoformat(),
    "ends_on": "",
}


@pytest.fixture
def here(record: Candidature) -> str:
    return f"/records/{record.id}/supervision"


def test_everybody_of_a_record_sees_it_and_nobody_else(
    session: Session, people: Cast, here: str, xaver: Supervision, yann: Supervision, signed_in: As, clock: Clock
) -> None:
    xaver.ends_on = london_day(clock.now) - timedelta(days=1)
    xaver.begins_on = xaver.ends_on
    session.commit()
    outsider = cast.organiser(session, "Ottilie Outside", "ottilie@council.example.ac.uk", people.council)
    session.commit()
    for person in (people.alice, people.olga, people.omar, session.get_one(Person, yann.person_id)):
        page = signed_in(person).get(here)
        assert page.status_code == 200
        assert "Yann Yarrow" in page.text
    left = session.get_one(Person, xaver.person_id)
    for person in (left, people.bob, people.charlie, people.ada, outsider):
        assert signed_in(person).get(here).status_code == 404
    looked = session.scalars(select(AuditEntry.person_id).where(AuditEntry.verb == "looked at a record"))
    assert set(looked) == {people.olga.id, people.omar.id, yann.person_id}


@pytest.mark.one_database
def test_only_whoever_runs_the_cohort_changes_it(
    session: Session, people: Cast, here: str, yann: Supervision, signed_in: As
) -> None:
    for person in (people.alice, session.get_one(Person, yann.person_id), people.charlie):
        client = signed_in(person)
        assert client.get(f"{here}/new").status_code == 404
        assert client.get(f"{here}/{yann.id}").status_code == 404
        for verb in ("", f"/{yann.id}", f"/{yann.id}/end", f"/{yann.id}/removal", "/agreement"):
            assert client.post(f"{here}{verb}", data=TYPED).status_code == 404
    assert "Add a supervisor" not in signed_in(people.alice).get(here).text


@pytest.mark.one_database
def test_a_supervision_of_another_record_is_not_reached_by_this_one(
    people: Cast, record: Candidature, here: str, xaver: Supervision, signed_in: As
) -> None:
    olga = signed_in(people.olga)
    assert olga.get(f"{here}/{xaver.id + 1}").status_code == 404
    assert olga.get(f"/records/{record.id + 1}/supervision/{xaver.id}").status_code == 404


def test_what_is_refused_stays_as_it_was_typed(
    session: Session, people: Cast, here: str, xaver: Supervision, signed_in: As
) -> None:
    olga = signed_in(people.olga)
    typed = {**TYPED, "organisation": people.liverpool.id, "role": "primary"}
    again = olga.post(here, data=typed)
    assert again.status_code == 422
    assert "End Xaver Xylander’s supervision first, or make this one co-supervisor" in again.text
    assert "zita@example.ac.uk" in again.text
    empty = olga.post(here, data={**typed, "role": "co", "share": ""})
    assert empty.status_code == 422
    assert "Enter the share in per cent" in empty.text
    done = olga.post(here, data={**typed, "role": "co"}, follow_redirects=True)
    assert "Zita Zander supervises from 1 October 2026 on" in done.text
    wrong = olga.post(f"{here}/{xaver.id}/end", data={"end-ends_on": "2026-09-01"})
    assert wrong.status_code == 422
    assert "before it begins" in wrong.text


@pytest.mark.one_database
def test_everybody_is_asked_by_one_button_and_signs_on_the_page_or_by_the_link(
    session: Session, people: Cast, record: Candidature, here: str, xaver: Supervision, yann: Supervision, signed_in: As
) -> None:
    olga, alice = signed_in(people.olga), signed_in(people.alice)
    assert "Joint once everybody has signed" in olga.get(here).text
    told = olga.post(f"{here}/agreement", follow_redirects=True).text
    assert "goes to Alice Aldgrove, Xaver Xylander and Yann Yarrow" in told
    page = alice.get(here).text
    link = page.split('class="btn" href="')[1].split('"')[0]
    assert link.startswith("/signatures/")
    assert link not in olga.get(here).text, "nobody else sees the link"
    alice.post(f"{link}/agreement")
    assert "Signed" in alice.get(here).text
    row = session.scalars(select(Signature).where(Signature.person_id == people.alice.id)).one()
    assert (row.subject_kind, row.subject_id) == (AGREEMENT, record.id)


@pytest.mark.one_database
def test_what_waits_for_whoever_leaves_is_named(
    people: Cast, here: str, xaver: Supervision, yann: Supervision, signed_in: As
) -> None:
    olga = signed_in(people.olga)
    olga.post(f"{here}/agreement")
    last = (ENTRY + timedelta(days=200)).isoformat()
    told = olga.post(f"{here}/{xaver.id}/end", data={"end-ends_on": last}, follow_redirects=True).text
    assert "Xaver Xylander supervises until 19 April 2027, and sees the record until then" in told
    assert "name who is primary supervisor from 20 April 2027 on" in told
    olga.post(f"{here}/agreement")
    assert "Waits for them: Joint supervision agreement" in olga.get(here).text


def test_a_cohort_shows_what_is_to_be_done_to_whoever_runs_it_alone(
    session: Session, people: Cast, record: Candidature, yann: Supervision, signed_in: As
) -> None:
    address = f"/organise/cohorts/{record.cohort_id}/supervision"
    for person in (people.olga, people.omar):
        page = signed_in(person).get(address).text
        assert "Not joint" in page
        assert "There is no primary supervisor: name one at Liverpool." in page
        assert "The rulebook of Liverpool asks for 2 supervisors at least; there is one." in page
    outsider = cast.organiser(session, "Ottilie Outside", "ottilie@council.example.ac.uk", people.council)
    session.commit()
    for person in (people.alice, session.get_one(Person, yann.person_id), people.ada, outsider):
        assert signed_in(person).get(address).status_code == 404
