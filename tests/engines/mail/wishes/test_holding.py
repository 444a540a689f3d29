"""What may not go yet when letters are taken up: reminders wait for the day's letter, quiet hours hold the rest."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.addresses.suppression.trying_again import send_again
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK, URGENT, Post, Recipient, post
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.wishes.holding import hold_back
from programme.people.identity import actor_of
from tests.bed.databases import statements
from tests.factories.cast import Cast, assemble

NIGHT = datetime(2027, 1, 12, 23, tzinfo=UTC)
SEVEN = datetime(2027, 1, 13, 7, tzinfo=UTC)
PRIVATE = frozenset({"sign_in"})


def queue(session: Session, cast: Cast, key: str, **given: object) -> OutboxMessage:
    values = {"letter": "event_reminder", "priority": BULK, "due_at": NIGHT, **given}
    recipient = Recipient(cast.alice.address, cast.alice.name, cast.alice.id)
    post(session, Post(key=key, recipient=recipient, subject=("trial", 1), **values), now=NIGHT)  # type: ignore[arg-type]
    return session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == key)).one()


def held(session: Session, *rows: OutboxMessage, now: datetime = NIGHT) -> list[tuple[str, OutboxState, datetime]]:
    ids = hold_back(session, rows, private=PRIVATE, now=now)
    return [(row.dedup_key, row.state, row.due_at) for row in rows if row.id in ids]


def test_without_a_choice_everything_goes_at_once(session: Session) -> None:
    cast = assemble(session)
    assert held(session, queue(session, cast, "a", rule_id=1), queue(session, cast, "b")) == []


def test_quiet_hours_hold_what_is_neither_urgent_nor_private(session: Session) -> None:
    cast = assemble(session)
    choose(session, cast.alice.id, Wishes(quiet_from=21 * 60, quiet_until=7 * 60), now=NIGHT)
    rows = [
        queue(session, cast, "bulk"),
        queue(session, cast, "urgent", priority=URGENT),
        queue(session, cast, "private", letter="sign_in"),
        queue(session, cast, "useless by then", valid_until=NIGHT + timedelta(hours=2)),
    ]
    assert held(session, *rows) == [("bulk", OutboxState.PENDING, SEVEN)]
    assert held(session, *rows, now=SEVEN) == []


def test_reminders_wait_for_the_letter_of_the_day_once(session: Session) -> None:
    cast = assemble(session)
    choose(session, cast.alice.id, Wishes(wants_digest=True), now=NIGHT)
    reminder, other = queue(session, cast, "reminder", rule_id=1), queue(session, cast, "other")
    soon = queue(session, cast, "soon", rule_id=1, valid_until=SEVEN)
    assert held(session, reminder, other, soon) == [("reminder", OutboxState.HELD, SEVEN)]
    let_out = queue(session, cast, "let out", rule_id=1, due_at=SEVEN)
    tried = queue(session, cast, "tried", rule_id=1)
    tried.attempts = 1
    assert held(session, let_out, tried, now=SEVEN + timedelta(minutes=3)) == []


def test_a_reminder_sent_once_more_waits_for_no_letter_of_the_day(session: Session) -> None:
    cast = assemble(session)
    choose(session, cast.alice.id, Wishes(wants_digest=True), now=NIGHT)
    went = queue(session, cast, "reminder", rule_id=1)
    went.state = OutboxState.SENT
    send_again(session, went, note="The room was wrong.", actor=actor_of(cast.olga), now=NIGHT)
    copy = session.scalars(select(OutboxMessage).where(OutboxMessage.id != went.id)).one()
    assert copy.rule_id == went.rule_id
    assert held(session, copy) == []


def test_one_query_asks_for_the_choices_of_many(session: Session, app: object) -> None:
    cast = assemble(session)
    choose(session, cast.alice.id, Wishes(wants_digest=True), now=NIGHT)
    rows = [queue(session, cast, f"r{number}", rule_id=1) for number in range(30)]
    session.flush()
    with statements(app) as seen:  # type: ignore[arg-type]
        hold_back(session, rows, private=PRIVATE, now=NIGHT)
    assert len(seen) == 1
