"""The first page of a record: for its researcher, supervisors and those who run it; every look is noted."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.people.models import Role, Strand
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.progress.moving import suspending
from programme.strands.cohorts.progress.moving.suspending import Wanted
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import Cast, assemble, grant, person


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def bob(session: Session, cast: Cast) -> Candidature:
    """Bob of Oxford in a cohort that Liverpool alone runs, whom Alice supervises."""
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[])
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, has_sponsored_visa=True)
    cohorts.supervision(session, candidature=row, person=cast.alice, organisation=cast.liverpool)
    session.commit()
    return row


def looks(session: Session) -> list[int | None]:
    look_again(session)
    noted = select(AuditEntry.person_id).where(AuditEntry.verb == "looked at a record")
    return list(session.scalars(noted.order_by(AuditEntry.id)))


def test_each_sees_what_is_theirs_and_every_look_of_another_is_noted(
    app: Flask, session: Session, cast: Cast, bob: Candidature
) -> None:
    own, supervisor, organiser = (signed_in(app, session, who) for who in (cast.bob, cast.alice, cast.olga))
    page = f"/records/{bob.id}"
    mine = own.get(page).text
    assert "Sponsored by a university" in mine
    assert "every look is noted" in mine
    assert "Changes</a>" not in mine
    assert looks(session) == []
    theirs = supervisor.get(page).text
    assert "Transfer of status" in theirs
    assert "Sponsored" not in theirs, "a visa is not a supervisor's business"
    assert f"{page}/status" not in theirs
    ours = organiser.get(page).text
    assert f"{page}/status" in ours
    assert looks(session) == [cast.alice.id, cast.olga.id]
    assert "looked at this record" in organiser.get(f"{page}/changes").text


def test_record_is_not_there_for_anybody_else(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    exchange = person(session, "Edith Elmhurst", "edith@liverpool.example.ac.uk")
    grant(session, exchange, Role.ORGANISER, organisation=cast.liverpool, strand=Strand.EXCHANGE)
    for who in (cast.omar, cast.charlie, cast.ada, exchange):
        assert signed_in(app, session, who).get(f"/records/{bob.id}").status_code == 404, who.name
    assert app.test_client().get(f"/records/{bob.id}").status_code == 303
    assert looks(session) == []


def test_supervisor_sees_a_record_while_the_supervision_runs(
    app: Flask, session: Session, cast: Cast, bob: Candidature, clock: Clock
) -> None:
    supervisor = signed_in(app, session, cast.alice)
    row = cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    row.ends_on = date(2027, 1, 12)
    session.commit()
    ended = signed_in(app, session, cast.charlie)
    assert "Bob Birchfield" in ended.get("/records").text
    assert "Researchers you supervise" in ended.get("/me").text
    clock.forward(days=1)
    assert "Bob Birchfield" not in ended.get("/records").text
    assert ended.get(f"/records/{bob.id}").status_code == 404
    assert supervisor.get(f"/records/{bob.id}").status_code == 200


def test_my_programme_leads_to_my_record(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    own = signed_in(app, session, cast.bob)
    page = own.get("/me").text
    assert f"/records/{bob.id}" in page
    assert "Research integrity training is due on" in page
    assert "Your own" in own.get("/records").text
    bob.state = CandidatureState.COMPLETED
    session.commit()
    assert f"/records/{bob.id}" not in own.get("/me").text
    assert "The course is over" in own.get(f"/records/{bob.id}").text
    assert "No record is yours" in signed_in(app, session, cast.charlie).get("/records").text


def test_trail_names_nobody_for_those_who_may_not_know(
    app: Flask, session: Session, cast: Cast, bob: Candidature
) -> None:
    olga = signed_in(app, session, cast.olga)
    moved = {"state": "placement", "on": "2027-01-11", "reason": "At a company"}
    olga.post(f"/records/{bob.id}/status", data=moved)
    told = olga.get("/organise/audit?kind=candidature").text
    assert "changed the status in the doctoral record of <a" in told.replace("\n", " ")
    assert "Bob Birchfield" in told
    assert "On placement" in told
    administrator = signed_in(app, session, cast.ada).get("/organise/audit").text
    assert "Bob Birchfield" not in administrator
    assert "At a company" not in administrator
    exchange = person(session, "Edith Elmhurst", "edith@liverpool.example.ac.uk")
    grant(session, exchange, Role.ORGANISER, organisation=cast.liverpool, strand=Strand.EXCHANGE)
    edith = signed_in(app, session, exchange)
    for page in ("/organise/audit", f"/organise/audit?kind=candidature&id={bob.id}"):
        assert "doctoral record" not in edith.get(page).text


def test_list_asks_as_much_for_thirty_as_for_one(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    supervisor = signed_in(app, session, cast.alice)
    pages = ("/records", "/me")
    few = [counted(app, supervisor, page) for page in pages]
    for number in range(29):
        somebody = person(session, f"Nora {number}", f"nora{number}@example.org")
        row = cohorts.candidature(session, cohort=bob.cohort, person=somebody, home=cast.liverpool)
        cohorts.supervision(session, candidature=row, person=cast.alice, organisation=cast.liverpool)
    session.commit()
    assert [counted(app, supervisor, page) for page in pages] == few


def counted(app: Flask, browser: FlaskClient, page: str) -> int:
    """How many statements a page takes, once what is kept in memory is."""
    browser.get(page)
    with statements(app) as seen:
        assert browser.get(page).status_code == 200
    return len(seen)


def test_while_a_course_rests_its_record_and_every_list_say_until_when(
    app: Flask, session: Session, cast: Cast, bob: Candidature, clock: Clock
) -> None:
    wanted = Wanted(bob.entry_unit + 1, 1, "Rest after an illness")
    suspending.suspend(session, bob.id, wanted, actor=Actor(cast.olga.id), now=clock.now)
    session.commit()
    own, supervisor, organiser = (signed_in(app, session, who) for who in (cast.bob, cast.alice, cast.olga))
    pages = ((own, "/records"), (supervisor, "/records"), (organiser, f"/organise/cohorts/{bob.cohort_id}"))
    record = f"/records/{bob.id}"
    clock.set(datetime(2027, 2, 1, 9, tzinfo=UTC))
    for browser, page in (*pages, (own, record), (organiser, record)):
        assert "Suspended, to Hilary 2027" in browser.get(page).text, page
    clock.set(datetime(2027, 5, 10, 9, tzinfo=UTC))
    for browser, page in (*pages, (own, record)):
        assert "Suspended" not in browser.get(page).text.replace("Suspended</option>", ""), page
