"""Sending: the number confirmed, now or at a time, stopped where it may not go, taken back while it waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import BroadcastState, OutboxState
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.states import RegistrationState
from programme.flows.broadcasting import sending
from programme.people.identity import actor_of
from programme.people.models import RoleGrant
from programme.scheduler import run_due
from tests.factories import things
from tests.factories.cast import organiser
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import NOW, Evening

AT = NOW + timedelta(hours=3)


def state_of(session: Session, row: Broadcast) -> BroadcastState:
    session.rollback()
    session.expire_all()
    return session.get_one(Broadcast, row.id).state


def scheduled(evening: Evening) -> Broadcast:
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW, at=AT)
    evening.session.commit()
    return row


def test_sent_now_each_gets_one_letter_from_the_organisation(evening: Evening) -> None:
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    assert evening.written() == [("alice", "pending"), ("bob", "pending")]
    letter = evening.session.scalars(select(OutboxMessage)).first()
    assert letter is not None
    assert letter.dedup_key == f"broadcast:{row.id}:{letter.person_id}"
    assert (letter.letter, letter.sender_name) == ("broadcast", "University of Liverpool")
    assert letter.reply_to in {evening.cast.liverpool.contact_address, evening.cast.olga.address}
    assert (row.state, row.counted, row.queued_at) == (BroadcastState.QUEUED, 2, NOW)


def test_another_number_than_confirmed_is_told_and_nothing_goes(evening: Evening) -> None:
    row = evening.letter()
    things.registration(evening.session, to=evening.opening, who=evening.cast.ada)
    evening.session.commit()
    with pytest.raises(Refusal, match="It goes to 3 people, not to 2"):
        sending.send(evening.session, row.id, count=2, version=row.version, at=None, actor=evening.olga, now=NOW)
    assert evening.written() == []
    assert state_of(evening.session, row) is BroadcastState.DRAFT


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"count": 2, "version": 7}, "has changed this letter"),
        ({"count": 2, "at": NOW}, "has passed"),
        ({"count": 2, "at": NOW - timedelta(days=400)}, "has passed"),
    ],
)
def test_what_was_not_looked_at_or_is_past_is_refused(
    evening: Evening, given: dict[str, object], sentence: str
) -> None:
    row = evening.letter()
    with pytest.raises(Refusal, match=sentence):
        sending.send(
            evening.session,
            row.id,
            actor=evening.olga,
            now=NOW,
            **{"version": 1, "at": None, **given},  # type: ignore[arg-type]
        )


def test_letter_to_nobody_is_refused(evening: Evening) -> None:
    row = evening.letter(audience={"kind": "group", "group": 1})
    with pytest.raises(Refusal, match="would go to nobody"):
        sending.send(evening.session, row.id, count=0, version=1, at=None, actor=evening.olga, now=NOW)


def test_scheduled_letter_goes_at_its_time_to_whoever_belongs_to_it_then(app: Flask, evening: Evening) -> None:
    row = scheduled(evening)
    evening.bob.state = RegistrationState.CANCELLED
    things.registration(evening.session, to=evening.opening, who=evening.cast.ada)
    evening.session.commit()
    run_due(app, AT - timedelta(seconds=1))
    assert evening.written() == []
    run_due(app, AT)
    assert evening.written() == [("ada", "sent"), ("alice", "sent")]
    assert state_of(evening.session, row) is BroadcastState.QUEUED


def let_olga_go(evening: Evening) -> None:
    """Olga organises no more."""
    evening.session.execute(delete(RoleGrant).where(RoleGrant.person_id == evening.cast.olga.id))


def let_everybody_cancel(evening: Evening) -> None:
    """Nobody is left."""
    evening.alice.state = evening.bob.state = RegistrationState.CANCELLED


def forget_the_author(evening: Evening) -> None:
    """Olga has deleted her account."""
    for row in evening.session.scalars(select(Broadcast)):
        row.author_id = None


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (let_olga_go, "Olga Oakhurst, who wrote it, does not organise this any more."),
        (let_everybody_cancel, "Nobody was left to whom it would go."),
        (forget_the_author, "Whoever wrote it has no account any more."),
    ],
)
def test_what_may_not_go_is_stopped_with_the_reason(
    app: Flask, evening: Evening, happens: Callable[[Evening], None], because: str
) -> None:
    row = scheduled(evening)
    happens(evening)
    evening.session.commit()
    run_due(app, AT)
    assert state_of(evening.session, row) is BroadcastState.STOPPED
    assert evening.session.get_one(Broadcast, row.id).stopped_because == because
    assert [one for one in evening.written() if one[0] in {"alice", "bob"}] == []
    acts = evening.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_kind == "broadcast"))
    assert list(acts) == ["scheduled a broadcast", "stopped a broadcast"]


def test_letter_long_past_its_time_is_stopped_instead_of_sent(app: Flask, evening: Evening) -> None:
    row = scheduled(evening)
    run_due(app, AT + timedelta(hours=13))
    assert state_of(evening.session, row) is BroadcastState.STOPPED
    assert evening.written() == []


def test_stopped_letter_is_taken_over_by_a_colleague(app: Flask, evening: Evening) -> None:
    row = scheduled(evening)
    let_olga_go(evening)
    evening.session.commit()
    run_due(app, AT)
    with pytest.raises(Refusal, match="do not organise"):
        sending.reopen(evening.session, row.id, actor=actor_of(evening.cast.omar), now=AT)
    evening.session.rollback()
    somebody = organiser(evening.session, "Orla Other", "orla@liverpool.example.ac.uk", evening.cast.liverpool)
    row = sending.reopen(evening.session, row.id, actor=actor_of(somebody), now=AT)
    many.send(evening.session, row, by=actor_of(somebody), now=AT)
    evening.session.commit()
    assert [to for to, _ in evening.written()] == ["alice", "bob"]


def test_called_off_before_its_time_nothing_goes(app: Flask, evening: Evening) -> None:
    row = scheduled(evening)
    assert sending.call_off(evening.session, row.id, actor=evening.olga, now=NOW) == 0
    evening.session.commit()
    run_due(app, AT)
    assert evening.written() == []
    assert state_of(evening.session, row) is BroadcastState.CANCELLED


def test_letters_that_have_not_gone_are_taken_back_for_good(app: Flask, evening: Evening) -> None:
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    gone = evening.session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient)).first()
    assert gone is not None
    gone.state = OutboxState.SENT
    evening.session.commit()
    assert sending.call_off(evening.session, row.id, actor=evening.olga, now=NOW) == 1
    evening.session.commit()
    run_due(app, NOW)
    assert evening.written() == [("alice", "sent"), ("bob", "cancelled")]


def test_letter_taken_up_by_a_dispatcher_is_asked_about_once_more(app: Flask, evening: Evening) -> None:
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    for letter in evening.session.scalars(select(OutboxMessage)):
        letter.state = OutboxState.SENDING
    evening.session.commit()
    kind = app.extensions["mail_room"].letters["broadcast"]
    letters = evening.session.scalars(select(OutboxMessage)).all()
    assert kind.still_wanted(evening.session, letters, now=NOW) == {letter.id for letter in letters}
    sending.call_off(evening.session, row.id, actor=evening.olga, now=NOW)
    evening.session.commit()
    assert kind.still_wanted(evening.session, letters, now=NOW) == set()
    assert kind.compose(evening.session, letters[0], now=NOW) is None


def test_a_second_click_sends_nothing_more(evening: Evening) -> None:
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    with pytest.raises(Refusal, match="not a draft any more"):
        many.send(evening.session, row, by=evening.olga, now=NOW)
    assert len(evening.written()) == 2
