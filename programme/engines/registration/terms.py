"""May one register now: the window, the events and who is eligible. Pure; asked under the lock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from programme.engines.registration.states import Eligibility, OpeningState

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the rule needs to know of an opening.

    `starts` holds the beginnings of the events that take place; `has_events` tells an opening without any (an
    application) from one whose events are all called off. `members_of` are ids of organisations, `names` their names.
    """

    state: OpeningState
    opens_at: datetime | None
    closes_at: datetime | None
    has_events: bool
    starts: tuple[datetime, ...] = ()
    is_postponed: bool = False
    eligibility: Eligibility = Eligibility.ANYONE
    members_of: frozenset[int] = field(default_factory=frozenset)
    names: str = ""


class Window(StrEnum):
    """Where an opening's window stands at an instant."""

    DRAFT = "draft"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    PAST = "past"
    CLOSED = "closed"
    NOT_YET = "not_yet"
    OPEN = "open"


SENTENCES = {
    Window.DRAFT: "Registration is not open yet.",
    Window.CANCELLED: "This has been cancelled, so nobody can register any more.",
    Window.POSTPONED: "This is postponed. Registration goes on when there is a new date.",
    Window.PAST: "This has begun or is over, so registration has ended.",
    Window.CLOSED: "Registration has closed.",
    Window.NOT_YET: "Registration is not open yet.",
}


UNLISTED = {
    Eligibility.GROUP: "This is for the people of one group. Use the address that the organisers know, or ask them.",
    Eligibility.ADDRESSES: "This is for those on a list, and this address is not on it. Use the one that the organisers"
    " know, or ask them.",
    Eligibility.INVITED: "This is by invitation, and there is none for this address. Use the address that you were"
    " invited at, or ask the organisers.",
}


def window(terms: Terms, now: datetime) -> Window:
    """Say where the window stands: what happened to the events counts before the hours of the window."""
    if terms.state is OpeningState.DRAFT:
        return Window.DRAFT
    if terms.has_events and not terms.starts:
        return Window.POSTPONED if terms.is_postponed else Window.CANCELLED
    if terms.starts and now >= max(terms.starts):
        return Window.PAST
    return hours(terms, now)


def hours(terms: Terms, now: datetime) -> Window:
    """Say where the window stands by its own hours and an organiser's hand."""
    if terms.state is OpeningState.CLOSED or (terms.closes_at is not None and now >= terms.closes_at):
        return Window.CLOSED
    if terms.opens_at is not None and now < terms.opens_at:
        return Window.NOT_YET
    return Window.OPEN


def takes_place(terms: Terms, now: datetime) -> bool:
    """Whether places are still worth giving: nothing is called off or begun."""
    return window(terms, now) not in {Window.CANCELLED, Window.POSTPONED, Window.PAST}


def is_eligible(terms: Terms, memberships: frozenset[int], *, is_listed: bool = False) -> bool:
    """Whether somebody of `memberships` may register; `is_listed` is of the group, on the list or invited."""
    if terms.eligibility is Eligibility.MEMBERS:
        return bool(terms.members_of & memberships)
    return terms.eligibility is Eligibility.ANYONE or is_listed


def reason_against(
    terms: Terms, memberships: frozenset[int], now: datetime, *, is_listed: bool = False
) -> tuple[str, str | None] | None:
    """Return why one may not register now, as a sentence and the form's field it belongs to; None where one may."""
    where = window(terms, now)
    if where is not Window.OPEN:
        return SENTENCES[where], None
    if not is_eligible(terms, memberships, is_listed=is_listed):
        by_members = f"This is for members of {terms.names}. Use your address there, or sign in."
        return UNLISTED.get(terms.eligibility, by_members), "email"
    return None


def prove_by(terms: Terms, *, hours_to_prove: int, now: datetime) -> datetime:
    """Return until when an address nobody has proved holds its place: never past the first event still to begin."""
    return min([now + timedelta(hours=hours_to_prove), *(start for start in terms.starts if start > now)])
