"""Dates of a series changed together: each person told once, of all that is another for them, and nothing half done."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.repeating.moving import Shift
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import to_wall
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Composed
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration
from programme.flows import scheduling
from programme.flows.keeping.erasing import letters_about
from programme.flows.together.changing.doing import change_together
from programme.flows.together.changing.weighing import Scope, events_in, weigh
from programme.flows.together.changing.wish import Wish
from programme.people.permissions import Actor, Grant
from programme.people.states import Role
from tests.factories.cast import Cast, assemble
from tests.factories.things import SOON, event, opening, registration
from tests.factories.things import series as a_series

NOW = SOON - timedelta(days=20)
WEEK = timedelta(days=7)
AT_FOUR = Wish(Shift(begins=time(16)), reason="The trains.")


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


@pytest.fixture
def olga(cast: Cast) -> Actor:
    return Actor(cast.olga.id, "Olga", "", (Grant(Role.ORGANISER, cast.liverpool.id),))


@pytest.fixture
def run(session: Session, cast: Cast) -> Series:
    """Three weeks: Alice has a place at all of them, Bob at the second alone; and a draft."""
    row = a_series(session, lead=cast.liverpool)
    weeks = [
        event(session, lead=cast.liverpool, title=f"Week {n}", series_id=row.id, starts_at=SOON + n * WEEK)
        for n in range(3)
    ]
    state = {"state": EventState.DRAFT, "published_at": None}
    event(session, lead=cast.liverpool, title="Draft", series_id=row.id, starts_at=SOON + 3 * WEEK, **state)
    registration(session, to=opening(session, events=weeks), who=cast.alice)
    registration(session, to=opening(session, events=[weeks[1]]), who=cast.bob)
    session.commit()
    return row


def seen(session: Session, run: Series) -> dict[int, int | None]:
    session.expire_all()
    return {row.id: row.version for row in session.scalars(select(Event).where(Event.series_id == run.id))}


def letters(session: Session, *, waiting: bool = True) -> list[OutboxMessage]:
    session.expire_all()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row for row in rows if not waiting or row.state is OutboxState.PENDING]


def composed(app: Flask, session: Session, message: OutboxMessage) -> Composed:
    found = app.extensions["mail_room"].letters[message.letter].compose(session, message, now=NOW)
    assert isinstance(found, Composed)
    return found


def named(session: Session, title: str) -> Event:
    session.expire_all()
    return session.scalars(select(Event).where(Event.title == title)).one()


def test_each_person_gets_one_letter_with_before_and_after_of_all_their_dates(
    app: Flask, session: Session, run: Series, olga: Actor, cast: Cast
) -> None:
    done = change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    assert (done.events, done.letters) == (4, 2)
    found = {row.person_id: row for row in letters(session)}
    assert {person: row.letter for person, row in found.items()} == {
        cast.alice.id: "dates_changed",
        cast.bob.id: "event_moved",
    }
    told = composed(app, session, found[cast.alice.id])
    rows = told.variables["rows"]
    assert [row["title"] for row in rows] == ["Week 0", "Week 1", "Week 2"]
    assert all("14:00" in row["when_before"] and "16:00" in row["when"] for row in rows)
    assert told.variables["reason"] == "The trains."
    [file] = told.attachments
    assert file.method == "PUBLISH"
    assert file.content.count(b"BEGIN:VEVENT") == 3
    assert file.content.count(b"SEQUENCE:1\r\n") == 3
    assert b"METHOD:PUBLISH" in file.content


def test_every_event_keeps_its_day_and_rises_by_one(session: Session, run: Series, olga: Actor) -> None:
    change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    for number in range(3):
        row = named(session, f"Week {number}")
        assert to_wall(row.starts_at) == to_wall(SOON + number * WEEK).replace(hour=16)
        assert row.ends_at - row.starts_at == timedelta(hours=1)
        assert row.sequence == 1
    assert named(session, "Draft").sequence == 0


def test_words_alone_tell_nobody_and_raise_no_sequence(session: Session, run: Series, olga: Actor) -> None:
    words = Wish(details={"description": "Bring a friend."})
    done = change_together(session, run, seen(session, run), words, actor=olga, now=NOW)
    assert (done.events, done.letters, letters(session)) == (4, 0, [])
    assert named(session, "Week 1").description == "Bring a friend."
    assert named(session, "Week 1").sequence == 0


def test_another_link_is_told_to_each_in_one_letter_and_raises_no_sequence(
    app: Flask, session: Session, run: Series, olga: Actor, cast: Cast
) -> None:
    link = Wish(details={"online_link": "https://meet.example.ac.uk/new"})
    done = change_together(session, run, seen(session, run), link, actor=olga, now=NOW)
    assert (done.events, done.letters) == (4, 2)
    assert named(session, "Week 1").sequence == 0
    told = composed(app, session, next(row for row in letters(session) if row.person_id == cast.alice.id))
    assert [row["online_link"] for row in told.variables["rows"]] == ["https://meet.example.ac.uk/new"] * 3
    assert [row["when_before"] for row in told.variables["rows"]] == [""] * 3


def test_cancelling_together_tells_each_once(
    app: Flask, session: Session, run: Series, olga: Actor, cast: Cast
) -> None:
    done = change_together(session, run, seen(session, run), Wish(cancels=True), actor=olga, now=NOW)
    assert (done.events, done.letters) == (4, 2)
    told = composed(app, session, next(row for row in letters(session) if row.person_id == cast.alice.id))
    assert {row["state"] for row in told.variables["rows"]} == {"Cancelled"}
    assert told.attachments[0].content.count(b"STATUS:CANCELLED") == 3


def test_one_that_changed_meanwhile_stops_all_of_it(session: Session, run: Series, olga: Actor) -> None:
    looked = seen(session, run)
    named(session, "Week 2").version += 1
    session.commit()
    with pytest.raises(Refusal, match=r"“Week 2” changed meanwhile\. Nothing is changed yet"):
        change_together(session, run, looked, AT_FOUR, actor=olga, now=NOW)
    session.rollback()
    assert named(session, "Week 0").starts_at == SOON
    assert letters(session) == []


def test_moved_together_twice_tells_from_what_each_knew(
    app: Flask, session: Session, run: Series, olga: Actor, cast: Cast
) -> None:
    change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    at_five = Wish(Shift(begins=time(17)))
    change_together(session, run, seen(session, run), at_five, actor=olga, now=NOW)
    wanted = [row for row in letters(session) if row.person_id == cast.alice.id]
    room = app.extensions["mail_room"].letters
    still = room["dates_changed"].still_wanted(session, wanted, now=NOW)
    assert len(wanted) == 2
    assert list(still) == [wanted[1].id]
    rows = composed(app, session, wanted[1]).variables["rows"]
    assert all("14:00" in row["when_before"] and "17:00" in row["when"] for row in rows)


def test_one_date_moved_again_is_told_by_its_own_letter_from_what_was_known(
    app: Flask, session: Session, run: Series, olga: Actor, cast: Cast
) -> None:
    change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    week = named(session, "Week 1")
    later = replace(plan_of(week), starts_at=week.starts_at + WEEK / 7, ends_at=week.ends_at + WEEK / 7)
    scheduling.move(session, week.id, later, actor=olga, now=NOW)
    mine = {row.letter: row for row in letters(session) if row.person_id == cast.alice.id}
    assert "14:00" in composed(app, session, mine["event_moved"]).variables["was"]["when"]
    rows = composed(app, session, mine["dates_changed"]).variables["rows"]
    assert [row["title"] for row in rows] == ["Week 0", "Week 2"]


def test_moved_back_before_the_letter_went_tells_nobody_anything(session: Session, run: Series, olga: Actor) -> None:
    change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    back = change_together(session, run, seen(session, run), Wish(Shift(begins=time(14))), actor=olga, now=NOW)
    assert back.letters == 0


def test_moved_back_after_the_letter_went_is_told(session: Session, run: Series, olga: Actor) -> None:
    change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    for row in letters(session):
        row.state = OutboxState.SENT
    session.flush()
    back = change_together(session, run, seen(session, run), Wish(Shift(begins=time(14))), actor=olga, now=NOW)
    assert back.letters == 2


def test_what_differs_from_the_rest_is_said(session: Session, run: Series, olga: Actor) -> None:
    odd = named(session, "Week 2")
    odd.starts_at += timedelta(hours=2)
    odd.ends_at += timedelta(hours=2)
    session.commit()
    found, _ = events_in(session, run.id, Scope(), actor=olga, now=NOW)
    rows = weigh(session, found, Wish(Shift(begins=time(10))), actor=olga, now=NOW)
    assert {row.event.title: row.differs for row in rows if row.differs} == {
        "Week 2": ["At 16:00 to 17:00, unlike the others"]
    }
    following, _ = events_in(session, run.id, Scope(odd), actor=olga, now=NOW)
    assert [row.title for row in following] == ["Week 2", "Draft"]
    assert events_in(session, run.id, Scope(odd, alone=True), actor=olga, now=NOW)[0] == [odd]


def test_the_other_university_changes_neither_theirs_nor_learns_of_it(
    session: Session, run: Series, cast: Cast
) -> None:
    omar = Actor(cast.omar.id, "Omar", "", (Grant(Role.ORGANISER, cast.oxford.id),))
    found, _ = events_in(session, run.id, Scope(), actor=omar, now=NOW)
    rows = weigh(session, found, AT_FOUR, actor=omar, now=NOW)
    assert {row.event.title: row.reason for row in rows} == {
        f"Week {number}": "it is not yours to change" for number in range(3)
    }
    with pytest.raises(Refusal) as refused:
        change_together(session, run, seen(session, run), AT_FOUR, actor=omar, now=NOW)
    assert "Draft" not in refused.value.sentence


def test_who_shares_an_event_changes_its_words_but_not_its_time(session: Session, run: Series, cast: Cast) -> None:
    named(session, "Week 1").co_owners = [cast.oxford]
    session.commit()
    omar = Actor(cast.omar.id, "Omar", "", (Grant(Role.ORGANISER, cast.oxford.id),))
    week = named(session, "Week 1")
    mine: dict[int, int | None] = {week.id: week.version}
    with pytest.raises(Refusal):
        change_together(session, run, mine, AT_FOUR, actor=omar, now=NOW)
    session.rollback()
    words = Wish(details={"description": "Bring a pencil."})
    assert change_together(session, run, mine, words, actor=omar, now=NOW).events == 1


def test_letters_about_an_erased_registration_are_found(session: Session, run: Series, olga: Actor, cast: Cast) -> None:
    change_together(session, run, seen(session, run), AT_FOUR, actor=olga, now=NOW)
    mine = session.scalars(select(Registration).where(Registration.person_id == cast.alice.id)).one()
    assert letters_about(session, mine) == [row.id for row in letters(session) if row.person_id == cast.alice.id]
