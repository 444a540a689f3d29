"""What is entered for an opening, and what of it cannot hang together: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.calendar.states import Visibility
from programme.engines.registration.offers.deadline import (
    EARLIEST_MORNING,
    LATEST_MORNING,
    MOST_HOURS,
    USUAL_MORNING,
)
from programme.engines.registration.states import (
    Eligibility,
    PlacesBy,
)

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.registration.openings.quotas import Kept


MOST_PLACES, MOST_TOGETHER = 100_000, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything an organiser decides about an opening but its owners. `members_of` are ids of organisations."""

    title: str
    event_ids: tuple[int, ...] = ()
    note: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    capacity: int | None = None
    has_waiting_list: bool = True
    places_by: PlacesBy = PlacesBy.FIRST_COME
    ballot_at: datetime | None = None
    visibility: Visibility = Visibility.PUBLIC
    eligibility: Eligibility = Eligibility.ANYONE
    members_of: tuple[int, ...] = ()
    eligible_group_id: int | None = None
    unproved_hours: int = 48
    offer_hours: int | None = None
    offer_morning: int = USUAL_MORNING
    quotas: tuple[Kept, ...] = ()
    counts_when_proved: bool = False
    chooses: int | None = None
    may_choose_fewer: bool = False
    most_together: int = 1
    section_a_page: bool = False
    contact_name: str = ""
    contact_address: str = ""


APART = frozenset({"event_ids", "members_of", "quotas"})


def check(details: Details) -> None:
    """Refuse what cannot hang together."""
    if not details.title.strip():
        raise Refusal("Enter a title.", field="title")
    if details.opens_at and details.closes_at and details.closes_at <= details.opens_at:
        raise Refusal("Registration closes before it opens.", field="closes_at")
    if details.capacity is not None and not 0 <= details.capacity <= MOST_PLACES:
        raise Refusal(f"Enter a number of places from 0 to {MOST_PLACES:,}, or nothing.", field="capacity")
    if details.eligibility is Eligibility.MEMBERS and not details.members_of:
        raise Refusal("Choose whose members may register.", field="members_of")
    if details.eligibility is Eligibility.GROUP and not details.eligible_group_id:
        raise Refusal("Choose the group whose people may register.", field="eligible_group_id")
    if details.places_by is PlacesBy.BALLOT:
        check_ballot(details)
    check_several(details)
    check_offers(details)


def check_several(details: Details) -> None:
    """Refuse to let people choose more than there is, or bring more than may come."""
    if details.chooses is not None and not 0 < details.chooses <= len(details.event_ids):
        raise Refusal("One cannot choose more events than there are. Leave it empty for all.", field="chooses")
    if not 1 <= details.most_together <= MOST_TOGETHER:
        raise Refusal(f"Enter for how many one may register, from 1 to {MOST_TOGETHER}.", field="most_together")


def check_offers(details: Details) -> None:
    """Refuse offers of no time, or whose morning is none."""
    if details.offer_hours is not None and not 1 <= details.offer_hours <= MOST_HOURS:
        raise Refusal(f"Enter a whole number of hours from 1 to {MOST_HOURS}.", field="offer_hours")
    if not EARLIEST_MORNING <= details.offer_morning <= LATEST_MORNING:
        raise Refusal("Choose one from the list.", field="offer_morning")


def check_ballot(details: Details) -> None:
    """Refuse a ballot without places, one drawn while people may still enter, or one about what people choose."""
    if details.chooses is not None:
        raise Refusal("A ballot gives places at every event: no choice can be drawn.", field="chooses")
    if details.capacity is None:
        raise Refusal("A ballot needs a number of places.", field="capacity")
    if details.ballot_at and details.closes_at and details.ballot_at < details.closes_at:
        raise Refusal("Draw the ballot when registration has closed, not before.", field="ballot_at")
