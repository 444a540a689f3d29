"""What the closed lists of the strand are called on screen."""

from __future__ import annotations

from programme.strands.cohorts.states import AwardType, CandidatureState, TrainingUnit

KIND_WORDS = {
    AwardType.LANDSCAPE: "Doctoral landscape award",
    AwardType.FOCAL: "Doctoral focal award",
    AwardType.DTP: "Doctoral training partnership",
    AwardType.CDT: "Centre for doctoral training",
    AwardType.ICASE: "Industrial CASE",
    AwardType.OTHER_UKRI: "Other UKRI funding",
    AwardType.CHARITY: "Charity",
    AwardType.INDUSTRY: "Industry",
    AwardType.UNIVERSITY: "University",
    AwardType.SELF: "Self-funded",
}
UNIT_WORDS = {TrainingUnit.DAYS: "Days", TrainingUnit.HOURS: "Hours", TrainingUnit.CREDITS: "Credits"}
STATE_WORDS = {
    CandidatureState.ADMITTED: "Admitted",
    CandidatureState.ACTIVE: "Active",
    CandidatureState.PLACEMENT: "On placement",
    CandidatureState.LEAVE: "On leave",
    CandidatureState.WRITING_UP: "Writing up",
    CandidatureState.SUBMITTED: "Submitted",
    CandidatureState.COMPLETED: "Completed",
    CandidatureState.WITHDRAWN: "Withdrawn",
}
LOOKS = {
    CandidatureState.ADMITTED: ("", "calendar"),
    CandidatureState.ACTIVE: ("ok", "check"),
    CandidatureState.PLACEMENT: ("ok", "check"),
    CandidatureState.LEAVE: ("wait", "pause"),
    CandidatureState.WRITING_UP: ("ok", "edit"),
    CandidatureState.SUBMITTED: ("wait", "clock"),
    CandidatureState.COMPLETED: ("ok", "check"),
    CandidatureState.WITHDRAWN: ("", "cross"),
}
"""Kind of colour and icon of a state, which always stand beside its word."""


def entry_words(year: int) -> str:
    """Say the academic year that a cohort enters in: 2026/27."""
    return f"{year}/{(year + 1) % 100:02d}"
