"""An accepted application becomes a candidature once, by an organiser, with its milestones; and back within a day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.models import Registration
from programme.extensions import db
from programme.strands.cohorts.admission.admitting import actions
from programme.strands.cohorts.admission.admitting.actions import Wanted, admit, take_back
from programme.strands.cohorts.models import Admission, Admitted, Candidature, Milestone
from programme.strands.cohorts.states import CandidatureState
from tests.bed.clock import Clock
from tests.factories import admissions, cohorts
from tests.factories.admissions import NOW
from tests.strands.cohorts.admission.conftest import As, Called

AT_ONCE = 6


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def wanted(called: Called, **given: object) -> Wanted:
    people = called.people
    values = {"home_id": people.liverpool.id, "partner_id": people.oxford.id, "department": "Chemistry"}
    return Wanted(**{**values, "project": "Moss", "begins_on": date(2027, 10, 1), **given})  # type: ignore[arg-type]


@pytest.fixture
def accepted(called: Called, session: Session) -> Called:
    """Alice has accepted her place; Bob waits still."""
    admissions.accepted(session, called.alice, called.people)
    session.commit()
    return called


def numbers(session: Session) -> tuple[int, int]:
    """How many candidatures there are, and how many milestones."""
    session.rollback()
    counted = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Candidature, Milestone))
    first, second = counted
    return first, second


def test_keys_offer_acceptance_and_the_act_make_a_candidature_with_milestones(
    accepted: Called, session: Session, signed_in: As
) -> None:
    omar, page = signed_in(accepted.people.omar), f"/organise/applications/{accepted.alice.id}"
    shown = omar.get(page).get_data(as_text=True)
    assert "Make the candidature" in shown
    assert 'value="Moss on Mersey stone"' in shown, "filled in from the application"
    assert 'value="2027-10-01"' in shown, "the cohort's entry"
    sent = {"home": accepted.people.liverpool.id, "partner": accepted.people.oxford.id, "department": "Chemistry"}
    odd = omar.post(f"{page}/candidature", data={**sent, "project": "Moss", "begins_on": "", "per_cent": "100"})
    assert (odd.status_code, "Enter the day" in odd.get_data(as_text=True)) == (422, True)
    made = {**sent, "project": "Moss", "begins_on": "2027-10-01", "per_cent": "100"}
    assert omar.post(f"{page}/candidature", data=made).status_code == 303
    (row,) = session.scalars(select(Candidature)).all()
    assert (row.person_id, row.state, row.registered_on) == (
        accepted.people.alice.id,
        CandidatureState.ADMITTED,
        date(2027, 10, 1),
    )
    assert row.milestones
    again = omar.post(f"{page}/candidature", data=made)
    assert "is a candidature already" in again.get_data(as_text=True)
    assert numbers(session)[0] == 1
    assert "1 admitted" in omar.get(accepted.funnel).get_data(as_text=True)


def test_nobody_is_admitted_who_has_not_accepted(accepted: Called, session: Session) -> None:
    with pytest.raises(Refusal, match="have not accepted"):
        admit(session, accepted.bob.id, wanted(accepted), actor=accepted.olga, now=NOW)
    admissions.decided(session, accepted.bob, accepted.people)
    with pytest.raises(Refusal, match="have not accepted"):
        admit(session, accepted.bob.id, wanted(accepted), actor=accepted.olga, now=NOW)


@pytest.mark.one_database
def test_home_and_partner_are_two_universities_that_run_the_award(accepted: Called, session: Session) -> None:
    people = accepted.people
    for odd, field in (
        ({"home_id": people.council.id}, "home"),
        ({"partner_id": people.council.id}, "partner"),
        ({"partner_id": people.liverpool.id}, "partner"),
        ({"per_cent": 5}, "per_cent"),
    ):
        with pytest.raises(Refusal) as refused:
            admit(session, accepted.alice.id, wanted(accepted, **odd), actor=accepted.olga, now=NOW)
        assert refused.value.field == field


def test_an_admission_is_taken_back_within_a_day_and_made_anew(
    accepted: Called, session: Session, signed_in: As, clock: Clock
) -> None:
    olga, page = signed_in(accepted.people.olga), f"/organise/applications/{accepted.alice.id}"
    made = admit(session, accepted.alice.id, wanted(accepted), actor=accepted.olga, now=NOW)
    session.commit()
    session.expunge(session.get_one(Admitted, accepted.alice.id))
    session.expunge(made)  # SQLite gives its number away once more
    session.rollback()
    olga.post(f"{page}/candidature/undoing")
    assert numbers(session) == (0, 0)
    assert session.get_one(Registration, accepted.alice.id).state.value == "confirmed"
    admit(session, accepted.alice.id, wanted(accepted), actor=accepted.olga, now=NOW)
    session.commit()
    clock.set(NOW + timedelta(days=1))
    olga.post(f"{page}/candidature/undoing")
    assert numbers(session)[0] == 1


def test_what_somebody_hangs_on_a_candidature_keeps_it(accepted: Called, session: Session) -> None:
    people = accepted.people
    row = admit(session, accepted.alice.id, wanted(accepted), actor=accepted.olga, now=NOW)
    cohorts.supervision(session, candidature=row, person=people.bob, organisation=people.liverpool)
    with pytest.raises(Refusal, match="Something hangs"):
        take_back(session, accepted.alice.id, actor=accepted.olga, now=NOW)


def admitted_by_all(engine: Engine, called: Called, wish: Wanted) -> list[str]:
    """Let several organisers press at once, each in a transaction of their own; return what came of each press."""
    registration_id, actor = called.alice.id, called.olga

    def press(_: int) -> str:
        with Session(engine) as own:
            begin_writing(own)
            try:
                admit(own, registration_id, wish, actor=actor, now=NOW)
                own.commit()
            except (Refusal, IntegrityError) as no:
                own.rollback()
                return type(no).__name__
            return "made"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(press, range(AT_ONCE)))


def test_of_organisers_who_admit_at_once_one_makes_the_candidature(
    engine: Engine, accepted: Called, session: Session
) -> None:
    wish = wanted(accepted)
    session.rollback()
    assert admitted_by_all(engine, accepted, wish) == ["Refusal"] * (AT_ONCE - 1) + ["made"]
    assert numbers(session)[0] == 1
    assert session.scalar(select(func.count()).select_from(Admitted)) == 1


def without_lock(meet: Barrier) -> Callable[[Session, int], Registration]:
    """Read an application without its lock, and go on when everybody has read it."""

    def read(session: Session, registration_id: int) -> Registration:
        row = session.get_one(Registration, registration_id)
        meet.wait(timeout=20)
        return row

    return read


@pytest.mark.one_database("postgresql")
def test_control_without_the_locks_they_collide(
    engine: Engine, accepted: Called, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the database itself forbids is left then, and it is no sentence for anybody."""
    wish = wanted(accepted)
    session.rollback()
    monkeypatch.setattr(actions, "locked_registration", without_lock(Barrier(AT_ONCE)))
    monkeypatch.setattr(actions, "hold", lambda own, one: own.get_one(Admission, one))
    monkeypatch.setattr(actions, "lock", lambda *_: None)
    found = admitted_by_all(engine, accepted, wish)
    assert "IntegrityError" in found, found
