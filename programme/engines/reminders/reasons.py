"""Why somebody got a reminder, will get it, or did not: pure, from what the record holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Reason(StrEnum):
    """What became of a reminder for one person; the first group is told by the letter itself."""

    WENT = "went"
    CAME_BACK = "came back"
    IN_DIGEST = "in digest"
    WAITS = "waits"
    FAILED = "failed"
    NO_ANSWER = "no answer"
    NO_LETTERS = "no letters"
    EXPIRED = "expired"
    TAKEN_BACK = "taken back"
    REMOVED = "removed"
    SILENT = "silent"
    MADE_LATE = "made late"
    WILL_GO = "will go"
    NOT_AMONG = "not among"
    CAME_LATE = "came late"
    MISSED = "missed"
    DUE_NOW = "due now"


BY_LETTER: Mapping[OutboxState, Reason] = {
    OutboxState.SENT: Reason.WENT,
    OutboxState.BUNDLED: Reason.IN_DIGEST,
    OutboxState.PENDING: Reason.WAITS,
    OutboxState.SENDING: Reason.WAITS,
    OutboxState.HELD: Reason.WAITS,
    OutboxState.FAILED: Reason.FAILED,
    OutboxState.UNKNOWN: Reason.NO_ANSWER,
    OutboxState.SUPPRESSED: Reason.NO_LETTERS,
    OutboxState.EXPIRED: Reason.EXPIRED,
}
"""What a letter that stands in the outbox says by itself; one that is cancelled says nothing, it may go after all."""
CAN_COME_BACK = frozenset({OutboxState.SENT, OutboxState.BUNDLED, OutboxState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Case:
    """What the record holds of a rule and a person.

    `letter` is where the letter of this rule for the date as it is now stands, if there is one (of one that a digest
    took in, where the digest stands, until that went); `was_taken_back`, that an organiser did so; `came_back`, that
    it was returned after it had gone. `due` and `until` are empty where the thing has no date or does not take place.
    `is_of` says whether the person is of the audience now, `was_of` whether they were before it fell due, too.
    """

    now: datetime
    made_at: datetime
    is_active: bool = True
    letter: OutboxState | None = None
    was_taken_back: bool = False
    came_back: bool = False
    due: datetime | None = None
    until: datetime | None = None
    is_of: bool = False
    was_of: bool = False


def reason(case: Case) -> Reason:
    """Return why: what the letter itself says, then the rule, then the person."""
    if case.was_taken_back and case.letter is OutboxState.CANCELLED:
        return Reason.TAKEN_BACK
    if case.came_back and case.letter in CAN_COME_BACK:
        return Reason.CAME_BACK
    told = BY_LETTER.get(case.letter) if case.letter else None
    return told or reason_of_rule(case) or reason_of_person(case)


def reason_of_rule(case: Case) -> Reason | None:
    """Return why nobody gets it, if that is so."""
    if not case.is_active:
        return Reason.REMOVED
    if case.due is None or case.until is None:
        return Reason.SILENT
    return Reason.MADE_LATE if case.made_at > case.due else None


def reason_of_person(case: Case) -> Reason:
    """Return why this person does or does not, where others might."""
    if not case.is_of:
        return Reason.NOT_AMONG
    if not case.was_of:
        return Reason.CAME_LATE
    if case.due is None or case.now < case.due:
        return Reason.WILL_GO
    return Reason.MISSED if case.until is None or case.until <= case.now else Reason.DUE_NOW
