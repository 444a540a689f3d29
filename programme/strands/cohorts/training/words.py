"""What training is called on pages, in files and in letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.web.words import plural
from programme.strands.cohorts.states import TrainingEvidence, TrainingItem, TrainingUnit
from programme.strands.cohorts.training.compulsory.standing import Standing as Stands
from programme.strands.cohorts.training.summing import MINUTES_AN_HOUR, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction

ITEMS: Mapping[TrainingItem, str] = {
    TrainingItem.RESEARCH_INTEGRITY: "Research integrity",
    TrainingItem.HEALTH_AND_SAFETY: "Health and safety",
    TrainingItem.EDI: "Equality, diversity and inclusion",
    TrainingItem.DATA_PROTECTION: "Data protection",
    TrainingItem.RESPONSIBLE_RESEARCH: "Responsible research",
}
EVIDENCE: Mapping[TrainingEvidence, str] = {
    TrainingEvidence.CHECK_IN: "Marked as present",
    TrainingEvidence.ORGANISER: "Entered by an organiser",
    TrainingEvidence.SELF_DECLARED: "Own statement, with a link",
    TrainingEvidence.CERTIFICATE: "Own statement, with a file",
}
TYPES: Mapping[TrainingEvidence, str] = {
    TrainingEvidence.CHECK_IN: "Programme event",
    TrainingEvidence.ORGANISER: "Programme training",
    TrainingEvidence.SELF_DECLARED: "External training",
    TrainingEvidence.CERTIFICATE: "External training",
}
"""What kinds of training are called in portfolios."""
STANDINGS: Mapping[Standing, tuple[str, str, str]] = {
    Standing.DRAFT: ("", "edit", "To be handed in"),
    Standing.HANDED_IN: ("wait", "clock", "Waits for assent"),
    Standing.AGREED: ("ok", "check", "Assented to"),
    Standing.REFUSED: ("bad", "alert", "Refused"),
}
"""Colour, icon and word."""
STANDS: Mapping[Stands, tuple[str, str, str]] = {
    Stands.NOT_BOOKED: ("bad", "alert", "Not booked"),
    Stands.WAITING: ("wait", "clock", "Waiting for a place"),
    Stands.BOOKED: ("wait", "check", "Booked"),
    Stands.CAME: ("ok", "check", "Came"),
    Stands.ABSENT: ("bad", "cross", "Did not come"),
    Stands.EXEMPT: ("", "minus", "Exempt"),
}
"""The same of where somebody stands with an event that is compulsory."""
UNITS: Mapping[TrainingUnit, str] = {
    TrainingUnit.DAYS: "day",
    TrainingUnit.HOURS: "hour",
    TrainingUnit.CREDITS: "credit",
}


def number(amount: Fraction) -> str:
    """Return 6.5; at most two digits behind the point, and none that say nothing."""
    return f"{float(amount):.2f}".rstrip("0").rstrip(".")


def counted(amount: Fraction, unit: TrainingUnit) -> str:
    """Return 6.5 days, or 1 day."""
    return plural(1, UNITS[unit]) if amount == 1 else f"{number(amount)} {UNITS[unit]}s"


def hours(minutes: Fraction | int) -> str:
    """Return 7.5: a length in hours."""
    return f"{float(minutes) / MINUTES_AN_HOUR:.2f}".rstrip("0").rstrip(".")


def days(first: date, last: date) -> str:
    """Return 3 March 2027, or 3 March 2027 to 4 March 2027."""
    words = [f"{day.day} {day:%B} {day.year}" for day in (first, last)]
    return words[0] if first == last else " to ".join(words)
