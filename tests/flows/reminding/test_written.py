"""Letters that remind: written many at once as one by one, with what differs from person to person as blanks."""

from datetime import timedelta

from sqlalchemy import select

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.wording.stationery import Stationery
from programme.engines.mail.wording.stationery import written as wording
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.models import Audience
from programme.flows.reminding import queue_due_reminders
from tests.bed.databases import statements
from tests.factories.cast import person
from tests.factories.things import event, opening, registration
from tests.flows.reminding.desk import BEFORE, Desk

A, R = Audience, RegistrationState


def test_one_statement_a_kind_and_letters_that_say_the_same_share_a_stencil(desk: Desk) -> None:
    second = event(desk.session, lead=desk.cast.oxford, title="Another talk")
    both = opening(desk.session, events=[desk.talk, second])
    desk.rule(A.CONFIRMED)
    desk.rule(A.ORGANISERS)
    for name in ("Ann", "Ben", "Cat"):
        registration(desk.session, to=both, who=person(desk.session, f"{name} Other", f"{name}@example.org"))
    desk.session.commit()
    with statements(desk.app) as seen:
        queue_due_reminders(desk.session, BEFORE)
    assert len([one for one in seen if "INSERT" in one]) == 1
    written = desk.app.extensions["mail_room"].letters["event_reminder"].compose_all
    rows = desk.session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "event_reminder")).all()
    with statements(desk.app) as seen:
        assert len(written(desk.session, rows[:1], now=BEFORE)) == 1
    with statements(desk.app) as seen_for_all:
        told = written(desk.session, rows, now=BEFORE)
    assert (len(seen), len(seen_for_all)) == (3, 3)
    assert len({one.stencil for one in told.values()}) == 1
    assert len({tuple(one.blanks.values()) for one in told.values()}) == len(rows) == 3
    assert all(all(one.blanks.values()) and set(one.blanks) == {"name", "manage_url"} for one in told.values())
    later = written(desk.session, rows, now=BEFORE + timedelta(hours=15))
    assert {one.stencil for one in later.values()} != {one.stencil for one in told.values()}, "tomorrow became today"
    desk.talk.room = "Elsewhere"
    desk.session.flush()
    assert {one.stencil for one in written(desk.session, rows, now=BEFORE).values()} != {
        one.stencil for one in told.values()
    }


def test_own_words_reach_the_letter_and_change_its_stencil(desk: Desk) -> None:
    desk.rule(A.CONFIRMED, words="Bring a pen.", subject_line="Pens")
    desk.rule(A.CONFIRMED, offset=-2)
    desk.enter(desk.cast.alice)
    queue_due_reminders(desk.session, BEFORE)
    room = desk.app.extensions["mail_room"]
    rows = desk.session.scalars(select(OutboxMessage)).all()
    told = room.letters["event_reminder"].compose_all(desk.session, rows, now=BEFORE)
    kind, paper = room.letters["event_reminder"], Stationery()
    texts = [wording(kind, one.variables, room=room, stationery=paper).text for one in told.values()]
    assert sorted("Bring a pen." in text for text in texts) == [False, True]
    assert len({one.stencil for one in told.values()}) == 2


def test_how_to_join_online_is_told_to_those_who_take_part_alone(desk: Desk) -> None:
    desk.rule(A.WAITING)
    desk.rule(A.CONFIRMED)
    desk.enter(desk.cast.alice)
    desk.enter(desk.cast.bob, state=R.WAITLISTED)
    queue_due_reminders(desk.session, BEFORE)
    links = {}
    for row in desk.session.scalars(select(OutboxMessage)):
        kind = desk.app.extensions["mail_room"].letters[row.letter]
        links[row.recipient_name.split()[0]] = kind.compose(desk.session, row, now=BEFORE).variables["online_link"]
    assert links == {"Alice": "https://meet.example.ac.uk/x", "Bob": ""}
