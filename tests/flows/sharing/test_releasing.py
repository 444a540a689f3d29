"""Quotas are released by the clock: at once in the rule, noted once, and whoever moves up is told once."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import Opening, Quota
from programme.engines.registration.openings.quotas import due_releases
from programme.engines.registration.states import OpeningState
from programme.flows.roll.opening import edit_opening
from programme.flows.sharing.releasing import release_if_due
from programme.jobs.working import work_of
from programme.people.identity import actor_of
from programme.scheduler import run_due
from tests.factories.cast import Cast
from tests.factories.things import SOON
from tests.flows.conftest import Enter, letters, states
from tests.flows.sharing.conftest import details_of, oxonians, scousers

RELEASE = SOON - timedelta(days=3)
BEFORE, AFTER = RELEASE - timedelta(minutes=1), RELEASE + timedelta(minutes=1)


@pytest.fixture
def awaited(shared: Opening, enter: Enter) -> Opening:
    """Everything but Oxford's place is taken, and two of Liverpool wait."""
    for address in scousers(5):
        enter(shared, address, now=BEFORE - timedelta(hours=1))
    return shared


def promoted(session: Session) -> list[str]:
    """Who was told that they moved up."""
    return [address for kind, address in letters(session) if kind == "registration_promoted"]


def releases(session: Session) -> list[AuditEntry]:
    """What the trail holds of releases."""
    return list(session.scalars(select(AuditEntry).where(AuditEntry.verb == "released a quota")))


def test_nothing_is_released_before_its_instant(app: Flask, session: Session, awaited: Opening) -> None:
    assert run_due(app, BEFORE)["release"].count == 0
    assert promoted(session) == []


def test_released_places_go_to_whoever_waits_and_each_is_told_once(
    app: Flask, session: Session, awaited: Opening
) -> None:
    assert run_due(app, RELEASE)["release"].count == 1
    assert promoted(session) == [scousers(5)[3]]
    entries = releases(session)
    assert sorted((entry.after or {})["organisation"] for entry in entries) == ["Liverpool", "Oxford"]
    assert {entry.person_id for entry in entries} == {None}
    assert run_due(app, AFTER)["release"].count == 0
    session.rollback()
    assert (len(promoted(session)), len(releases(session))) == (1, 2)


def test_from_its_instant_on_nothing_is_kept_even_if_no_clock_has_ticked(
    session: Session, shared: Opening, enter: Enter
) -> None:
    for address in scousers(4):
        enter(shared, address, now=RELEASE)
    assert set(states(session).values()) == {"confirmed"}


def test_while_somebody_waits_for_what_is_just_released_a_newcomer_waits_behind_them(
    app: Flask, session: Session, awaited: Opening, enter: Enter
) -> None:
    enter(awaited, oxonians(1)[0], now=AFTER)
    assert states(session)[oxonians(1)[0]] == "waitlisted"
    session.rollback()
    run_due(app, AFTER)
    assert promoted(session) == [scousers(5)[3]]


def test_release_by_days_moves_with_the_event(app: Flask, session: Session, awaited: Opening) -> None:
    awaited.events[0].starts_at += timedelta(days=7)
    awaited.events[0].ends_at += timedelta(days=7)
    session.commit()
    assert run_due(app, AFTER)["release"].count == 0
    assert run_due(app, AFTER + timedelta(days=7))["release"].count == 1


def test_release_at_an_instant_stays_where_it_is(app: Flask, session: Session, people: Cast, awaited: Opening) -> None:
    for quota in awaited.quotas:
        quota.release_days, quota.release_at = None, RELEASE - timedelta(days=2)
    session.commit()
    assert run_due(app, RELEASE - timedelta(days=2))["release"].count == 1
    assert promoted(session) == [scousers(5)[3]]


def test_without_a_date_nothing_is_released(app: Flask, session: Session, awaited: Opening) -> None:
    awaited.events[0].state, awaited.events[0].date_is_known = EventState.POSTPONED, False
    session.commit()
    assert run_due(app, AFTER)["release"].count == 0


def test_a_draft_keeps_what_it_keeps_until_it_is_opened(app: Flask, session: Session, shared: Opening) -> None:
    shared.state = OpeningState.DRAFT
    session.commit()
    assert run_due(app, AFTER)["release"].count == 0


def test_what_was_released_stays_so_unless_it_is_given_another_release(
    app: Flask, session: Session, people: Cast, awaited: Opening
) -> None:
    run_due(app, AFTER)
    session.rollback()
    olga = actor_of(people.olga)
    edit_opening(session, awaited.id, details_of(awaited, note="Bring a pen."), actor=olga, now=AFTER)
    session.commit()
    assert all(quota.released_at for quota in session.scalars(select(Quota)))
    again = tuple(
        type(kept)(organisation_id=kept.organisation_id, places=1, release_days=1)
        for kept in details_of(awaited).quotas
    )
    edit_opening(session, awaited.id, details_of(awaited, quotas=again), actor=olga, now=AFTER)
    session.commit()
    assert not any(quota.released_at for quota in session.scalars(select(Quota)))


def test_several_clocks_at_once_release_once(app: Flask, session: Session, awaited: Opening) -> None:
    """All see that it is due before any releases."""
    work = work_of(app, lambda: AFTER)
    together, counts = threading.Barrier(4, timeout=30), []

    def releases_it() -> None:
        with work.factory() as own:
            due = due_releases(own, AFTER)
        together.wait()
        for opening_id in due:
            with work.factory.begin() as own:  # type: ignore[attr-defined]
                own.connection(execution_options={"begin": "IMMEDIATE"})
                counts.append(release_if_due(own, opening_id, now=AFTER))

    threads = [threading.Thread(target=releases_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 2]
    assert (len(promoted(session)), len(releases(session))) == (1, 2)
