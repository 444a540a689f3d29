"""The closed lists of admission, and what may follow what."""

from __future__ import annotations

from enum import StrEnum


class ReferenceState(StrEnum):
    """Where a reference stands. That it is late is reckoned from the day by which references are wanted."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    BEGUN = "begun"
    RECEIVED = "received"
    DECLINED = "declined"


R = ReferenceState
REFERENCE_MOVES: dict[ReferenceState, frozenset[ReferenceState]] = {
    R.NOT_ASKED: frozenset({R.ASKED}),
    R.ASKED: frozenset({R.BEGUN, R.RECEIVED, R.DECLINED}),
    R.BEGUN: frozenset({R.RECEIVED, R.DECLINED}),
    R.RECEIVED: frozenset(),
    R.DECLINED: frozenset({R.BEGUN, R.RECEIVED}),
}
"""What was sent stays as it was sent; whoever declined may write one after all."""
AWAITED = frozenset({R.ASKED, R.BEGUN})


class Conflict(StrEnum):
    """What a reviewer says they are to an applicant, before they see the application."""

    NONE = "none"
    SUPERVISOR_OR_MENTOR = "supervisor_or_mentor"
    SAME_DEPARTMENT = "same_department"
    FINANCIAL = "financial"
    PERSONAL = "personal"
    COMPETITOR = "competitor"


class Ruling(StrEnum):
    """What the chair, an organiser, decided about a conflict that does not recuse by itself."""

    MAY_REVIEW = "may_review"
    RECUSED = "recused"


class Place(StrEnum):
    """Where a review stands, reckoned from what was declared and decided."""

    TO_DECLARE = "to_declare"
    WITH_CHAIR = "with_chair"
    RECUSED = "recused"
    OPEN = "open"


class Studies(StrEnum):
    """How an applicant wishes to study."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
