"""Whether what a reviewer declared keeps them from an application: pure."""

from __future__ import annotations

from programme.strands.cohorts.admission.states import Conflict, Place, Ruling

RECUSE_BY_THEMSELVES = frozenset({Conflict.SUPERVISOR_OR_MENTOR, Conflict.FINANCIAL, Conflict.PERSONAL})
FOR_THE_CHAIR = frozenset({Conflict.SAME_DEPARTMENT, Conflict.COMPETITOR})


def place_of(declared: Conflict | None, ruling: Ruling | None) -> Place:
    """Say where a review stands. Nobody sees an application before they have declared, and what recuses is final.

    A chair decides about some kinds alone, and about none of those that recuse by themselves.
    """
    if declared is None:
        return Place.TO_DECLARE
    if declared in RECUSE_BY_THEMSELVES:
        return Place.RECUSED
    if declared in FOR_THE_CHAIR:
        return {None: Place.WITH_CHAIR, Ruling.MAY_REVIEW: Place.OPEN, Ruling.RECUSED: Place.RECUSED}[ruling]
    return Place.OPEN


def counts(declared: Conflict | None, ruling: Ruling | None) -> bool:
    """Whether what a reviewer scored counts: only of those whom nothing keeps from the application."""
    return place_of(declared, ruling) is Place.OPEN
