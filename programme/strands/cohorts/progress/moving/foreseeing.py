"""What a change of a course would move, before it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.strands.cohorts.milestones.course import Pause
from programme.strands.cohorts.milestones.moves import moves
from programme.strands.cohorts.milestones.reckoning import reckon
from programme.strands.cohorts.progress.moving.suspending import without
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.rulebooks.queries import as_rule
from programme.strands.cohorts.states import MilestoneState

if TYPE_CHECKING:
    from programme.strands.cohorts.milestones.course import Course
    from programme.strands.cohorts.milestones.moves import Move
    from programme.strands.cohorts.models import Candidature, Suspension
    from programme.strands.cohorts.progress.moving.suspending import Wanted
    from programme.strands.cohorts.rulebooks.queries import Book


def with_suspension(row: Candidature, wanted: Wanted, *, instead_of: Suspension | None = None) -> Course:
    """Return a course as it would be with a suspension, perhaps instead of another."""
    course = course_of(row) if instead_of is None else without(course_of(row), instead_of)
    return replace(course, pauses=(*course.pauses, Pause(wanted.first_unit, wanted.units)))


def with_extension(row: Candidature, code: str, units: int) -> Course:
    """Return a course as it would be with more time for one milestone."""
    course = course_of(row)
    return replace(course, extended={**course.extended, code: course.extended.get(code, 0) + units})


def foreseen(row: Candidature, book: Book, becomes: Course) -> list[Move]:
    """Return what moves once a course is as it `becomes`; what is done, or set by hand, stays."""
    rules = [as_rule(rule) for rule in book.rules(row.cohort.award_id).values()]
    fixed = {
        (one.code, one.occurrence)
        for one in row.milestones
        if one.set_on or one.state in {MilestoneState.DONE, MilestoneState.EXEMPT}
    }
    was, will = reckon(rules, course_of(row), book.units), reckon(rules, becomes, book.units)
    return moves(was, will, book.units, fixed=fixed)
