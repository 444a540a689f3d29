"""Marking: just before a letter is handed over, in one transaction, it is asked once more whether it may go.

What many letters have in common is asked in that very transaction; what is one letter's own takes long to write and
changes nothing, so it is written before, where nobody has to wait for it, and only asked again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.engines.mail.composing import Filled, draft_of, filled_or_why, kept_body, letter_of_name
from programme.engines.mail.delivery.claiming import LEASE, is_leased
from programme.engines.mail.delivery.fates import reason, settle
from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.composing import Draft
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import Letter, MailRoom
    from programme.engines.mail.wire.messages import Body


@dataclass(slots=True)
class Round:
    """What one round did: how many letters came to which state, and the relay's fault that stopped it, if any."""

    claimed: int = 0
    ended: dict[OutboxState, int] = field(default_factory=dict)
    fault: str = ""
    paused: bool = False

    def count(self, state: OutboxState, number: int = 1) -> None:
        """Count letters."""
        self.ended[state] = self.ended.get(state, 0) + number

    def take_in(self, step: Round) -> None:
        """Add what a step of the round did, once it is committed."""
        for state, number in step.ended.items():
            self.count(state, number)
        self.fault, self.paused = self.fault or step.fault, self.paused or step.paused

    @property
    def sent(self) -> int:
        """How many letters went out."""
        return self.ended.get(OutboxState.SENT, 0)


def drafted(session: Session, rows: Iterable[OutboxMessage], *, room: MailRoom, now: datetime) -> dict[int, Body | str]:
    """Write the letters that are one of a kind: what they say now, or why they cannot be written.

    Those that are no longer wanted are left out, as are those that are written many at a time.
    """
    alone = [row for row in rows if not is_common(letter_of_name(row.letter, room=room))]
    drafts = {row.id: draft_of(session, row, room=room, now=now) for row in alone}
    return {row_id: draft for row_id, draft in drafts.items() if draft is not None}


def is_common(letter: Letter | None) -> bool:
    """Whether letters of a kind are written many at a time."""
    return letter is not None and letter.compose_all is not None


def marked(
    session: Session,
    rows: Sequence[OutboxMessage],
    drafts: Mapping[int, Body | str],
    step: Round,
    *,
    room: MailRoom,
    now: datetime,
) -> list[tuple[OutboxMessage, Body | Filled]]:
    """Mark in flight those of `rows` that may go now, and return them with what they say; the others end here."""
    mine = [row for row in rows if is_leased(row, now=now)]
    said = wanted_drafts(session, mine, drafts, room=room, now=now)
    found = []
    for row in mine:
        draft = mark(row, said.get(row.id), step, now=now)
        if draft is not None:
            row.body_id, row.blanks = kept_body(session, draft, room=room, now=now)
            found.append((row, draft))
    return found


def wanted_drafts(
    session: Session,
    rows: Sequence[OutboxMessage],
    drafts: Mapping[int, Body | str],
    *,
    room: MailRoom,
    now: datetime,
) -> dict[int, Draft]:
    """Return what the letters say that are wanted still: one question for each kind, however many there are."""
    by_kind: dict[str, list[OutboxMessage]] = defaultdict(list)
    for row in rows:
        by_kind[row.letter].append(row)
    said: dict[int, Draft] = {}
    for name, alike in by_kind.items():
        letter = letter_of_name(name, room=room)
        if letter is not None and letter.compose_all is not None:
            said |= filled_or_why(session, letter, alike, room=room, now=now)
            continue
        wanted = {row.id for row in alike}
        if letter is not None and letter.still_wanted is not None:
            wanted = set(letter.still_wanted(session, alike, now=now))
        said |= {row.id: drafts[row.id] for row in alike if row.id in drafts and row.id in wanted}
    return said


def mark(row: OutboxMessage, draft: Draft | None, step: Round, *, now: datetime) -> Body | Filled | None:
    """Mark a letter in flight, with what it says; None where it ends here."""
    if row.valid_until is not None and row.valid_until <= now:
        end(row, OutboxState.UNKNOWN if row.ambiguous_count else OutboxState.EXPIRED, step)
        return None
    if draft is None:
        end(row, OutboxState.CANCELLED, step)
        return None
    if isinstance(draft, str):
        row.last_error = reason(draft)
        end(row, OutboxState.FAILED, step)
        return None
    row.subject_line = draft.subject
    row.inflight_at, row.lease_until = now, now + LEASE
    return draft


def end(row: OutboxMessage, state: OutboxState, done: Round) -> None:
    """Let a letter end without being handed over."""
    settle(row, state)
    done.count(state)
