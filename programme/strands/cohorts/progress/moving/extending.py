"""Verbs of extensions: more time for one milestone, granted and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.milestones.limits import wrong_extension
from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.milestones.standing import present_unit
from programme.strands.cohorts.models import Extension
from programme.strands.cohorts.progress.moving.suspending import length, unit_words
from programme.strands.cohorts.progress.noting import note
from programme.strands.cohorts.progress.queries import NOT_OPEN, milestone_of
from programme.strands.cohorts.progress.renewing import course_of, renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import MilestoneState

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Candidature, Milestone, MilestoneRule

GONE = "This extension was taken back meanwhile."
FOLLOWS = "Its day follows another milestone. Extend that one, or set the day by hand with a reason."
YEARLY = "It comes every year and is not extended. Set the day of this one by hand with a reason."


def extend(
    session: Session,
    candidature_id: int,
    milestone_id: int,
    *,
    units: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Extension:
    """Grant one milestone more time. Refusal where its rule allows less, or it is not to be extended at all."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    course_units = book_of(session, row.home_organisation_id).units
    check(row, milestone, units=units, course_units=course_units, today=london_day(now))
    made = Extension(code=milestone.code, units=units, reason=reason, granted_at=now)
    row.extensions.append(made)
    session.flush()
    after = {"milestone": milestone.rule.title, "by": length(units, course_units)}
    note(session, row, "extended a milestone", actor=actor, now=now, after=after)
    renew_milestones(session, [row.id], now=now)
    return made


def take_back(session: Session, candidature_id: int, extension_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an extension back."""
    row = hold(session, candidature_id)
    found = next((one for one in row.extensions if one.id == extension_id), None)
    if found is None:
        raise Refusal(GONE)
    units = book_of(session, row.home_organisation_id).units
    before = {"milestone": title_of(row, found.code), "by": length(found.units, units)}
    note(session, row, "took an extension back", actor=actor, now=now, before=before)
    row.extensions.remove(found)
    session.flush()
    renew_milestones(session, [row.id], now=now)


def check(row: Candidature, milestone: Milestone, *, units: int, course_units: Units, today: date) -> None:
    """Refuse what the rule does not allow."""
    rule = milestone.rule
    if milestone.state is not MilestoneState.OPEN:
        raise Refusal(NOT_OPEN)
    if rule.reckoned is not Reckoned.COUNTED:
        raise Refusal(YEARLY if rule.reckoned is Reckoned.YEARLY else FOLLOWS)
    one, many = unit_words(course_units)
    most = longest(rule, is_full_time=is_full_time(row, course_units, today=today))
    wrong = wrong_extension(units, granted(row, milestone.code), most, one=one, many=many)
    if wrong:
        raise Refusal(wrong, field="units")


def longest(rule: MilestoneRule, *, is_full_time: bool) -> int | None:
    """Return how many units a rule allows in all; None is no limit."""
    return rule.longest_extension_full if is_full_time else rule.longest_extension_part


def is_full_time(row: Candidature, units: Units, *, today: date) -> bool:
    """Whether somebody studies full time now; before the course begins, whether it begins so."""
    course = course_of(row)
    return course.rate(max(present_unit(units, today), course.entry)) >= FULL


def granted(row: Candidature, code: str) -> int:
    """Return how many units a milestone was given already."""
    return sum(one.units for one in row.extensions if one.code == code)


def title_of(row: Candidature, code: str) -> str:
    """Return what a milestone is called; its code where the record has it no more."""
    return next((one.rule.title for one in row.milestones if one.code == code), code)
