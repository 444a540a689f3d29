"""The reminders of a day in one letter: gathered when its time has come, one letter a person and day in London."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import bindparam, select, update

from programme.core.transitions import move
from programme.engines.mail.addresses.suppression.suppressing import suppressed_among
from programme.engines.mail.composing import is_database_away
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.wishes.choices import wishes_of
from programme.engines.mail.wishes.quiet import day_of, waits_for_digest
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.mail.wishes.choices import Wishes

log = structlog.get_logger(__name__)

DIGEST = "digest"
LINKS = ("manage_url", "url", "event_url")
"""Where a letter tells its reader to go, the first that there is."""


def due_people(session: Session, now: datetime) -> Sequence[int]:
    """Return the people whose held reminders wait no longer."""
    return session.scalars(people_waiting(), {"now": now}).all()


@cache
def people_waiting() -> Select[int]:
    """Return how to find those people: built once, as it is asked every minute and nearly always finds nobody."""
    waits = (OutboxMessage.state == OutboxState.HELD, OutboxMessage.due_at <= bindparam("now"))
    found = select(OutboxMessage.person_id).where(*waits, OutboxMessage.person_id.is_not(None)).distinct()
    return found.order_by(OutboxMessage.person_id)  # type: ignore[return-value]


def bundle(session: Session, person_id: int, now: datetime, *, kinds: Mapping[str, Letter]) -> int:
    """Put somebody's held reminders whose time has come into one letter; return how many waited.

    A single one goes as itself, and so does what has no place in that letter: delivery says why it does not go.
    Under the lock of the rows: of several schedulers one does it.
    """
    rows = held_rows(session, person_id, now=now)
    useful = [row for row in rows if row.valid_until is None or row.valid_until > now]
    for row in rows:
        if row not in useful:
            move(row, OutboxState.EXPIRED, moves=OUTBOX_MOVES)
    unfit = unfit_among(session, [row for row in useful if row.letter in kinds], kinds, now=now)
    told = [row for row in useful if row.id not in unfit]
    let_out([row for row in useful if row.id in unfit])
    if len(told) == 1:
        let_out(told)
    elif told:
        gather(session, person_id, told, now=now)
    session.flush()
    return len(rows)


def unfit_among(
    session: Session, rows: Sequence[OutboxMessage], kinds: Mapping[str, Letter], *, now: datetime
) -> set[int]:
    """Return which reminders have no place in the letter of a day: declined, not wanted, or not to be asked for."""
    ids = {row.id for row in rows}
    try:
        with session.begin_nested():
            wanted = wanted_ids(session, rows, kinds, now=now)
    except Exception as error:
        if is_database_away(error):
            raise
        log.exception("reminders_cannot_be_asked_for")
        return ids
    return (ids - wanted) | suppressed_among(session, rows, kinds, now).keys()


def held_rows(session: Session, person_id: int, *, now: datetime) -> Sequence[OutboxMessage]:
    """Return somebody's held reminders whose time has come, locked."""
    waits = (OutboxMessage.state == OutboxState.HELD, OutboxMessage.due_at <= now)
    statement = select(OutboxMessage).where(OutboxMessage.person_id == person_id, *waits).order_by(OutboxMessage.id)
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).all()


def let_out(rows: Sequence[OutboxMessage]) -> None:
    """Let reminders go as themselves; their time stays what it was, by which they are not held again."""
    for row in rows:
        move(row, OutboxState.PENDING, moves=OUTBOX_MOVES)


def gather(session: Session, person_id: int, rows: Sequence[OutboxMessage], *, now: datetime) -> None:
    """Put several reminders into the letter of their day.

    Where that has gone already (the clock went back) they wait for the next one, or go as themselves where that would
    be too late. Whoever wants no such letter any more gets each as itself.
    """
    wishes = wishes_of(session, person_id)
    if not wishes.wants_digest:
        let_out(rows)
        return
    day, person = day_of(max(row.due_at for row in rows)), session.get_one(Person, person_id)
    if post(session, digest_for(person, f"{DIGEST}:{person_id}:{day.isoformat()}", rows), now=now):
        made = select(OutboxMessage.id).where(OutboxMessage.dedup_key == f"{DIGEST}:{person_id}:{day.isoformat()}")
        take_in(session, rows, session.scalars(made).one())
    else:
        put_off(rows, wishes, now=now)


def digest_for(person: Person, key: str, rows: Sequence[OutboxMessage]) -> Post:
    """Return the day's letter: of use as long as the last of what it tells of."""
    ends = [row.valid_until for row in rows]
    known = [end for end in ends if end is not None]
    return Post(
        letter=DIGEST,
        key=key,
        recipient=Recipient(person.address, person.name, person.id),
        subject=("person", person.id),
        valid_until=max(known) if len(known) == len(ends) else None,
        priority=USUAL,
    )


def take_in(session: Session, rows: Sequence[OutboxMessage], digest_id: int) -> None:
    """Note that reminders go in a letter of the day."""
    for row in rows:
        move(row, OutboxState.BUNDLED, moves=OUTBOX_MOVES)
    ids = [row.id for row in rows]
    session.flush()
    session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(digest_id=digest_id))


def put_off(rows: Sequence[OutboxMessage], wishes: Wishes, *, now: datetime) -> None:
    """Let reminders wait for the next day's letter, or go as themselves where that is too late."""
    just_after = max(now, *(row.due_at for row in rows)) + timedelta(microseconds=1)
    for row in rows:
        later = waits_for_digest(wishes, due=just_after, valid_until=row.valid_until)
        if later is None:
            let_out([row])
        else:
            row.due_at = later


def compose(session: Session, message: OutboxMessage, *, now: datetime, kinds: Mapping[str, Letter]) -> Composed | None:
    """Write the day's letter of what is still wanted of it; None where nothing is."""
    taken = select(OutboxMessage).where(OutboxMessage.digest_id == message.id, OutboxMessage.digest_id.is_not(None))
    rows = session.scalars(taken.order_by(OutboxMessage.valid_until, OutboxMessage.id)).all()
    entries = [entry for row in rows for entry in [entry_of(session, row, kinds, now=now)] if entry is not None]
    if not entries:
        return None
    return Composed({"name": message.recipient_name or "reader", "entries": entries, "day": now})


def entry_of(
    session: Session, row: OutboxMessage, kinds: Mapping[str, Letter], *, now: datetime
) -> dict[str, Any] | None:
    """Return what the day's letter says of one reminder: its kind is asked whether it is still wanted."""
    kind = kinds.get(row.letter)
    if kind is None or (row.valid_until is not None and row.valid_until <= now):
        return None
    composed = written(session, row, kind, now=now)
    if composed is None:
        return None
    told = composed.variables
    return {
        "title": told.get("title") or kind.title,
        "when": told.get("when") or "",
        "where": told.get("place") or "",
        "link": next((told[name] for name in LINKS if told.get(name)), ""),
    }


def still_wanted(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, kinds: Mapping[str, Letter]
) -> set[int]:
    """Ask again of which letters of a day something is wanted: each kind in them is asked once."""
    found = select(OutboxMessage).where(OutboxMessage.digest_id.in_([row.id for row in messages]))
    taken = [row for row in session.scalars(found) if row.valid_until is None or row.valid_until > now]
    ids = wanted_ids(session, taken, kinds, now=now)
    return {row.digest_id for row in taken if row.id in ids and row.digest_id is not None}


def wanted_ids(
    session: Session, rows: Sequence[OutboxMessage], kinds: Mapping[str, Letter], *, now: datetime
) -> set[int]:
    """Return which reminders are wanted still: each kind among them is asked once."""
    wanted = set[int]()
    for name in {row.letter for row in rows} & kinds.keys():
        alike, ask = [row for row in rows if row.letter == name], kinds[name].still_wanted
        wanted |= {row.id for row in alike} if ask is None else set(ask(session, alike, now=now))
    return wanted


def written(session: Session, row: OutboxMessage, kind: Letter, *, now: datetime) -> Composed | None:
    """Return what one reminder would say; one that cannot be written is left out, so that it stops no other."""
    try:
        with session.begin_nested():
            return kind.compose(session, row, now=now)
    except Exception as error:
        if is_database_away(error):
            raise
        log.exception("reminder_cannot_be_written", letter=row.id)
        return None


def example() -> dict[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    site = "https://programme.example.ac.uk"
    return {
        "name": "Alice Aldgrove",
        "day": datetime.fromisoformat("2027-02-15T07:00:00+00:00"),
        "entries": [
            {
                "title": "Quantum sensing for chemists",
                "when": "Tuesday 16 February 2027, 14:00 to 15:00 GMT",
                "where": "Lecture theatre 2, Central Teaching Hub",
                "link": f"{site}/registrations/1-example",
            },
            {
                "title": "Reading group: catalysis",
                "when": "Tuesday 16 February 2027, 17:00 to 18:00 GMT",
                "where": "",
                "link": f"{site}/registrations/2-example",
            },
        ],
    }


def letter(kinds: Sequence[Letter]) -> Letter:
    """Return the kind of letter that takes in those of `kinds` which remind."""
    by_name = {kind.name: kind for kind in kinds}
    write, ask = partial(compose, kinds=by_name), partial(still_wanted, kinds=by_name)
    return Letter(
        DIGEST,
        "The reminders of a day",
        Purpose.SERVICE,
        write,
        example,
        is_private=True,
        gathers=True,
        still_wanted=ask,
    )
