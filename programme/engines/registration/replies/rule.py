"""What the answer of somebody's calendar comes to: done, proposed to the organisers, or left aside. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.calendar.replies.reading import Answer
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState

if TYPE_CHECKING:
    from datetime import datetime

REPLY, COUNTER = "REPLY", "COUNTER"


class Outcome(StrEnum):
    """What a reply comes to: its answer counts; somebody has to look at it; or there is nothing to do about it."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply comes to, and why, in a sentence."""

    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a reply says, and what can be shown of it.

    `answer` is None where it is none that a roll shows. `is_invited` says that the address it answers for is the one
    that we invited, `is_from_attendee` that the message says it is from that address, `is_authentic` that our own host
    vouches for that, and `has_key` that it names a letter of ours to this person. `is_this_date` is False where it
    speaks of another date than the event's. `is_one` says that it is about one event, and speaks for one person.
    """

    method: str
    answer: Answer | None
    stamp: datetime
    sequence: int | None = None
    is_invited: bool = False
    is_from_attendee: bool = False
    is_authentic: bool = False
    has_key: bool = False
    is_this_date: bool = True
    is_one: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair:
    """Where somebody stands at the event that a reply is about.

    `told` is the SEQUENCE that their calendar was told last, `before` what it answered last, and when. `is_theirs` says
    that they have the chair now.
    """

    state: RegistrationState
    is_theirs: bool
    told: int = 0
    before: tuple[datetime, Answer] | None = None
    is_over: bool = False
    is_off: bool = False


NEEDS_PEOPLE = "It is no plain answer to an invitation, so somebody has to read it."
COUNTERED = "Another time is proposed."
NO_ANSWER = "It neither accepts nor declines: it was passed on to somebody else, perhaps."
OTHER_DATE = "It speaks of another date than this event’s."
SEVERAL = "It speaks of several events or people at once."
ANOTHER_ADDRESS = "It answers for an address that was not invited, and names no letter of ours."
ANOTHER_SENDER = "It was sent by somebody else than the person it answers for, and names no letter of ours."
UNPROVED = (
    "Nothing shows that this comes from them: it names no letter of ours, and our mail host does not vouch for it."
)
NO_VERSION = "It does not say which version of the event it answers, and that has changed since."
WAITS = "They have no place yet, so there is nothing to accept or to give back: they wait, or are to be decided about."
NO_PLACE = "They say that they come, and have no place any more."
OVER, OFF = "The event is over.", "The event is cancelled."
OLDER, AGAIN = "Their calendar has answered since.", "This answer came before."
STALE = "It answers an earlier version of the event than they were told since."
GONE = "They have given this back already."
DECLINED, NOTED = "They decline.", "The roll shows it."


def judge(heard: Heard, chair: Chair) -> Verdict:
    """Say what a reply comes to.

    Nothing is given back that nobody can be shown to have given back: a reply that declines counts by the key of its
    letter, or as our own host vouches for its sender. One that only shows on the roll counts by its address alone.
    """
    return what_it_is(heard) or whether_it_is_late(heard, chair) or whose_it_is(heard) or what_follows(heard, chair)


def what_it_is(heard: Heard) -> Verdict | None:
    """Leave to people what is no plain answer."""
    if heard.method != REPLY:
        return proposed(COUNTERED if heard.method == COUNTER else NEEDS_PEOPLE)
    if not heard.is_one:
        return proposed(SEVERAL)
    if heard.answer is None:
        return proposed(NO_ANSWER)
    return None if heard.is_this_date else proposed(OTHER_DATE)


def whether_it_is_late(heard: Heard, chair: Chair) -> Verdict | None:
    """Leave aside what has been overtaken (RFC 5546, 2.1.5): by SEQUENCE first, then by the time of the answer."""
    if chair.is_off or chair.is_over:
        return ignored(OFF if chair.is_off else OVER)
    if heard.sequence is not None and heard.sequence < chair.told:
        return ignored(STALE)
    if chair.before is not None and heard.stamp < chair.before[0]:
        return ignored(OLDER)
    return ignored(AGAIN) if chair.before == (heard.stamp, heard.answer) else None


def whose_it_is(heard: Heard) -> Verdict | None:
    """Leave to people what nothing ties to whom we invited."""
    if heard.has_key:
        return None
    if not heard.is_invited:
        return proposed(ANOTHER_ADDRESS)
    return None if heard.is_from_attendee else proposed(ANOTHER_SENDER)


def what_follows(heard: Heard, chair: Chair) -> Verdict:
    """Say what an answer of theirs changes."""
    if heard.answer is not Answer.DECLINED:
        if chair.state not in LIVE or (chair.state in HOLDING and not chair.is_theirs):
            return proposed(NO_PLACE)
        return applied(NOTED) if chair.is_theirs else proposed(WAITS)
    if chair.state not in LIVE or (chair.state in HOLDING and not chair.is_theirs):
        return ignored(GONE)
    if not chair.is_theirs:
        return proposed(WAITS)
    if not (heard.has_key or heard.is_authentic):
        return proposed(UNPROVED)
    return proposed(NO_VERSION) if heard.sequence is None and chair.told else applied(DECLINED)


def applied(why: str) -> Verdict:
    """Return that it counts."""
    return Verdict(Outcome.APPLIED, why)


def proposed(why: str) -> Verdict:
    """Return that somebody has to look at it."""
    return Verdict(Outcome.PROPOSED, why)


def ignored(why: str) -> Verdict:
    """Return that there is nothing to do."""
    return Verdict(Outcome.IGNORED, why)
