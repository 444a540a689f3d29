"""Researchers are added, corrected and moved on; what they have to reach follows, and so does the cohort's group."""

from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.groups.models import GroupMember
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.candidatures import actions, moving
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Suspension
from programme.strands.cohorts.progress.renewing import renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.factories import cohorts
from tests.factories.browsers import look_again, signed_in
from tests.factories.cast import LONG_AGO, Cast, assemble


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(app, session, cast.olga)


@pytest.fixture
def cohort(session: Session, cast: Cast) -> Cohort:
    """The cohort of 2026 of an award that both universities run."""
    award = cohorts.award(session, lead=cast.liverpool, shared_with=[cast.oxford])
    row = cohorts.cohort(session, award=award)
    session.commit()
    return row


@pytest.fixture
def bob(session: Session, cohort: Cohort, cast: Cast) -> Candidature:
    """Bob of Oxford, full time since Michaelmas 2026."""
    row = cohorts.candidature(session, cohort=cohort, person=cast.bob, home=cast.oxford, partner=cast.liverpool)
    session.commit()
    return row


def typed(cast: Cast, **given: object) -> dict[str, object]:
    """What a form about a researcher of Oxford sends."""
    who = {"name": "Nora Nettleford", "address": "nora@example.ac.uk", "home": cast.oxford.id, "mode": "full"}
    return {**who, "partner": cast.liverpool.id, "registered_on": "2026-10-01", **given}


def due(session: Session, candidature_id: int) -> dict[str, date | None]:
    """When what comes once is due, by code."""
    look_again(session)
    rows = session.scalars(select(Milestone).where(Milestone.candidature_id == candidature_id))
    return {row.code: row.due_on for row in rows if not row.occurrence}


def test_researcher_is_added_with_everything_they_have_to_reach(
    olga: FlaskClient, cohort: Cohort, cast: Cast, session: Session
) -> None:
    more = {"department": "Materials", "college": "Wolfson", "has_sponsored_visa": "y", "funded_until": "2030-03-31"}
    made = olga.post(f"/organise/cohorts/{cohort.id}/researchers", data=typed(cast, **more))
    row = session.scalars(select(Candidature)).one()
    assert made.location == f"/records/{row.id}"
    assert (row.state, row.has_sponsored_visa, row.college) == (CandidatureState.ACTIVE, True, "Wolfson")
    assert book_of(session, cast.oxford.id).units.name(row.entry_unit) == "Michaelmas 2026"
    assert {"transfer", "confirmation", "submission"} <= due(session, row.id).keys()
    assert session.scalar(select(func.count()).select_from(GroupMember)) == 2, "in the group of each university"
    page = olga.get(made.location).text
    for words in ("Nora Nettleford", "Transfer of status", "Full time", "Sponsored by a university"):
        assert words in page


def test_term_of_entry_is_corrected_and_part_time_is_due_later(
    olga: FlaskClient, cohort: Cohort, cast: Cast, session: Session
) -> None:
    made = olga.post(f"/organise/cohorts/{cohort.id}/researchers", data=typed(cast))
    row = session.scalars(select(Candidature)).one()
    unit = session.scalars(select(Milestone.unit).where(Milestone.code == "transfer")).one()
    answer = olga.post(f"{made.location}/details", data=typed(cast, entry="HT27", mode="part"))
    assert answer.status_code == 303
    look_again(session)
    assert (row.entry_unit - 2026 * 3, row.rates[0].per_cent) == (1, 50)
    assert session.scalars(select(Milestone.unit).where(Milestone.code == "transfer")).one() == unit + 1 + 4
    assert 'value="Hilary 2027"' in olga.get(f"{made.location}/details").text
    changes = olga.get(f"{made.location}/changes").text
    assert "Hilary 2027" in changes
    assert "added this record" in changes


WRONG = (
    ({"funded_until": "2026-09-01"}, "Funding ends before the registration begins"),
    ({"submission_deadline": "2026-10-01"}, "The submission deadline is not after the registration"),
    ({"entry": "Lent 2026"}, "“Lent 2026” is no term here. Write it like “Michaelmas 2026” or “MT26”"),
    ({"address": "nonsense"}, "Enter an e-mail address"),
    ({"registered_on": "31/2/2026"}, "Enter a day like"),
    ({"mode": "part", "per_cent": "5"}, "from 10 to 100"),
)


def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_typed_is_lost(
    olga: FlaskClient, cohort: Cohort, cast: Cast, session: Session
) -> None:
    page = f"/organise/cohorts/{cohort.id}/researchers"
    for given, sentence in WRONG:
        answer = olga.post(page, data=typed(cast, department="Materials", **given))
        assert answer.status_code == 422, given
        assert sentence in answer.text
        assert 'value="Materials"' in answer.text
    same = typed(cast, partner=cast.oxford.id)
    assert "The partner is another university than the home" in olga.post(page, data=same).text
    assert session.scalar(select(func.count()).select_from(Candidature)) == 0
    assert session.scalar(select(func.count()).where(Person.name == "Nora Nettleford")) == 0


def test_home_and_partner_run_the_award(session: Session, cast: Cast) -> None:
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    details = Details(home_id=cast.liverpool.id, partner_id=cast.oxford.id, registered_on=date(2026, 10, 1))
    with pytest.raises(Refusal, match="Let the other university share the award first"):
        actions.add(session, cohort.id, details, address="n@example.ac.uk", name="N", actor=Actor(), now=LONG_AGO)


def test_status_moves_by_the_table_with_a_day_and_a_reason(
    olga: FlaskClient, bob: Candidature, session: Session
) -> None:
    page = f"/records/{bob.id}/status"
    assert "Completed" not in olga.get(page).text
    no_reason = olga.post(page, data={"state": "withdrawn", "on": "2027-01-11"})
    assert (no_reason.status_code, "Say why, in a few words" in no_reason.text) == (422, True)
    early = olga.post(page, data={"state": "placement", "on": "2026-01-11"})
    assert "The present status began on Thursday 1 October 2026" in early.text
    assert "still to come" in olga.post(page, data={"state": "placement", "on": "2027-02-01"}).text
    gone = {"state": "withdrawn", "on": "2027-01-11", "reason": "Took up another post"}
    assert olga.post(page, data=gone).status_code == 303
    look_again(session)
    assert (bob.state, bob.state_since) == (CandidatureState.WITHDRAWN, date(2027, 1, 11))
    assert session.scalar(select(func.count()).select_from(GroupMember)) == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "status moved")).one()
    assert (entry.after or {})["reason"] == "Took up another post"
    back = {"state": "active", "on": "2027-01-12", "reason": "Reinstated"}
    assert olga.post(page, data=back).status_code == 303


def test_another_mode_from_a_term_on_moves_what_is_due_and_is_taken_back(
    olga: FlaskClient, bob: Candidature, session: Session
) -> None:
    page = f"/records/{bob.id}/mode"
    before = units(session, bob)
    assert olga.post(page, data={"from_unit": "HT27", "mode": "part"}).status_code == 303
    look_again(session)
    assert [(rate.first_unit - bob.entry_unit, rate.per_cent) for rate in bob.rates] == [(0, 100), (1, 50)]
    assert units(session, bob)["transfer"] == before["transfer"] + 3
    again = olga.post(page, data={"from_unit": "TT27", "mode": "part"})
    assert (again.status_code, "is the mode in Trinity 2027 already" in again.text) == (422, True)
    assert "The course began in Michaelmas 2026" in olga.post(page, data={"from_unit": "TT26", "mode": "part"}).text
    assert olga.post(page, data={"from_unit": "Hilary 2027", "mode": "full"}).status_code == 303
    assert units(session, bob) == before
    assert len(bob.rates) == 1


def units(session: Session, candidature: Candidature) -> dict[str, int]:
    """In which unit what comes once is due, by code."""
    look_again(session)
    rows = session.scalars(select(Milestone).where(Milestone.candidature_id == candidature.id))
    return {row.code: row.unit for row in rows if not row.occurrence}


def test_entry_after_a_suspension_or_another_home_is_refused(
    olga: FlaskClient, bob: Candidature, cast: Cast, session: Session
) -> None:
    bob.suspensions = [Suspension(first_unit=bob.entry_unit + 1, units=1, granted_at=LONG_AGO)]
    renew_milestones(session, [bob.id], now=LONG_AGO)
    session.commit()
    page = f"/records/{bob.id}/details"
    assert "A suspension begins before that term" in olga.post(page, data=typed(cast, entry="TT27")).text
    moved = olga.post(page, data=typed(cast, home=cast.liverpool.id, partner=cast.oxford.id))
    assert "counted by the rulebook of the present home" in moved.text
    look_again(session)
    assert bob.home_organisation_id == cast.oxford.id


def test_nobody_else_changes_a_record(app: Flask, session: Session, cast: Cast, bob: Candidature) -> None:
    cohorts.supervision(session, candidature=bob, person=cast.charlie, organisation=cast.oxford)
    browsers = [signed_in(app, session, who) for who in (cast.bob, cast.charlie, cast.alice, cast.ada)]
    for browser in browsers:
        for path in ("details", "status", "mode", "changes"):
            assert browser.get(f"/records/{bob.id}/{path}").status_code == 404, path
        assert browser.post(f"/records/{bob.id}/status", data={"state": "leave"}).status_code == 404


def test_two_who_add_one_person_at_once_make_one_record(
    app: Flask, session: Session, cohort: Cohort, cast: Cast
) -> None:
    details = Details(home_id=cast.liverpool.id, registered_on=date(2026, 10, 1))
    actor, barrier, told = actor_of(cast.olga), Barrier(4), []

    def add() -> None:
        with app.app_context(), Session(db.engine) as own:
            barrier.wait()
            begin_writing(own)
            try:
                actions.add(own, cohort.id, details, address="n@example.ac.uk", name="N", actor=actor, now=LONG_AGO)
                own.commit()
                told.append("added")
            except Refusal as refusal:
                told.append(refusal.sentence)

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == sorted([*[actions.THERE_ALREADY] * 3, "added"])
    look_again(session)
    assert session.scalar(select(func.count()).select_from(Candidature)) == 1


def moved_by_two(app: Flask, number: int, actor: Actor) -> list[str]:
    """Let two move one candidature on in the same moment; what each was told."""
    barrier, told = Barrier(2), []

    def move() -> None:
        with app.app_context(), Session(db.engine) as own:
            barrier.wait()
            begin_writing(own)
            try:
                target, on = CandidatureState.PLACEMENT, date(2027, 1, 11)
                moving.move_on(own, number, target, on=on, reason="", actor=actor, now=LONG_AGO.replace(year=2027))
                own.commit()
                told.append("moved")
            except Refusal:
                told.append("refused")

    threads = [Thread(target=move) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_moving_on_twice_at_once_moves_once(app: Flask, session: Session, bob: Candidature, cast: Cast) -> None:
    assert moved_by_two(app, bob.id, actor_of(cast.olga)) == ["moved", "refused"]
    look_again(session)
    assert session.scalar(select(func.count()).where(AuditEntry.verb == "status moved")) == 1


@pytest.mark.one_database("postgresql")
def test_without_the_lock_it_moves_twice(
    app: Flask, session: Session, bob: Candidature, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = Barrier(2, timeout=60)

    def unlocked(own: Session, number: int) -> Candidature:
        row = own.get_one(Candidature, number)
        both_have_read.wait()
        return row

    monkeypatch.setattr(moving, "hold", unlocked)
    assert moved_by_two(app, bob.id, actor_of(cast.olga)) == ["moved", "moved"]
