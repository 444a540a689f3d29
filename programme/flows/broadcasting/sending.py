"""Sending a broadcast: counted, confirmed, now or at its time, taken back; each person gets one letter, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, literal, select, update
from sqlalchemy.orm import selectinload

from programme.core.refusal import Refusal
from programme.core.web.words import moment, plural
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK, post_selected
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import BroadcastState, OutboxState
from programme.engines.mail.written import broadcasts
from programme.flows.broadcasting.audiences import NEWS, recipients, scope_of
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.mail.written.models import Broadcast
    from programme.people.permissions import Actor

BROADCAST = "broadcast"
LETTERS = {Purpose.SERVICE: BROADCAST, Purpose.MARKETING: "news"}
"""Which kind of letter a purpose makes."""

USEFUL_FOR = timedelta(days=2)
LATE_AT_MOST = timedelta(hours=12)
NOBODY = "This letter would go to nobody: choose other people."
PASSED = "That time has passed. Choose one to come, or send it now."
NOT_YOURS = "You do not organise this any more, so you cannot send letters for it."
WAITING = (OutboxState.PENDING, OutboxState.HELD)


def count_of(session: Session, row: Broadcast, *, now: datetime) -> int:
    """Return how many people a broadcast goes to, as things are."""
    return session.scalar(select(func.count()).select_from(recipients(row, now=now).subquery())) or 0


def send(
    session: Session,
    broadcast_id: int,
    *,
    count: int,
    version: int,
    at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Broadcast:
    """Send a draft now, or let it wait for `at`, once `count` and `version` are what its author looked at."""
    row = mine(session, broadcast_id, actor=actor)
    if row.state is not BroadcastState.DRAFT:
        raise Refusal("This letter is not a draft any more: look where it stands.")
    broadcasts.check_version(row, version)
    number = count_of(session, row, now=now)
    check_count(number, count)
    if at is not None and at <= now:
        raise Refusal(PASSED, field="at")
    row.counted, row.author_id = number, actor.person_id
    if at is not None:
        broadcasts.schedule(session, row, at, actor=actor, now=now)
    else:
        row.send_at = now
        broadcasts.let_go(session, row, letters=expand(session, row, now=now), actor_id=actor.person_id, now=now)
    session.flush()
    return row


def check_count(number: int, confirmed: int) -> None:
    """Refuse to write to nobody, and to another number of people than was confirmed."""
    if not number:
        raise Refusal(NOBODY, field="count")
    if number != confirmed:
        people = plural(number, "person", "people")
        raise Refusal(
            f"It goes to {people}, not to {confirmed:,}. Look at them again, then enter {number}.", field="count"
        )


def mine(session: Session, broadcast_id: int, *, actor: Actor) -> Broadcast:
    """Return a broadcast, locked, that the actor may decide about."""
    row = broadcasts.locked(session, broadcast_id)
    if row is None or not may(actor, Verb.DECIDE, scope_of(row)):
        raise Refusal(NOT_YOURS)
    return row


def go_if_due(session: Session, broadcast_id: int, *, now: datetime) -> int:
    """Put the letters of a broadcast whose time has come into the outbox, or stop it; return how many.

    Under the lock of its row: of several schedulers one does it, and whoever called it off before is heard.
    """
    row = broadcasts.locked(session, broadcast_id)
    return go(session, row, now=now) if row is not None else 0


def go(session: Session, row: Broadcast, *, now: datetime) -> int:
    """Let a locked broadcast go, if its time has come; return how many letters that makes."""
    if row.state is not BroadcastState.SCHEDULED or row.send_at is None or row.send_at > now:
        return 0
    because = obstacle(session, row, now=now)
    letters = 0 if because else expand(session, row, now=now)
    if letters:
        broadcasts.let_go(session, row, letters=letters, actor_id=row.author_id, now=now)
    else:
        broadcasts.stop(session, row, because or "Nobody was left to whom it would go.", now=now)
    session.flush()
    return letters


def obstacle(session: Session, row: Broadcast, *, now: datetime) -> str:
    """Say why a broadcast may not go; nothing where it may."""
    author = author_of(session, row)
    if author is None:
        return "Whoever wrote it has no account any more."
    if not may(actor_of(author), Verb.DECIDE, scope_of(row)):
        return f"{author.name or author.address}, who wrote it, does not organise this any more."
    if row.send_at is not None and now - row.send_at > LATE_AT_MOST:
        return f"It was to go {moment(row.send_at)}, and letters did not go out then: look whether it is still right."
    return ""


def author_of(session: Session, row: Broadcast) -> Person | None:
    """Return who answers for a broadcast, with the roles they hold now."""
    options = (selectinload(Person.grants), selectinload(Person.affiliations))
    found = select(Person).where(Person.id == row.author_id).options(*options).execution_options(populate_existing=True)
    return session.scalar(found)


def expand(session: Session, row: Broadcast, *, now: datetime) -> int:
    """Put one letter to each person into the outbox, in one statement; return how many are new."""
    return post_selected(session, letters_of(session, row, now=now))


def letters_of(session: Session, row: Broadcast, *, now: datetime) -> Select[Any]:
    """Select the outbox rows of a broadcast."""
    key = literal(f"{BROADCAST}:{row.id}:") + cast(Person.id, String)
    return select(
        key.label("dedup_key"),
        Person.address.label("recipient"),
        Person.name.label("recipient_name"),
        Person.id.label("person_id"),
        *[literal(value, column.type).label(column.key) for column, value in shared(session, row, now=now)],
    ).where(Person.id.in_(recipients(row, now=now)))


def shared(session: Session, row: Broadcast, *, now: datetime) -> list[tuple[Any, Any]]:
    """Return the columns that all letters of a broadcast have alike.

    Those to whoever asked for news belong to no organisation's outbox: their readers may be strangers to it.
    """
    table, (name, address) = OutboxMessage.__table__.c, sender_of(session, row)
    is_news = row.audience.get("kind") == NEWS
    return [
        (table.letter, LETTERS[row.purpose]),
        (table.organisation_id, None if is_news else row.organisation_id),
        (table.strand, row.strand),
        (table.subject_kind, BROADCAST),
        (table.subject_id, row.id),
        (table.context, {}),
        (table.sender_name, name[:200]),
        (table.reply_to, address),
        (table.state, OutboxState.PENDING),
        (table.priority, BULK),
        (table.created_at, now),
        (table.due_at, now),
        (table.valid_until, now + USEFUL_FOR),
    ]


def sender_of(session: Session, row: Broadcast) -> tuple[str, str]:
    """Return name and address of who answers: the organisation's shared mailbox, or its author's own."""
    organisation = session.get_one(Organisation, row.organisation_id)
    author = session.get(Person, row.author_id) if row.author_id else None
    return organisation.name, organisation.contact_address or (author.address if author else "")


def call_off(session: Session, broadcast_id: int, *, actor: Actor, now: datetime) -> int:
    """Call a broadcast off; letters that have not gone are taken back, and counted.

    Those that a dispatcher has taken up already are asked about once more before they go (`still_wanted`).
    """
    row = mine(session, broadcast_id, actor=actor)
    taken = take_back(session, row, now=now)
    broadcasts.call_off(session, row, taken_back=taken, actor=actor, now=now)
    session.flush()
    return taken


def take_back(session: Session, row: Broadcast, *, now: datetime) -> int:
    """Take back the letters that wait, in the order in which everybody locks them; return how many."""
    about = (OutboxMessage.subject_kind == BROADCAST, OutboxMessage.subject_id == row.id)
    waiting = select(OutboxMessage.id).where(*about, OutboxMessage.state.in_(WAITING))
    session.scalars(waiting.order_by(OutboxMessage.id).with_for_update()).all()
    taken = update(OutboxMessage).where(*about, OutboxMessage.state.in_(WAITING))
    done = taken.values(state=OutboxState.CANCELLED, withdrawn_at=now).returning(OutboxMessage.id)
    return len(session.execute(done.execution_options(synchronize_session=False)).all())


def reopen(session: Session, broadcast_id: int, *, actor: Actor, now: datetime) -> Broadcast:
    """Make a draft again of what waits or was stopped: for its author, or for whoever takes it over."""
    row = mine(session, broadcast_id, actor=actor)
    broadcasts.reopen(session, row, actor=actor, now=now)
    session.flush()
    return row
