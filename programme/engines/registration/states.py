"""Where an opening, a registration and a seat stand, and what may follow what."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class OpeningState(StrEnum):
    """Draft: being prepared. Open: its window decides. Closed: by an organiser's hand."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


OPENING_MOVES: Mapping[OpeningState, frozenset[OpeningState]] = {
    OpeningState.DRAFT: frozenset({OpeningState.OPEN}),
    OpeningState.OPEN: frozenset({OpeningState.CLOSED}),
    OpeningState.CLOSED: frozenset({OpeningState.OPEN}),
}


class PlacesBy(StrEnum):
    """How places are given."""

    FIRST_COME = "first_come"
    DECISION = "decision"
    BALLOT = "ballot"


class Eligibility(StrEnum):
    """Who may register."""

    ANYONE = "anyone"
    MEMBERS = "members"
    GROUP = "group"
    ADDRESSES = "addresses"
    INVITED = "invited"


class InvitationState(StrEnum):
    """Where an invitation stands: nothing was heard, somebody registered by it, or it was taken back."""

    SILENT = "silent"
    ANSWERED = "answered"
    REVOKED = "revoked"


INVITATION_MOVES: Mapping[InvitationState, frozenset[InvitationState]] = {
    InvitationState.SILENT: frozenset({InvitationState.ANSWERED, InvitationState.REVOKED}),
    InvitationState.ANSWERED: frozenset(),
    InvitationState.REVOKED: frozenset({InvitationState.SILENT}),
}


class RegistrationState(StrEnum):
    """One person's claim on an opening; offered and confirmed hold a place."""

    DRAFT = "draft"
    PENDING = "pending"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


R = RegistrationState
REGISTRATION_MOVES: Mapping[RegistrationState, frozenset[RegistrationState]] = {
    R.DRAFT: frozenset({R.PENDING, R.WAITLISTED, R.CONFIRMED, R.CANCELLED, R.LAPSED}),
    R.PENDING: frozenset({R.WAITLISTED, R.OFFERED, R.CONFIRMED, R.REFUSED, R.CANCELLED, R.LAPSED}),
    R.WAITLISTED: frozenset({R.OFFERED, R.CONFIRMED, R.REFUSED, R.CANCELLED, R.LAPSED}),
    R.OFFERED: frozenset({R.CONFIRMED, R.CANCELLED, R.LAPSED, R.REFUSED}),
    R.CONFIRMED: frozenset({R.CANCELLED, R.LAPSED, R.REFUSED}),
    R.REFUSED: frozenset({R.CONFIRMED, R.WAITLISTED}),
    R.LAPSED: frozenset(),
    R.CANCELLED: frozenset(),
}
HOLDING = frozenset({R.OFFERED, R.CONFIRMED})
LIVE = frozenset({R.DRAFT, R.PENDING, R.WAITLISTED, R.OFFERED, R.CONFIRMED})


class SeatState(StrEnum):
    """A chair at one event goes with its registration, is given up for that week, or lent to somebody who waits."""

    HELD = "held"
    SKIPPED = "skipped"
    LENT = "lent"


SEAT_MOVES: Mapping[SeatState, frozenset[SeatState]] = {
    SeatState.HELD: frozenset({SeatState.SKIPPED, SeatState.LENT}),
    SeatState.SKIPPED: frozenset({SeatState.HELD}),
    SeatState.LENT: frozenset({SeatState.HELD, SeatState.SKIPPED}),
}


class Attendance(StrEnum):
    """Whether the person came."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    ABSENT = "absent"


class Source(StrEnum):
    """How a registration came about."""

    SELF = "self"
    ORGANISER = "organiser"
    WALK_IN = "walk_in"
