"""Marking: just before a letter is handed over, in one transaction, it is asked once more whether it may go.

What many letters have in common is asked in that very transaction; what is one letter's own takes long to write and
changes nothing, so it is written before, where nobody has to wait for it, and only asked again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.engines.mail.addresses.suppression.suppressing import suppressed_among
from programme.engines.mail.composing import (
    Desk,
    Filled,
    Spoilt,
    draft_of,
    drafts_of,
    is_database_away,
    kept_body,
    why_not,
)
from programme.engines.mail.delivery.claiming import is_leased, lease_of
from programme.engines.mail.delivery.fates import reason, settle
from programme.engines.mail.delivery.ledger import ENDED, MARKED, write_down
from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of letters before they go: by whom, when, and what was written beforehand."""

    session: Session
    desk: Desk
    drafts: Mapping[int, Body | str] = field(default_factory=dict)
    alone: Collection[str] = ()
    """Kinds of letter that are written one by one in this round, though many could be asked for at once."""


def drafted(asked: Asked, rows: Iterable[OutboxMessage]) -> dict[int, Body | str]:
    """Write letters one by one: what they say now, or why they cannot be written; not those no longer wanted."""
    drafts = {row.id: draft_of(asked.session, row, desk=asked.desk) for row in rows}
    return {row_id: draft for row_id, draft in drafts.items() if draft is not None}


def is_common(name: str, *, room: MailRoom, alone: Collection[str]) -> bool:
    """Whether letters of a kind are asked for many at a time."""
    letter = room.letters.get(name)
    return letter is not None and letter.compose_all is not None and name not in alone


def marked(asked: Asked, rows: Sequence[OutboxMessage], step: Round) -> list[tuple[OutboxMessage, Body | Filled]]:
    """Mark in flight those of `rows` that may go now, and return them with what they say; the others end here."""
    leased = [row for row in rows if is_leased(row, now=asked.desk.now)]
    stops = suppressed_among(asked.session, leased, asked.desk.room.letters, asked.desk.now)
    for row in leased:
        if row.id in stops:
            row.last_error = f"This address gets no such letters: {stops[row.id].cause.value.replace('_', ' ')}."
            end(row, OutboxState.SUPPRESSED, step)
    mine = [row for row in leased if row.id not in stops]
    said = wanted_drafts(asked, mine)
    found = []
    for row in mine:
        draft = mark(row, said.get(row.id), step, desk=asked.desk)
        if draft is not None:
            row.body_id, row.blanks = kept_body(asked.session, draft, room=asked.desk.room, now=asked.desk.now)
            found.append((row, draft))
    write_down(asked.session, [row for row, _ in found], MARKED)
    write_down(asked.session, [row for row in leased if row.state is not OutboxState.SENDING], ENDED)
    return found


def wanted_drafts(asked: Asked, rows: Sequence[OutboxMessage]) -> dict[int, Draft]:
    """Return what the letters say that are wanted still: one question for each kind, however many there are."""
    by_kind: dict[str, list[OutboxMessage]] = defaultdict(list)
    for row in rows:
        by_kind[row.letter].append(row)
    said: dict[int, Draft] = {}
    for name, alike in by_kind.items():
        letter = asked.desk.room.letters.get(name)
        if letter is not None and is_common(name, room=asked.desk.room, alone=asked.alone):
            said |= drafts_of(asked.session, letter, alike, desk=asked.desk)
            continue
        drafts = {row.id: asked.drafts[row.id] for row in alike if row.id in asked.drafts}
        said |= still_so(asked, letter, alike, drafts)
    return said


def still_so(
    asked: Asked, letter: Letter | None, rows: Sequence[OutboxMessage], drafts: Mapping[int, Body | str]
) -> Mapping[int, Draft]:
    """Return the drafts of letters of a kind that are wanted still; raises Spoilt where asking for all fails.

    Once it did, each is asked for by itself: what cannot even be asked for cannot be sent.
    """
    if letter is None or letter.still_wanted is None:
        return drafts
    if letter.name not in asked.alone:
        try:
            wanted = letter.still_wanted(asked.session, rows, now=asked.desk.now)
        except Exception as error:
            if is_database_away(error):
                raise
            raise Spoilt(letter.name) from error
        return {row_id: draft for row_id, draft in drafts.items() if row_id in wanted}
    found = {row.id: draft_if_wanted(asked, letter, row, drafts.get(row.id)) for row in rows}
    return {row_id: draft for row_id, draft in found.items() if draft is not None}


def draft_if_wanted(asked: Asked, letter: Letter, row: OutboxMessage, draft: Body | str | None) -> Body | str | None:
    """Return the draft of one letter if it is wanted still, or why that cannot be told."""
    if draft is None or letter.still_wanted is None:
        return draft
    try:
        with asked.session.begin_nested():
            return draft if row.id in letter.still_wanted(asked.session, [row], now=asked.desk.now) else None
    except Exception as error:
        if is_database_away(error):
            raise
        return why_not(error)


def mark(row: OutboxMessage, draft: Draft | None, step: Round, *, desk: Desk) -> Body | Filled | None:
    """Mark a letter in flight, with what it says; None where it ends here."""
    if row.valid_until is not None and row.valid_until <= desk.now:
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
    row.inflight_at, row.lease_until = desk.now, desk.now + lease_of(desk.room)
    return draft


def end(row: OutboxMessage, state: OutboxState, done: Round) -> None:
    """Let a letter end without being handed over."""
    settle(row, state)
    done.count(state)
