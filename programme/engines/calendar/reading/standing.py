"""What becomes of the state of an event that is here already, by what its row says now: pure."""

from __future__ import annotations

from enum import StrEnum

from programme.engines.calendar.reading.rows import RowStatus
from programme.engines.calendar.states import EventState

TAKES_PLACE = frozenset({RowStatus.PUBLISHED, RowStatus.UNSTATED})


class Step(StrEnum):
    """What is done to an event's state."""

    NOTHING = "nothing"
    PUBLISH = "publish"
    SHOW_CANCELLED = "show_cancelled"
    SHOW_POSTPONED = "show_postponed"
    CANCEL = "cancel"
    POSTPONE = "postpone"
    REINSTATE = "reinstate"


def step(status: RowStatus, state: EventState, *, was_announced: bool, publish: bool, is_changed: bool) -> Step:
    """Say what becomes of an event; `is_changed` tells whether the file changed its status, `publish` is the leave.

    What was never announced comes out as if the file were new: with leave it is shown as what the row says, without
    leave a cancelled one is cancelled out of sight, so that nobody publishes it by mistake. What was announced follows
    changes only: nothing public becomes a draft again, and nothing is brought back without leave.
    """
    if status is RowStatus.DRAFT:
        return Step.NOTHING
    if was_announced:
        return followed(status, state, publish=publish) if is_changed else Step.NOTHING
    return first_shown(status, state, publish=publish, is_changed=is_changed)


def first_shown(status: RowStatus, state: EventState, *, publish: bool, is_changed: bool) -> Step:
    """Say what becomes of an event that nobody was told of."""
    is_draft = state is EventState.DRAFT
    if status is RowStatus.CANCELLED and (publish or is_draft):
        return Step.SHOW_CANCELLED if publish else Step.CANCEL
    if not publish or status is RowStatus.CANCELLED:
        return Step.NOTHING
    if not is_draft:
        return Step.REINSTATE if status is RowStatus.PUBLISHED and is_changed else Step.NOTHING
    return Step.PUBLISH if status in TAKES_PLACE else Step.SHOW_POSTPONED


def followed(status: RowStatus, state: EventState, *, publish: bool) -> Step:
    """Say what becomes of an event that people know of, once the file says something else."""
    if status is RowStatus.CANCELLED:
        return Step.NOTHING if state is EventState.CANCELLED else Step.CANCEL
    if status is RowStatus.POSTPONED:
        return Step.POSTPONE if state is EventState.PUBLISHED else Step.NOTHING
    if status is RowStatus.UNSTATED or not publish or state is EventState.PUBLISHED:
        return Step.NOTHING
    return Step.PUBLISH if state is EventState.DRAFT else Step.REINSTATE
