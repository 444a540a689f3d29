"""What the preview of a change of several dates says of letters is what the press sends, whoever has which chair."""

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.repeating.moving import Shift
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Seat
from programme.engines.registration.states import RegistrationState, SeatState
from programme.flows.together.changing.doing import change_together
from programme.flows.together.changing.weighing import Scope, events_in, weigh
from programme.flows.together.changing.wish import Wish
from programme.flows.together.doing import Task, carry_out_in_series
from programme.flows.together.weighing import Deed
from programme.flows.together.weighing import weigh as weigh_deed
from programme.people.permissions import Actor, Grant
from programme.people.states import Role
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import SOON, event, opening, registration
from tests.factories.things import series as a_series

NOW = SOON - timedelta(days=20)
WEEK = timedelta(days=7)
LINK, OTHER = "https://meet.example.ac.uk/1", "https://meet.example.ac.uk/2"
RELINKED = Wish(details={"online_link": OTHER})


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(cast: Cast) -> Actor:
    return Actor(cast.olga.id, "Olga", "", (Grant(Role.ORGANISER, cast.liverpool.id),))


@pytest.fixture
def run(session: Session, cast: Cast) -> Series:
    """Three weeks online: Alice has a place, Bob waits, Charlie was offered one, and Dora has the chair of a week."""
    row = a_series(session, lead=cast.liverpool)
    weeks = [
        event(
            session,
            lead=cast.liverpool,
            title=f"Week {n}",
            series_id=row.id,
            starts_at=SOON + n * WEEK,
            is_online=True,
            online_link=LINK,
        )
        for n in range(3)
    ]
    every = opening(session, events=weeks)
    registration(session, to=every, who=cast.alice)
    registration(session, to=every, who=cast.bob, state=RegistrationState.WAITLISTED)
    registration(session, to=every, who=cast.charlie, state=RegistrationState.OFFERED)
    lent = registration(session, to=every, who=cast.omar, state=RegistrationState.WAITLISTED)
    for seat in [one for one in lent.seats if one.event_id == weeks[1].id]:
        session.delete(seat)
    session.flush()
    session.add(Seat(registration_id=lent.id, event_id=weeks[1].id, state=SeatState.LENT, changed_at=LONG_AGO))
    session.commit()
    session.expire_all()
    return row


def seen(session: Session, run: Series) -> dict[int, int | None]:
    """The events of the series, each in its version."""
    return {row.id: row.version for row in session.scalars(select(Event).where(Event.series_id == run.id))}


def people_in(session: Session, state: OutboxState) -> set[int]:
    """Whose letters stand so."""
    rows = session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.state == state))
    return {number for number in rows if number is not None}


def foreseen(session: Session, run: Series, wish: Wish, actor: Actor) -> set[int]:
    """Who is told, by the preview."""
    found, _ = events_in(session, run.id, Scope(), actor=actor, now=NOW)
    return {person for row in weigh(session, found, wish, actor=actor, now=NOW) for person in row.people}


def all_sent(session: Session) -> None:
    """Whatever waits has gone."""
    for row in session.scalars(select(OutboxMessage)):
        row.state = OutboxState.SENT
    session.commit()


def test_of_another_link_only_those_with_a_place_are_counted(
    session: Session, run: Series, cast: Cast, olga: Actor
) -> None:
    told = foreseen(session, run, RELINKED, olga)
    assert told == {cast.alice.id, cast.omar.id}
    change_together(session, run, seen(session, run), RELINKED, actor=olga, now=NOW)
    assert people_in(session, OutboxState.PENDING) == told


def test_a_change_that_takes_an_unsent_one_back_is_told_to_nobody(session: Session, run: Series, olga: Actor) -> None:
    later, back = Wish(Shift(begins=time(16))), Wish(Shift(begins=time(14)))
    told = foreseen(session, run, later, olga)
    done = change_together(session, run, seen(session, run), later, actor=olga, now=NOW)
    session.commit()
    assert (len(told), done.letters) == (4, 4)
    assert foreseen(session, run, back, olga) == set()
    assert change_together(session, run, seen(session, run), back, actor=olga, now=NOW).letters == 0
    session.rollback()
    all_sent(session)
    assert foreseen(session, run, back, olga) == told
    assert change_together(session, run, seen(session, run), back, actor=olga, now=NOW).letters == len(told)


def test_so_it_is_where_all_are_put_off_by_days(session: Session, run: Series, olga: Actor) -> None:
    told = []
    for days in (7, -7):
        events = list(session.scalars(select(Event).where(Event.series_id == run.id)))
        found = weigh_deed(session, events, Deed.MOVE, days=days, actor=olga, now=NOW)
        task = Task(Deed.MOVE, days=days, actor=olga, now=NOW)
        carried = carry_out_in_series(session, run, seen(session, run), task)
        session.commit()
        assert carried.told == found.people
        told.append(carried.told)
    assert told == [4, 0]


@pytest.mark.one_database
def test_weighing_asks_no_more_of_many_than_of_one(app: Flask, session: Session, run: Series, olga: Actor) -> None:
    later = Wish(Shift(begins=time(16)))
    change_together(session, run, seen(session, run), later, actor=olga, now=NOW)
    session.commit()
    counts, series_id = [], run.id
    for most in (1, 3):
        session.expunge_all()
        found, _ = events_in(session, series_id, Scope(), actor=olga, now=NOW)
        with statements(app) as asked:
            weigh(session, found[:most], RELINKED, actor=olga, now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]
