"""Verbs of suspensions: granted, changed, taken back. Each moves what its course has ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.milestones.course import Pause
from programme.strands.cohorts.milestones.limits import counted, wrong_pause
from programme.strands.cohorts.milestones.units import Counting
from programme.strands.cohorts.models import Suspension
from programme.strands.cohorts.progress.noting import note
from programme.strands.cohorts.progress.renewing import course_of, renew_milestones
from programme.strands.cohorts.rulebooks.queries import book_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.milestones.course import Course
    from programme.strands.cohorts.milestones.units import Units
    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.rulebooks.queries import Book

GONE = "This suspension was taken back meanwhile."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A suspension as somebody asks for it: its first unit, how many, why, and by which form."""

    first_unit: int
    units: int
    reason: str = ""
    form: str = ""


def suspend(session: Session, candidature_id: int, wanted: Wanted, *, actor: Actor, now: datetime) -> Suspension:
    """Suspend a course for some units. Refusal where it overlaps another, or is longer than the rulebook allows."""
    row = hold(session, candidature_id)
    book = book_of(session, row.home_organisation_id)
    check(wanted, course_of(row), book)
    made = Suspension(
        first_unit=wanted.first_unit, units=wanted.units, reason=wanted.reason, form=wanted.form, granted_at=now
    )
    row.suspensions.append(made)
    session.flush()
    note(session, row, "suspended a course", actor=actor, now=now, after=told(made, book.units))
    renew_milestones(session, [row.id], now=now)
    return made


def change(
    session: Session, candidature_id: int, suspension_id: int, wanted: Wanted, *, actor: Actor, now: datetime
) -> Suspension:
    """Let a suspension begin or end otherwise."""
    row = hold(session, candidature_id)
    found = suspension_of(row, suspension_id)
    book = book_of(session, row.home_organisation_id)
    check(wanted, without(course_of(row), found), book)
    before = told(found, book.units)
    found.first_unit, found.units, found.reason, found.form = (
        wanted.first_unit,
        wanted.units,
        wanted.reason,
        wanted.form,
    )
    session.flush()
    note(session, row, "changed a suspension", actor=actor, now=now, before=before, after=told(found, book.units))
    renew_milestones(session, [row.id], now=now)
    return found


def take_back(session: Session, candidature_id: int, suspension_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a suspension back, as if it had never been."""
    row = hold(session, candidature_id)
    found = suspension_of(row, suspension_id)
    book = book_of(session, row.home_organisation_id)
    note(session, row, "took a suspension back", actor=actor, now=now, before=told(found, book.units))
    row.suspensions.remove(found)
    session.flush()
    renew_milestones(session, [row.id], now=now)


def check(wanted: Wanted, course: Course, book: Book) -> None:
    """Refuse what the rulebook does not allow."""
    wrong = wrong_pause(Pause(wanted.first_unit, wanted.units), course, book.units, book.limits)
    if wrong:
        raise Refusal(wrong, field="first_unit" if wanted.first_unit < course.entry else "units")


def without(course: Course, suspension: Suspension) -> Course:
    """Return a course as it would be without one of its suspensions."""
    pause = Pause(suspension.first_unit, suspension.units)
    return replace(course, pauses=tuple(one for one in course.pauses if one != pause))


def suspension_of(row: Candidature, suspension_id: int) -> Suspension:
    """Return a suspension of a record; Refusal where it is gone."""
    found = next((one for one in row.suspensions if one.id == suspension_id), None)
    if found is None:
        raise Refusal(GONE)
    return found


def told(suspension: Suspension, units: Units) -> dict[str, str]:
    """Return what the trail tells of a suspension: not why."""
    return {"from": units.name(suspension.first_unit), "for": length(suspension.units, units)}


def length(number: int, units: Units) -> str:
    """Say a number of units: "1 term", "3 months"."""
    return counted(number, *unit_words(units))


def unit_words(units: Units) -> tuple[str, str]:
    """Return what one unit is called, and several."""
    return ("month", "months") if units.counting is Counting.MONTHS else ("term", "terms")
