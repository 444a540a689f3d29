"""What a reply says about one person's chair, put together for the rule. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from programme.core.web.forms import normal_address
from programme.engines.calendar.times import london_day
from programme.engines.registration.replies.rule import Heard

if TYPE_CHECKING:
    from collections.abc import Collection

    from programme.engines.calendar.replies.reading import Attendee, CalendarAnswer
    from programme.flows.replying.reading import Reply


def heard_of(reply: Reply, *, invited: Collection[str], has_key: bool, starts: datetime, now: datetime) -> Heard:
    """Say what a reply says and what can be shown of it; `invited` are folded addresses of the person it is about.

    An answer given tomorrow was given now: a clock that is wrong would outlast every later answer.
    """
    answer = reply.answer
    speaker = speaker_of(reply, invited=invited)
    return Heard(
        method=answer.method,
        answer=speaker.answer if speaker else None,
        stamp=min(answer.stamp or now, now),
        sequence=answer.sequence,
        is_invited=speaker is not None and folded(speaker.address) in invited,
        is_from_attendee=speaker is not None and folded(speaker.address) == folded(reply.sender),
        is_authentic=reply.is_authentic,
        has_key=has_key,
        is_this_date=is_about(answer, starts),
        is_one=answer.events == 1 and speaker is not None,
    )


def speaker_of(reply: Reply, *, invited: Collection[str] = ()) -> Attendee | None:
    """Return for whom a reply speaks: the one it names; of several whoever sent it, else whom we invited.

    Some calendars repeat everybody whom they believe to be invited: what one says for others is nothing to us.
    """
    named = reply.answer.attendees
    if len(named) == 1:
        return named[0]
    own = [one for one in named if folded(one.address) == folded(reply.sender)]
    theirs = [one for one in named if folded(one.address) in invited]
    return next(iter((*own, *theirs)), None)


def is_about(answer: CalendarAnswer, starts: datetime) -> bool:
    """Whether an answer is about an event that begins then: each of our dates is an event of its own."""
    if not answer.is_about_a_date:
        return True
    date = answer.recurrence
    return date == starts if isinstance(date, datetime) else date == london_day(starts)


def folded(address: str) -> str:
    """Return an address as addresses are compared; what is none is compared as it stands."""
    return (normal_address(address.strip()) or address.strip()).casefold()
