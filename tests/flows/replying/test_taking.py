"""Answers of calendars on a database: the roll shows them, places are given back, what is odd waits for people."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.states import EventState
from programme.engines.mail.addresses.models import InboxMessage
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.addresses.taking_in import Taken, take_in
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening
from programme.engines.registration.states import SeatState
from programme.flows.registering import SignUp, cancel_registration, sign_up
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, letters, states
from tests.flows.replying import replies
from tests.flows.replying.conftest import ANNA, BEN, CLEO, LATER, Reply, answers, meanings, name_of, tray


def test_a_declined_place_is_given_back_as_if_cancelled_in_the_browser(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna, _ = enter(opening, ANNA).registration, enter(opening, BEN)
    taken = reply("outlook_com_declined", opening, ANNA, letter_of=anna)
    assert (taken.meaning, meanings(session)) == (Meaning.REPLY, [Meaning.REPLY])
    assert states(session) == {ANNA: "cancelled", BEN: "confirmed"}
    assert letters(session)[-2:] == [("place_given_back", ANNA), ("registration_promoted", BEN)]
    assert answers(session) == {ANNA: "declined"}
    assert tray(session) == []


def test_the_same_answer_twice_and_an_older_one_change_nothing(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    reply("microsoft_365_tentative", opening, ANNA, letter_of=anna)
    assert answers(session) == {ANNA: "tentative"}
    older = f"{NOW:%Y%m%dT%H%M%SZ}"
    assert reply("outlook_com_declined", opening, ANNA, letter_of=anna, stamp=older).meaning is Meaning.REPLY
    assert (states(session), answers(session)) == ({ANNA: "confirmed"}, {ANNA: "tentative"})
    reply("outlook_com_declined", opening, ANNA, letter_of=anna)
    queued = len(letters(session))
    for _ in range(2):
        reply("outlook_com_declined", opening, ANNA, letter_of=anna)
        reply("exchange_on_premises_declined", opening, ANNA, letter_of=anna)
    assert len(letters(session)) == queued
    assert tray(session) == []
    assert states(session) == {ANNA: "cancelled"}


def test_an_answer_shows_on_the_roll_by_its_address_alone(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    enter(opening, ANNA)
    sequence = opening.events[0].sequence
    reply("thunderbird_accepted", opening, ANNA.upper())
    assert answers(session) == {ANNA: "accepted"}
    assert opening.events[0].sequence == sequence


def test_an_automatic_answer_is_no_absence(session: Session, opening: Opening, enter: Enter, reply: Reply) -> None:
    anna = enter(opening, ANNA).registration
    assert reply("auto_submitted", opening, ANNA, letter_of=anna).meaning is Meaning.REPLY
    assert states(session) == {ANNA: "cancelled"}


def test_what_nobody_can_be_shown_to_have_said_waits_for_the_organisers(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna, ben = enter(opening, ANNA).registration, enter(opening, BEN).registration
    reply("zimbra_declined", opening, ANNA)
    reply("zimbra_declined", opening, ANNA, at=LATER + timedelta(minutes=1), again=True)
    reply("alias_without_key", opening, ANNA)
    reply("counter", opening, BEN, letter_of=ben)
    assert states(session) == {ANNA: "confirmed", BEN: "waitlisted"}
    assert [(row.registration_id, row.said) for row in tray(session)] == [
        (anna.id, "declined"),
        (None, "accepted"),
        (ben.id, "tentative"),
    ]
    assert answers(session) == {}


def test_the_key_of_one_person_is_none_for_another(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    enter(opening, ANNA)
    elsewhere = things.opening(session, events=[things.event(session, lead=opening.lead_organisation)])
    session.commit()
    mallory = enter(elsewhere, CLEO).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=mallory)
    assert states(session)[ANNA] == "confirmed"
    assert [row.why for row in tray(session)] == [
        "Nothing shows that this comes from them: it names no letter of ours, and our mail host does not vouch for it."
    ]


def test_the_letter_that_told_of_a_change_is_a_key_of_that_event_alone(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    told = session.scalars(select(OutboxMessage)).one()
    told.subject_kind, told.subject_id, told.message_id = "event", opening.events[0].id + 1, "<told@programme.example>"
    session.commit()
    reply("alias_with_key", opening, "anna.a@elsewhere.example", key="<told@programme.example>")
    assert states(session) == {ANNA: "confirmed"}
    told.subject_id = opening.events[0].id
    session.commit()
    reply("alias_with_key", opening, "anna.a@elsewhere.example", key="<told@programme.example>", again=True)
    assert states(session) == {ANNA: "cancelled"}
    assert anna.state.value == "cancelled"


def test_what_was_taken_in_and_not_marked_is_known_again(
    app: Flask, session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    key = name_of(session, anna)
    assert reply("comment", opening, ANNA, key=key) == Taken(Meaning.REPLY)
    assert reply("comment", opening, ANNA, key=key) == Taken(Meaning.REPLY, is_new=False)


def test_answers_to_what_is_none_of_ours_are_kept_and_letters_of_people_are_left_to_them(
    app: Flask, session: Session, opening: Opening, enter: Enter
) -> None:
    enter(opening, ANNA)
    room = app.extensions["mail_room"]
    assert take_in(session, replies.message("comment", uid="lunch@x"), room=room, now=LATER).meaning is Meaning.REPLY
    request = replies.message("comment", uid="lunch@y").replace(b"REPLY", b"REQUEST")
    assert take_in(session, request, room=room, now=LATER).meaning is Meaning.UNKNOWN
    assert take_in(session, b"Subject: Dear all\r\n\r\nx", room=room, now=LATER).meaning is Meaning.UNKNOWN
    session.commit()
    assert [(row.event_id, row.registration_id, row.uid) for row in tray(session)] == [(None, None, "lunch@x")]


def test_a_declined_date_of_a_series_is_skipped(session: Session, people: Cast, enter: Enter, reply: Reply) -> None:
    weeks = [things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(weeks=n)) for n in range(3)]
    opening = things.opening(session, events=weeks, capacity=2)
    session.commit()
    anna = enter(opening, ANNA).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=anna, event=weeks[1])
    session.expire_all()
    assert [seat.state.value for seat in anna.seats] == ["held", "skipped", "held"]
    assert states(session) == {ANNA: "confirmed"}
    assert letters(session)[-1] == ("weeks_changed", ANNA)


@pytest.mark.parametrize("may_choose_fewer", [True, False])
def test_a_declined_event_is_not_chosen_any_more_where_one_may_choose_fewer(
    session: Session, people: Cast, reply: Reply, *, may_choose_fewer: bool
) -> None:
    events = [things.event(session, lead=people.oxford, title=f"Part {number}") for number in range(3)]
    opening = things.opening(session, events=events, chooses=2, may_choose_fewer=may_choose_fewer)
    session.commit()
    chosen = frozenset(event.id for event in events[:2])
    sent = SignUp(name="Anna", address=ANNA, organisation_id=None, answers={}, form_key="1", choice=chosen)
    anna = sign_up(session, opening.id, sent, actor=NOBODY, now=NOW).registration
    session.commit()
    reply("outlook_com_declined", opening, ANNA, letter_of=anna, event=events[0])
    session.expire_all()
    held = {seat.event_id for seat in anna.seats if seat.state is SeatState.HELD}
    assert states(session) == {ANNA: "confirmed"}
    if may_choose_fewer:
        assert (held, tray(session), answers(session)) == ({events[1].id}, [], {ANNA: "declined"})
    else:
        assert (held, answers(session)) == (set(chosen), {})
        assert [row.why for row in tray(session)] == ["They decline, and that cannot be done by itself: “Choose two.”"]


def test_what_is_over_or_called_off_is_left_aside(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=anna, at=opening.events[0].ends_at)
    opening.events[0].state = EventState.CANCELLED
    session.commit()
    reply("comment", opening, ANNA, letter_of=anna)
    assert (states(session), tray(session), answers(session)) == ({ANNA: "confirmed"}, [], {})
    assert [row.detail for row in session.scalars(select(InboxMessage).order_by(InboxMessage.id))] == [
        "Left aside: The event is over.",
        "Left aside: The event is cancelled.",
    ]


def test_an_offer_that_is_declined_goes_to_whoever_is_next(
    session: Session, people: Cast, enter: Enter, reply: Reply
) -> None:
    events = [things.event(session, lead=people.oxford)]
    opening = things.opening(session, events=events, capacity=1, offer_hours=48)
    session.commit()
    anna, ben = enter(opening, ANNA).registration, enter(opening, BEN).registration
    cancel_registration(session, anna.id, now=NOW)
    session.commit()
    reply("outlook_com_declined", opening, BEN, letter_of=ben, sequence="9")
    assert states(session) == {ANNA: "cancelled", BEN: "cancelled"}
    assert letters(session)[-1] == ("offer_let_go", BEN)
