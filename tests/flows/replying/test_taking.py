"""Answers of calendars on a database: the roll shows them, places are given back, what is odd waits for people."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.replies.reading import Answer
from programme.engines.calendar.states import EventState
from programme.engines.mail.addresses.models import InboxMessage
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.addresses.taking_in import Taken, take_in
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.engines.registration.replies.states import TrayState
from programme.flows.registering import cancel_registration
from programme.flows.replying.returning import take_place_back
from programme.flows.replying.tray import apply_reply, dismiss_reply
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, letters, states
from tests.flows.replying import replies

ANNA, BEN, CLEO = "anna@example.org", "ben@example.org", "cleo@example.org"
LATER = NOW + timedelta(hours=2)
Reply = Callable[..., Taken]


@pytest.fixture
def reply(app: Flask, session: Session) -> Reply:
    """An answer comes: of a shape, about an event, for an address, naming the newest letter of a registration."""
    room = app.extensions["mail_room"]

    def came(
        shape: str, opening: Opening, address: str, *, letter_of: Registration | None = None, **given: Any
    ) -> Taken:
        event = given.pop("event", opening.events[0])
        at: datetime = given.pop("at", LATER)
        is_again = given.pop("again", False)
        uid = f"event-{event.id}@programme.example.ac.uk"
        unknown = given.pop("key", "<unknown@programme.example>")
        key = name_of(session, letter_of) if letter_of else unknown
        given = {"stamp": f"{NOW + timedelta(hours=1):%Y%m%dT%H%M%SZ}", "sequence": str(event.sequence), **given}
        raw = replies.message(shape, uid=uid, key=key, attendee=address, **given)
        raw = raw.replace(b"mx.programme.example", b"mx.programme.example.ac.uk")
        raw = b"X-Came: again\r\n" + raw if is_again else raw
        taken = take_in(session, raw, room=room, now=at)
        session.commit()
        return taken

    return came


def name_of(session: Session, row: Registration) -> str:
    """The name of the newest letter about a registration, as it goes out."""
    about = (OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == row.id)
    letter = session.scalars(select(OutboxMessage).where(*about).order_by(OutboxMessage.id.desc())).first()
    assert letter is not None
    letter.message_id = letter.message_id or f"<letter-{letter.id}@programme.example.ac.uk>"
    session.flush()
    return letter.message_id


def answers(session: Session) -> dict[str, str]:
    """What the roll shows, by address."""
    rows = select(Registration.address, SeatReply.answer).join(Seat, Seat.registration_id == Registration.id)
    return {address: answer.value for address, answer in session.execute(rows.join(SeatReply))}


def tray(session: Session) -> list[OddReply]:
    """What waits for people."""
    return list(session.scalars(select(OddReply).where(OddReply.state == TrayState.WAITING).order_by(OddReply.id)))


def meanings(session: Session) -> list[Meaning]:
    """What came in."""
    return list(session.scalars(select(InboxMessage.meaning).order_by(InboxMessage.id)))


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


def test_a_declined_date_of_a_series_is_skipped_and_one_of_a_choice_is_not_chosen_any_more(
    session: Session, people: Cast, enter: Enter, reply: Reply
) -> None:
    weeks = [things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(weeks=n)) for n in range(3)]
    opening = things.opening(session, events=weeks, capacity=2)
    session.commit()
    anna = enter(opening, ANNA).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=anna, event=weeks[1])
    session.expire_all()
    assert [seat.state.value for seat in anna.seats] == ["held", "skipped", "held"]
    assert states(session) == {ANNA: "confirmed"}
    assert letters(session)[-1] == ("weeks_changed", ANNA)


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


def test_a_place_given_back_is_taken_back_where_it_is_free(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=anna)
    for _ in range(2):
        take_place_back(session, anna.id, now=LATER + timedelta(days=1))
        session.commit()
    assert states(session) == {ANNA: "confirmed"}
    assert letters(session)[-1] == ("registration_confirmed", ANNA)
    assert len(letters(session)) == 3
    newer = f"{LATER + timedelta(days=1):%Y%m%dT%H%M%SZ}"
    later = {"letter_of": anna, "at": LATER + timedelta(days=2), "stamp": newer}
    reply("exchange_on_premises_declined", opening, ANNA, **later)
    assert states(session) == {ANNA: "confirmed"}, "it answers what they were told before"
    reply("exchange_on_premises_declined", opening, ANNA, **later, sequence="9")
    assert states(session) == {ANNA: "cancelled"}


def test_a_place_that_is_gone_puts_whoever_wants_it_back_first_on_the_list(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna, ben = enter(opening, ANNA).registration, enter(opening, BEN, now=NOW + timedelta(minutes=1)).registration
    enter(opening, CLEO, now=NOW + timedelta(minutes=2))
    reply("outlook_com_declined", opening, ANNA, letter_of=anna)
    take_place_back(session, anna.id, now=LATER)
    session.commit()
    assert states(session) == {ANNA: "waitlisted", BEN: "confirmed", CLEO: "waitlisted"}
    cancel_registration(session, ben.id, now=LATER)
    session.commit()
    assert states(session) == {ANNA: "confirmed", BEN: "cancelled", CLEO: "waitlisted"}


def test_only_what_a_calendar_gave_back_is_taken_back_and_not_for_ever(
    session: Session, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=anna)
    with pytest.raises(Refusal, match="7 days"):
        take_place_back(session, anna.id, now=LATER + timedelta(days=7))
    session.rollback()
    enter(opening, ANNA, now=LATER)
    with pytest.raises(Refusal, match="registered again"):
        take_place_back(session, anna.id, now=LATER)
    session.rollback()
    ben = enter(opening, BEN).registration
    cancel_registration(session, ben.id, now=LATER)
    with pytest.raises(Refusal, match="not given back by your calendar"):
        take_place_back(session, ben.id, now=LATER)


def test_an_organiser_lets_a_reply_count_or_puts_it_aside_once(
    session: Session, people: Cast, opening: Opening, enter: Enter, reply: Reply
) -> None:
    enter(opening, ANNA)
    enter(opening, BEN)
    reply("zimbra_declined", opening, ANNA)
    reply("counter", opening, ANNA)
    declined, counter = tray(session)
    omar = actor_of(people.omar)
    with pytest.raises(Refusal, match="no answer that a roll can show"):
        apply_reply(session, counter, actor=omar, now=LATER)
    session.rollback()
    assert apply_reply(session, declined, actor=omar, now=LATER)
    assert dismiss_reply(session, counter, actor=omar, now=LATER)
    session.commit()
    assert not apply_reply(session, declined, actor=omar, now=LATER)
    assert not dismiss_reply(session, counter, actor=omar, now=LATER)
    session.commit()
    assert states(session) == {ANNA: "cancelled", BEN: "confirmed"}
    assert letters(session)[-2:] == [("place_given_back", ANNA), ("registration_promoted", BEN)]
    assert answers(session) == {ANNA: Answer.DECLINED.value}
    assert tray(session) == []


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
