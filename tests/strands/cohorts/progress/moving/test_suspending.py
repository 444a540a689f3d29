"""Suspensions move what is ahead, and never meet or exceed what the rulebook allows."""

import threading
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Suspension
from programme.strands.cohorts.progress.moving import suspending
from programme.strands.cohorts.progress.moving.foreseeing import foreseen, with_suspension
from programme.strands.cohorts.progress.moving.suspending import Wanted
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.rulebooks.queries import book_of
from tests.bed.clock import Clock
from tests.engines.registration.rush import all_at_once
from tests.strands.cohorts.progress.conftest import once

HILARY = 2026 * 3 + 1


@pytest.fixture
def by(omar: Actor, clock: Clock) -> dict[str, Any]:
    return {"actor": omar, "now": clock.now}


def test_suspension_moves_dates_and_taking_it_back_brings_them_back(
    session: Session, bob: Candidature, by: dict[str, Any]
) -> None:
    made = suspending.suspend(session, bob.id, Wanted(HILARY, 1, "Rest", "GSO.17"), **by)
    assert once(bob, "transfer").due_on == date(2028, 3, 11)
    assert once(bob, "submission").due_on is None
    suspending.change(session, bob.id, made.id, Wanted(HILARY + 1, 2), **by)
    assert once(bob, "transfer").due_on == date(2028, 6, 17)
    suspending.take_back(session, bob.id, made.id, **by)
    assert once(bob, "transfer").due_on == date(2027, 12, 4)
    assert once(bob, "submission").due_on == date(2030, 6, 22)
    told = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-3:]
    assert [row.verb for row in told] == ["suspended a course", "changed a suspension", "took a suspension back"]
    assert told[0].after == {"from": "Hilary 2027", "for": "1 term"}
    assert "Rest" not in f"{[row.before or row.after for row in told]}"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("first", "units", "says"),
    [
        (HILARY, 1, "It is suspended already from Hilary 2027"),
        (HILARY + 1, 3, "at most at a time, with the one it adjoins"),
        (HILARY - 2, 1, "The course began in Michaelmas 2026"),
        (HILARY + 4, 4, "for 3 terms at most"),
    ],
)
def test_what_overlaps_or_is_too_long_is_refused_and_nothing_moves(
    session: Session, bob: Candidature, by: dict[str, Any], first: int, units: int, says: str
) -> None:
    suspending.suspend(session, bob.id, Wanted(HILARY, 1), **by)
    due = once(bob, "transfer").due_on
    with pytest.raises(Refusal, match=says):
        suspending.suspend(session, bob.id, Wanted(first, units), **by)
    assert once(bob, "transfer").due_on == due
    assert session.scalar(select(func.count()).select_from(Suspension)) == 1


@pytest.mark.one_database
def test_preview_says_what_suspending_then_does(session: Session, bob: Candidature, by: dict[str, Any]) -> None:
    book = book_of(session, bob.home_organisation_id)
    wanted = Wanted(HILARY, 1)
    said = {(one.code, one.after.words) for one in foreseen(bob, book, with_suspension(bob, wanted)) if one.after}
    before = {row.code: row.due_on for row in bob.milestones}
    suspending.suspend(session, bob.id, wanted, **by)
    moved = {row.code for row in bob.milestones if row.due_on != before[row.code]}
    assert {code for code, _ in said} == moved
    assert {("transfer", "11 March 2028"), ("submission", "Michaelmas 2030")} <= said


def test_of_many_who_suspend_the_same_term_at_once_one_does(
    app: Flask, session: Session, bob: Candidature, by: dict[str, Any]
) -> None:
    with app.app_context():
        engine: Engine = db.engine

    def suspends(first: int) -> None:
        with Session(engine) as own:
            begin_writing(own)
            try:
                suspending.suspend(own, bob.id, Wanted(first, 2), **by)
            except Refusal:
                own.rollback()
            else:
                own.commit()

    all_at_once(lambda one=one: suspends(HILARY + one % 2) for one in range(6))  # type: ignore[misc]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Suspension)) == 1


@pytest.mark.one_database("postgresql")
def test_without_the_lock_two_suspend_the_same_term(app: Flask, session: Session, bob: Candidature) -> None:
    with app.app_context():
        engine: Engine = db.engine
    together = threading.Barrier(2, timeout=30)

    def wait_for_both(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO suspension"):
            together.wait()

    def suspends(first: int) -> None:
        with Session(engine) as own:
            row = own.get_one(Candidature, bob.id)
            wanted = Wanted(first, 2)
            suspending.check(wanted, course_of(row), book_of(own, row.home_organisation_id))
            row.suspensions.append(Suspension(first_unit=first, units=2, granted_at=row.created_at))
            own.commit()

    event.listen(engine, "before_cursor_execute", wait_for_both)
    all_at_once(lambda one=one: suspends(HILARY + one) for one in range(2))  # type: ignore[misc]
    event.remove(engine, "before_cursor_execute", wait_for_both)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Suspension)) == 2
