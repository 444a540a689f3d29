"""Tables of legal moves, and the only writer of `.state`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

S = TypeVar("S", bound="StrEnum")


class HasState(Protocol[S]):
    """A row whose state moves by a table."""

    state: S


Moves = "Mapping[S, frozenset[S]]"


def may_move(state: S, target: S, *, moves: Mapping[S, frozenset[S]]) -> bool:
    """Whether the table allows going from `state` to `target`."""
    return target in moves.get(state, frozenset())


def move(row: HasState[S], target: S, *, moves: Mapping[S, frozenset[S]], sentence: str | None = None) -> S:
    """Move `row` to `target` and return the state it had.

    Raises Refusal where the table has no such move.
    """
    before = row.state
    if not may_move(before, target, moves=moves):
        raise Refusal(sentence or f"This is {before.value} now and cannot become {target.value}.")
    row.state = target
    return before
