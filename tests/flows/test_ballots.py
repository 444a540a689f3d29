"""A ballot whose time has come is drawn by the clock, once, and whoever entered is told."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration import places
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import OpeningState, PlacesBy, RegistrationState
from programme.flows.admitting import draw_if_due, draw_places, due_ballots
from programme.jobs.chairs import draw
from programme.jobs.working import work_of
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.scheduler import run_due
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast
from tests.factories.things import SOON
from tests.flows.conftest import letters

DRAWN_AT = SOON - timedelta(days=7)
BEFORE, AFTER = DRAWN_AT - timedelta(minutes=1), DRAWN_AT + timedelta(minutes=1)
ENTRANTS, PLACES = 12, 5


@pytest.fixture
def people(session: Session) -> Cast:
    """The cast."""
    return cast.assemble(session)


@pytest.fixture
def ballot(session: Session, people: Cast) -> Opening:
    """Twelve people for five places, to be drawn a week before the talk."""
    return ballot_of(session, things.event(session, lead=people.oxford))


def ballot_of(session: Session, event: Event, **given: Any) -> Opening:
    """A ballot for an event, with its entrants; commits."""
    values = {"places_by": PlacesBy.BALLOT, "ballot_at": DRAWN_AT, "closes_at": DRAWN_AT, **given}
    row = things.opening(session, events=[event], capacity=PLACES, **values)
    for number in range(ENTRANTS):
        address = f"p{number}-{row.id}@example.org"
        who = Person(name=f"Person {number}", address=address, address_key=address, created_at=LONG_AGO)
        session.add(who)
        session.flush()
        things.registration(session, to=row, who=who, state=RegistrationState.PENDING)
    session.commit()
    return row


def standing(session: Session, opening: Opening) -> dict[str, int]:
    """How many are in each state."""
    session.rollback()
    found = session.scalars(select(Registration.state).where(Registration.opening_id == opening.id)).all()
    return {state.value: found.count(state) for state in set(found)}


def test_nothing_is_drawn_before_its_time(app: Flask, session: Session, ballot: Opening) -> None:
    assert run_due(app, BEFORE)["draw"].count == 0
    assert standing(session, ballot) == {"pending": ENTRANTS}


def test_ballot_is_drawn_at_its_time_once_and_everybody_is_told(app: Flask, session: Session, ballot: Opening) -> None:
    assert run_due(app, AFTER)["draw"].count == 1
    assert standing(session, ballot) == {"confirmed": PLACES, "waitlisted": ENTRANTS - PLACES}
    kinds = [kind for kind, _ in letters(session)]
    assert (kinds.count("registration_confirmed"), kinds.count("registration_waitlisted")) == (5, 7)
    assert run_due(app, AFTER + timedelta(hours=1))["draw"].count == 0
    session.rollback()
    assert len(letters(session)) == ENTRANTS


def test_seed_is_kept_and_draws_the_same_again(app: Flask, session: Session, ballot: Opening) -> None:
    run_due(app, AFTER)
    session.rollback()
    row = session.get_one(Opening, ballot.id, populate_existing=True)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "draw")).one()
    assert (entry.person_id, entry.subject_id) == (None, ballot.id)
    assert entry.after == {"seed": row.ballot_seed, "places": 5, "waiting": 7, "refused": 0}
    assert row.ballot_at == AFTER
    entrants = session.scalars(select(Registration.id).where(Registration.opening_id == ballot.id)).all()
    again = places.draw(entrants, places=PLACES, seed=row.ballot_seed)
    confirmed = select(Registration.id).where(Registration.state == RegistrationState.CONFIRMED)
    assert set(again.winners) == set(session.scalars(confirmed))


@pytest.mark.parametrize(
    "given",
    [
        {"ballot_at": None},
        {"state": OpeningState.DRAFT},
        {"ballot_seed": "drawn-before"},
        {"places_by": PlacesBy.DECISION},
        {"ballot_at": AFTER + timedelta(days=1)},
    ],
    ids=["without a time", "a draft", "drawn before", "no ballot", "later"],
)
def test_what_is_not_due_is_left_alone(app: Flask, session: Session, people: Cast, given: dict[str, Any]) -> None:
    row = ballot_of(session, things.event(session, lead=people.oxford), **given)
    revision = row.revision
    assert run_due(app, AFTER)["draw"].count == 0
    assert standing(session, row) == {"pending": ENTRANTS}
    assert session.get_one(Opening, row.id, populate_existing=True).revision == revision


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED])
def test_ballot_of_what_is_off_or_has_no_date_waits_without_being_touched(
    app: Flask, session: Session, ballot: Opening, state: EventState
) -> None:
    session.execute(update(Event).values(state=state, date_is_known=False))
    session.commit()
    revision = ballot.revision
    assert run_due(app, AFTER)["draw"].count == 0
    session.rollback()
    row = session.get_one(Opening, ballot.id, populate_existing=True)
    assert (row.ballot_seed, row.revision) == ("", revision)


def test_ballot_is_not_drawn_when_the_event_has_begun(app: Flask, session: Session, ballot: Opening) -> None:
    assert run_due(app, SOON + timedelta(minutes=1))["draw"].count == 0
    assert standing(session, ballot) == {"pending": ENTRANTS}


def test_ballot_that_nobody_entered_is_drawn_so_that_it_is_first_come_after(
    app: Flask, session: Session, people: Cast
) -> None:
    event = things.event(session, lead=people.oxford)
    row = things.opening(session, events=[event], capacity=5, places_by=PlacesBy.BALLOT, ballot_at=DRAWN_AT)
    session.commit()
    assert run_due(app, AFTER)["draw"].count == 1
    session.rollback()
    assert session.get_one(Opening, row.id, populate_existing=True).ballot_seed


def test_two_clocks_at_once_draw_once(app: Flask, session: Session, ballot: Opening) -> None:
    """Both see that it is due before either draws."""
    work = work_of(app, lambda: AFTER)
    together, counts = threading.Barrier(4, timeout=30), []

    def draws() -> None:
        with work.factory() as own:
            due = list(due_ballots(own, AFTER))
        together.wait()
        for opening_id in due:
            with work.factory.begin() as own:  # type: ignore[attr-defined]
                own.connection(execution_options={"begin": "IMMEDIATE"})
                counts.append(draw_if_due(own, opening_id, now=AFTER) is not None)

    threads = [threading.Thread(target=draws) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [False, False, False, True]
    assert standing(session, ballot) == {"confirmed": PLACES, "waitlisted": ENTRANTS - PLACES}
    assert len(session.scalars(select(OutboxMessage.id)).all()) == ENTRANTS
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.verb == "draw")).all()) == 1


def test_one_that_fails_stops_no_other_and_is_seen(app: Flask, session: Session, people: Cast) -> None:
    broken = ballot_of(session, things.event(session, lead=people.oxford), ballot_at=DRAWN_AT - timedelta(days=1))
    whole = ballot_of(session, things.event(session, lead=people.oxford, title="Another"))
    with pytest.raises(RuntimeError, match="this one is broken"):
        draw(replace(work_of(app, lambda: AFTER), factory=failing_for(app, broken.id)))
    assert standing(session, broken) == {"pending": ENTRANTS}
    assert standing(session, whole) == {"confirmed": PLACES, "waitlisted": ENTRANTS - PLACES}


def failing_for(app: Flask, opening_id: int) -> Any:
    """Sessions whose database does not answer about one opening."""
    factory = work_of(app, lambda: AFTER).factory

    def opened() -> Session:
        own = factory()
        whole = own.get_one

        def get_one(kind: Any, number: Any, **options: Any) -> Any:
            if kind is Opening and number == opening_id:
                raise RuntimeError("this one is broken")
            return whole(kind, number, **options)

        own.get_one = get_one  # type: ignore[assignment,method-assign]
        return own

    return opened


def test_button_still_draws_before_its_time_and_the_clock_leaves_it_then(
    app: Flask, session: Session, people: Cast, ballot: Opening
) -> None:
    drawn = draw_places(session, ballot.id, actor=actor_of(people.omar), now=BEFORE)
    session.commit()
    assert run_due(app, AFTER)["draw"].count == 0
    session.rollback()
    assert session.get_one(Opening, ballot.id, populate_existing=True).ballot_seed == drawn.seed
    with pytest.raises(Refusal, match="drawn already"):
        draw_places(session, ballot.id, actor=actor_of(people.omar), now=AFTER)
