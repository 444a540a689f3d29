"""What people decide about answers of calendars: take back what they gave back, let one count, put it aside."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.models import Opening
from programme.engines.registration.replies.queries import waiting_for
from programme.flows.registering import cancel_registration
from programme.flows.replying.returning import take_place_back
from programme.flows.replying.tray import apply_reply, dismiss_reply
from programme.people.identity import actor_of
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, letters, states
from tests.flows.replying.conftest import ANNA, BEN, CLEO, LATER, Reply, answers, tray


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


def test_who_skipped_a_date_by_calendar_and_cancelled_in_the_browser_registers_again(
    session: Session, people: Cast, enter: Enter, reply: Reply
) -> None:
    weeks = [things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(weeks=n)) for n in range(2)]
    opening = things.opening(session, events=weeks, capacity=2)
    session.commit()
    anna = enter(opening, ANNA).registration
    reply("outlook_com_declined", opening, ANNA, letter_of=anna, event=weeks[1])
    cancel_registration(session, anna.id, now=LATER)
    session.commit()
    with pytest.raises(Refusal, match="not given back by your calendar"):
        take_place_back(session, anna.id, now=LATER)


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


def test_an_older_reply_in_the_tray_does_not_take_the_place_of_what_they_answered_since(
    session: Session, people: Cast, opening: Opening, enter: Enter, reply: Reply
) -> None:
    anna = enter(opening, ANNA).registration
    reply("zimbra_declined", opening, ANNA)
    (declined,) = tray(session)
    since = LATER + timedelta(hours=1)
    reply("thunderbird_accepted", opening, ANNA, letter_of=anna, at=since, stamp=f"{since:%Y%m%dT%H%M%SZ}")
    assert answers(session) == {ANNA: Answer.ACCEPTED.value}
    with pytest.raises(Refusal, match="answered otherwise since"):
        apply_reply(session, declined, actor=actor_of(people.omar), now=since)
    session.rollback()
    assert states(session) == {ANNA: "confirmed"}
    assert dismiss_reply(session, declined, actor=actor_of(people.omar), now=since)


def test_a_reply_about_an_event_without_registration_waits_for_an_administrator(
    session: Session, people: Cast, opening: Opening, reply: Reply
) -> None:
    open_to_all = things.event(session, lead=people.oxford)
    session.commit()
    reply("zimbra_declined", opening, ANNA, event=open_to_all)
    (odd,) = tray(session)
    assert odd.event_id == open_to_all.id
    assert waiting_for(session, actor_of(people.omar)) == 0
    assert waiting_for(session, actor_of(people.ada)) == 1
