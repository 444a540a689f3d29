"""Those who came are asked how it was by itself, after the end: once a person, whatever else asks them."""

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.feedback.actions import FEEDBACK, form_of, give
from programme.engines.registration.models import Opening, OpeningEvent, Registration
from programme.engines.registration.states import Attendance
from programme.engines.reminders import usual
from programme.engines.reminders.actions import Thing, Wish, change, remove
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit, ReminderRule
from programme.engines.reminders.outgoing import queueing
from programme.flows.door.asking_how_it_was import ask_those_who_came, begin_asking
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.feedback import FEEDBACKS
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import LONG_AGO
from tests.flows.reminding.desk import DAY, HOUR, Desk

PRESENT = Attendance.PRESENT


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Those who come to the talk are asked how it was; Alice comes, and Bob does not."""
    begin_asking(desk.session, desk.opening, now=LONG_AGO)
    for who, mark in ((desk.cast.alice, PRESENT), (desk.cast.bob, Attendance.ABSENT)):
        desk.enter(who).seats[0].attendance = mark
    desk.session.commit()
    return desk


def rule_of(desk: Desk) -> ReminderRule:
    found = select(ReminderRule).where(ReminderRule.subject_kind == FEEDBACK, ReminderRule.is_active)
    return desk.session.scalars(found).one()


def alice(desk: Desk) -> Registration:
    return desk.session.scalars(select(Registration).where(Registration.person_id == desk.cast.alice.id)).one()


def test_whoever_came_is_asked_a_day_after_the_end_once(asked: Desk) -> None:
    due = asked.talk.ends_at + DAY
    assert asked.told(due - HOUR) == []
    assert asked.told(due + HOUR) == ["Alice"]
    assert asked.still(due + HOUR) == 1
    assert asked.told(due + 3 * DAY) == ["Alice"]


def test_whoever_is_marked_late_is_asked_while_it_is_of_use_and_not_afterwards(asked: Desk) -> None:
    due = asked.talk.ends_at + DAY
    asked.told(due + HOUR)
    late = asked.enter(asked.cast.charlie)
    late.seats[0].attendance = PRESENT
    assert asked.told(due + 2 * DAY) == ["Alice", "Charlie"]
    other = asked.session.scalars(select(Registration).where(Registration.person_id == asked.cast.bob.id)).one()
    other.seats[0].attendance = PRESENT
    assert asked.told(due + 8 * DAY) == ["Alice", "Charlie"], "a week later nobody remembers"


def test_a_button_and_the_timer_ask_once_between_them(asked: Desk) -> None:
    actor, due = actor_of(asked.cast.omar), asked.talk.ends_at + DAY
    assert ask_those_who_came(asked.session, asked.opening, actor=actor, now=due - HOUR) == 1
    assert asked.told(due + HOUR) == ["Alice"], "the timer leaves out whom the button asked"
    charlie = asked.enter(asked.cast.charlie)
    charlie.seats[0].attendance = PRESENT
    assert asked.told(due + 2 * HOUR) == ["Alice", "Charlie"]
    assert ask_those_who_came(asked.session, asked.opening, actor=actor, now=due + DAY) == 0
    assert asked.still(due + DAY) == 2


def test_whoever_has_said_something_is_not_asked(asked: Desk) -> None:
    due = asked.talk.ends_at + DAY
    form = form_of(asked.session, asked.opening.id)
    assert form is not None
    says = {one.id: "Very good" for one in asked_by(form.questionnaire) if one.label == "How was it?"}
    asked.told(due + HOUR)
    give(asked.session, alice(asked).id, says)
    assert asked.still(due + 2 * HOUR) == 0


def test_of_several_events_the_last_one_counts_and_a_date_to_come_holds_it(asked: Desk) -> None:
    later = things.event(asked.session, lead=asked.cast.oxford, starts_at=asked.talk.starts_at + 7 * DAY)
    asked.session.add(OpeningEvent(opening_id=asked.opening.id, event_id=later.id))
    asked.session.flush()
    assert asked.told(asked.talk.ends_at + 2 * DAY) == []
    later.date_is_known = False
    assert asked.told(later.ends_at + 2 * DAY) == []
    later.date_is_known = True
    assert asked.told(later.ends_at + 2 * DAY) == ["Alice"]


@pytest.mark.one_database
def test_of_what_was_called_off_nobody_is_asked(asked: Desk) -> None:
    asked.talk.state = EventState.CANCELLED
    assert asked.told(asked.talk.ends_at + 2 * DAY) == []


def test_moved_after_it_was_queued_it_goes_after_the_new_end_and_once(asked: Desk) -> None:
    due = asked.talk.ends_at + DAY
    asked.told(due + HOUR)
    asked.talk.ends_at += 3 * DAY
    asked.session.flush()
    assert asked.still(due + HOUR) == 0
    row = asked.session.scalars(select(OutboxMessage)).one()
    row.state = OutboxState.CANCELLED  # as the dispatcher does with what is not wanted any more
    asked.session.flush()
    assert asked.told(due + 3 * DAY + HOUR) == ["Alice"]
    asked.session.expire_all()
    assert asked.still(due + 3 * DAY + HOUR) == 1


def test_organisers_choose_another_time_and_nobody_is_asked_a_second_time(asked: Desk) -> None:
    due, thing = asked.talk.ends_at + DAY, Thing(FEEDBACKS, asked.opening.id, asked.cast.oxford.id)
    actor = actor_of(asked.cast.omar)
    asked.told(due + HOUR)
    asked.session.scalars(select(OutboxMessage)).one().state = OutboxState.SENT
    wish = Wish(anchor=Anchor.END, offset=3, audience=Audience.PRESENT)
    changed = change(asked.session, rule_of(asked), thing, wish, actor=actor, now=due + HOUR)
    assert asked.told(due + 3 * DAY) == ["Alice"]
    remove(asked.session, changed, thing, actor=actor, now=due + 3 * DAY)
    charlie = asked.enter(asked.cast.charlie)
    charlie.seats[0].attendance = PRESENT
    assert asked.told(due + 4 * DAY) == ["Alice"]
    with pytest.raises(Refusal):
        change(
            asked.session,
            changed,
            thing,
            Wish(anchor=Anchor.END, offset=-1, audience=Audience.PRESENT),
            actor=actor,
            now=due,
        )


def test_what_is_usual_is_chosen_for_each_strand(desk: Desk) -> None:
    wish = Wish(anchor=Anchor.END, unit=OffsetUnit.HOURS, offset=3, audience=Audience.PRESENT)
    usual.add(desk.session, FEEDBACKS, wish, strand=desk.opening.strand, actor=NOBODY, now=LONG_AGO)
    begin_asking(desk.session, desk.opening, now=LONG_AGO)
    assert (rule_of(desk).offset, rule_of(desk).unit) == (3, OffsetUnit.HOURS)
    begin_asking(desk.session, desk.opening, now=LONG_AGO)
    assert rule_of(desk).offset == 3, "a second time changes nothing"


def letters(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def at_once(desk: Desk) -> list[BaseException]:
    """Press the button while the timer strikes, each in a transaction of its own."""
    engine, opening_id, failed = desk.session.get_bind(), desk.opening.id, list[BaseException]()
    now, actor = desk.talk.ends_at + DAY + HOUR, actor_of(desk.cast.omar)
    desk.session.rollback()
    ready = threading.Barrier(2, timeout=30)

    def runs(act: object) -> None:
        try:
            with Session(engine) as own:
                ready.wait()
                begin_writing(own)
                act(own)  # type: ignore[operator]
                own.commit()
        except BaseException as error:  # noqa: BLE001  a failure in a thread is one of the test
            failed.append(error)

    def presses(own: Session) -> None:
        ask_those_who_came(own, own.get_one(Opening, opening_id), actor=actor, now=now)

    acts = [presses, lambda own: queue_due_reminders(own, now)]
    threads = [threading.Thread(target=runs, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return failed


def test_the_button_and_the_timer_at_the_same_moment_queue_one_letter(asked: Desk) -> None:
    for _ in range(5):
        assert at_once(asked) == []
        assert letters(asked.session) == 1
        asked.session.query(OutboxMessage).delete()
        asked.session.commit()


def test_without_the_key_that_both_share_two_letters_are_queued(asked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "key_within", lambda due, found: queueing.key_of(due, found.selected_columns["who"]))
    monkeypatch.setattr("programme.flows.subjects.feedback.was_asked_otherwise", lambda _, due: due.c.rule_id.is_(None))
    assert at_once(asked) == []
    assert letters(asked.session) == 2
