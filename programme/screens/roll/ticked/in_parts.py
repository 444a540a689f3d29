"""Deciding about thousands, or moving them: some at a time, so that a newcomer meanwhile waits for one part only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import g

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.extensions import database_session
from programme.flows.deciding.rounds import decide_further, decide_round
from programme.flows.roll.moving import move_all
from programme.people.guards import actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.engines.registration.deciding.models import DecisionRound
    from programme.flows.roll.deciding import Manner, Verdict

AT_ONCE, MOST, MOST_TOLD = 25, 1_000, 20


@dataclass(slots=True)
class Progress:
    """How many were decided about and in which round, how many are left for another press, and what could not be.

    Of those who were moved, `waiting` wait where they are now.
    """

    done: int = 0
    waiting: int = 0
    round: DecisionRound | None = None
    left: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """Say what could not be, and what is left."""
        told = self.problems[:MOST_TOLD]
        if len(self.problems) > MOST_TOLD:
            told.append(f"And {plural(len(self.problems) - MOST_TOLD, 'person', 'people')} more.")
        return [*told, f"{plural(self.left, 'person is', 'people are')} left: press again."] if self.left else told


def decide_in_parts(opening_id: int, ids: Sequence[int], verdict: Verdict, *, manner: Manner) -> Progress:
    """Decide about people in the order in which they joined, at most so many a press; each part is committed by itself.

    All of them are one round, to be undone together. It goes on where nobody of a part could be decided about: places
    that are kept for an organisation may be there for the next.
    """
    session, progress = database_session(), Progress()
    for start in range(0, min(len(ids), MOST), AT_ONCE):
        go_on_writing(session)
        some = ids[start : start + AT_ONCE]
        decided = (
            decide_further(session, progress.round, some, actor=actor(), now=g.now, manner=manner)
            if progress.round
            else decide_round(session, opening_id, some, verdict, actor=actor(), now=g.now, manner=manner)
        )
        carried, progress.round = decided.carried, decided.round or progress.round
        progress.done += len(carried.done)
        progress.problems += carried.problems
    progress.left = max(0, len(ids) - MOST)
    session.commit()
    return progress


def move_in_parts(opening_id: int, to_id: int, ids: Sequence[int], *, reason: str, even_if_full: bool) -> Progress:
    """Move people in the same manner; Refusal where nobody may go there at all.

    It goes on where nobody of a part could be moved: they may be there already, and the next are not.
    """
    session, progress = database_session(), Progress()
    for start in range(0, min(len(ids), MOST), AT_ONCE):
        go_on_writing(session)
        some = ids[start : start + AT_ONCE]
        try:
            by: dict[str, Any] = {"actor": actor(), "now": g.now, "reason": reason, "even_if_full": even_if_full}
            moved = move_all(session, opening_id, to_id, some, **by)
        except Refusal as refusal:
            if not progress.done:
                raise
            progress.problems.append(refusal.sentence)
            break
        progress.done += len(moved.done)
        progress.waiting += moved.waiting
        progress.problems += moved.problems
    else:
        progress.left = max(0, len(ids) - MOST)
    session.commit()
    return progress
