"""Holding letters back by what their readers chose: asked when letters are taken up to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from programme.core.transitions import move
from programme.engines.mail.outbox import COPY, URGENT
from programme.engines.mail.states import OUTBOX_MOVES, OutboxState
from programme.engines.mail.wishes.choices import choices_of
from programme.engines.mail.wishes.quiet import held_until, waits_for_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.addresses.models import LetterChoice
    from programme.engines.mail.models import OutboxMessage


class Hold(NamedTuple):
    """What becomes of a letter that may not go yet, and when it is due then."""

    state: OutboxState
    due_at: datetime


def hold_back(session: Session, rows: Sequence[OutboxMessage], *, private: Collection[str], now: datetime) -> set[int]:
    """Put off what may not go yet, of rows that are locked and pending; return the ids. One query at most.

    `private` are the kinds of letter that are between the programme and one person: those go at any hour.
    """
    people = {row.person_id for row in rows if row.person_id is not None and row.priority != URGENT}
    held = held_back(rows, choices_of(session, people), private=private, now=now)
    for row in rows:
        if row.id in held:
            state, row.due_at = held[row.id]
            if row.state is not state:
                move(row, state, moves=OUTBOX_MOVES)
    return set(held)


def held_back(
    rows: Sequence[OutboxMessage], choices: Mapping[int, LetterChoice], *, private: Collection[str], now: datetime
) -> dict[int, Hold]:
    """Say which letters may not go now, by id: reminders that wait for the day's letter, and what quiet hours hold."""
    found = {}
    for row in rows:
        choice = choices.get(row.person_id or 0)
        hold = hold_of(row, choice, now=now) if choice is not None and row.letter not in private else None
        if hold is not None:
            found[row.id] = hold
    return found


def hold_of(row: OutboxMessage, choice: LetterChoice, *, now: datetime) -> Hold | None:
    """Say whether one letter may go.

    A reminder that was let out of the day's letter is due at that very time, so it is not held again; nor is what
    was tried before. What an organiser sends once more went already, and is expected now.
    """
    if row.priority == URGENT:
        return None
    if row.rule_id is not None and not row.attempts and not row.dedup_key.startswith(COPY):
        at = waits_for_digest(choice, due=row.due_at, valid_until=row.valid_until)
        if at is not None and at > now:
            return Hold(OutboxState.HELD, at)
    until = held_until(choice, due=now, valid_until=row.valid_until, is_urgent=False)
    return None if until is None else Hold(OutboxState.PENDING, until)
