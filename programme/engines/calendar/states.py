"""The closed lists of the calendar, and what may follow what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventState(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


EVENT_MOVES: Mapping[EventState, frozenset[EventState]] = {
    EventState.DRAFT: frozenset({EventState.PUBLISHED, EventState.CANCELLED}),
    EventState.PUBLISHED: frozenset({EventState.POSTPONED, EventState.CANCELLED, EventState.DRAFT}),
    EventState.POSTPONED: frozenset({EventState.PUBLISHED, EventState.CANCELLED}),
    EventState.CANCELLED: frozenset({EventState.PUBLISHED}),
}


class Visibility(StrEnum):
    """Who may see an event."""

    PUBLIC = "public"
    MEMBERS = "members"
    HIDDEN = "hidden"


class Audience(StrEnum):
    """Who may attend, in the words of a listing; an opening's eligibility decides for a registration."""

    EVERYONE = "everyone"
    BOTH_UNIVERSITIES = "both_universities"
    LEAD_UNIVERSITY = "lead_university"
    INVITED = "invited"


class MaterialReach(StrEnum):
    """Who may open a material."""

    ALL = "all"
    CAME = "came"


class PeriodKind(StrEnum):
    """What a stretch of the academic year is."""

    TEACHING = "teaching"
    ASSESSMENT = "assessment"
    VACATION = "vacation"
    CLOSURE = "closure"


class PeriodStatus(StrEnum):
    """How sure the dates are; placeholders print as "dates not confirmed"."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    PLACEHOLDER = "placeholder"


ACCESS_FACTS = (
    "gate",
    "implants",
    "step_free",
    "hearing",
    "toilets",
    "quiet_room",
    "walking",
    "parking",
    "photographs",
)
FOCUS_AREAS: Mapping[str, str] = {
    "advanced-materials": "Advanced materials",
    "chemistry": "Chemistry",
    "physical-sciences": "Physical sciences",
    "accelerators": "Accelerators",
    "infection": "Infection prevention and control",
    "vaccines": "Vaccines",
    "neuroscience": "Neuroscience",
    "womens-health": "Women’s health",
    "climate": "Climate and sustainable technologies",
    "heritage-creative": "Heritage and creative industries",
    "social-sciences": "Social sciences",
    "digital-ai": "Digital and AI",
    "cross-cutting": "Cross-cutting",
}


class FeedPurpose(StrEnum):
    """What a personal calendar holds: one's places, all that one may see, or what is open to one's groups."""

    PLACES = "my programme"
    SEEN = "everything I may see"
    GROUPS = "my groups"


ALARMS = (15, 60, 24 * 60)
"""How many minutes before an event the owner of a personal calendar may be reminded by it."""
