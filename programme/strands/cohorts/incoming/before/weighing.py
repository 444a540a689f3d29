"""What a row says was before, beside the rulebook and what the record has already: what would be written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from programme.strands.cohorts.incoming.before.cells import extensions_in, marks_in, rests_in
from programme.strands.cohorts.incoming.before.facts import Before, Deadline, Extended, Marked
from programme.strands.cohorts.incoming.before.headings import (
    EXTENSIONS,
    SUSPENSIONS,
    column_of,
    is_yearly,
    rule_called,
)
from programme.strands.cohorts.incoming.before.supervisors import Named, supervisors_in
from programme.strands.cohorts.incoming.facts import OddCells, OddRow
from programme.strands.cohorts.milestones.course import FULL, Course, Pause, Rate
from programme.strands.cohorts.milestones.limits import wrong_extension, wrong_pause
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.milestones.reckoning import ONCE, Due, Reckoned, reckon
from programme.strands.cohorts.milestones.standing import present_unit
from programme.strands.cohorts.progress.handing.handing_in import wrong_day
from programme.strands.cohorts.progress.moving.extending import FOLLOWS, YEARLY, longest
from programme.strands.cohorts.progress.moving.suspending import unit_words
from programme.strands.cohorts.progress.renewing import course_of
from programme.strands.cohorts.rulebooks.queries import as_rule
from programme.strands.cohorts.states import MilestoneState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from programme.strands.cohorts.candidatures.details import Details
    from programme.strands.cohorts.incoming.before.cells import Mark, MoreTime, Paused
    from programme.strands.cohorts.incoming.before.facts import Joining
    from programme.strands.cohorts.incoming.before.headings import Column
    from programme.strands.cohorts.incoming.before.joining import Team
    from programme.strands.cohorts.models import Candidature, Milestone, MilestoneRule
    from programme.strands.cohorts.rulebooks.queries import Book

Key = tuple[str, int]
LONGEST = 2_000
NO_SUCH = "The home university asks for no milestone of this name. Clear the cell, or correct the heading."


@dataclass(slots=True)
class Scales:
    """One row being weighed: what is known of its course, and what was found so far."""

    details: Details
    course: Course
    book: Book
    rules: Mapping[str, MilestoneRule]
    known: Candidature | None
    today: date
    marks: dict[Key, Marked] = field(default_factory=dict)
    rests: list[Paused] = field(default_factory=list)
    more: list[Extended] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)

    def dues(self) -> dict[Key, Due]:
        """Return what is due when, with all that was found."""
        found = reckon([as_rule(rule) for rule in self.rules.values()], self.course, self.book.units)
        return {(due.code, due.occurrence): due for due in found}

    def kept(self) -> dict[Key, Milestone]:
        """Return the milestones that the record has."""
        return {(one.code, one.occurrence): one for one in (self.known.milestones if self.known else ())}


def course_meant(details: Details, known: Candidature | None, *, entry: int) -> Course:
    """Return a course as it would be with the facts of a row, before what was before is read."""
    first = Rate(entry, details.rate)
    if known is None:
        return Course(entry, (first,))
    was = course_of(known)
    return replace(was, entry=entry, rates=(first, *was.rates[1:]))


def weigh(scales: Scales, cells: Mapping[str, str], team: Team, *, universities: Mapping[str, int]) -> Before:
    """Return what would be written of a row; raises OddCells for what cannot be read, or may not be."""
    for name, text in cells.items():
        if len(text) > LONGEST:
            scales.odd.append((name, f"There are more than {LONGEST:,} letters in it. Shorten it."))
    suspend(scales, cells.get(SUSPENSIONS, ""))
    extend(scales, cells.get(EXTENSIONS, ""))
    dues = scales.dues()
    for name, text in cells.items():
        column = column_of(name)
        try:
            if column:
                mark(scales, column, text, dues)
        except OddRow as odd:
            scales.odd.append((name, str(odd)))
    people = join(scales, cells, team, universities)
    if scales.odd:
        raise OddCells(scales.odd)
    return Before(
        marks=tuple(scales.marks.values()),
        rests=tuple(scales.rests),
        more=tuple(scales.more),
        people=tuple(people),
        deadline=deadline_of(scales, dues),
        notes=tuple(scales.notes),
    )


def suspend(scales: Scales, text: str) -> None:
    """Weigh the suspensions; what the record has already is passed over."""
    had = {Pause(one.first_unit, one.units) for one in (scales.known.suspensions if scales.known else ())}
    try:
        for rest in rests_in(text, scales.book.units, around=scales.course.entry):
            if Pause(rest.first, rest.units) not in had:
                suspend_one(scales, rest)
    except OddRow as odd:
        scales.odd.append((SUSPENSIONS, str(odd)))


def suspend_one(scales: Scales, rest: Paused) -> None:
    """Weigh one suspension."""
    pause = Pause(rest.first, rest.units)
    sentence = wrong_pause(pause, scales.course, scales.book.units, scales.book.limits)
    if sentence:
        raise OddRow(sentence)
    scales.rests.append(rest)
    scales.course = replace(scales.course, pauses=(*scales.course.pauses, pause))


def extend(scales: Scales, text: str) -> None:
    """Weigh the extensions: a number is what was granted in all, of which the record may have a part."""
    try:
        for one in extensions_in(text, scales.book.units):
            extend_one(scales, one)
    except OddRow as odd:
        scales.odd.append((EXTENSIONS, str(odd)))


def extend_one(scales: Scales, one: MoreTime) -> None:
    """Weigh one extension."""
    rule = rule_called(one.called, scales.rules.values())
    if rule is None:
        raise OddRow(f"“{one.called[:60]}” is no milestone of the home university. Correct the name.")
    if rule.reckoned is not Reckoned.COUNTED:
        raise OddRow(YEARLY if rule.reckoned is Reckoned.YEARLY else FOLLOWS)
    granted = scales.course.extended.get(rule.code, 0)
    if one.units <= granted:
        if one.units < granted:
            scales.notes.append(f"{rule.title} was given more time already than here. It stays.")
        return
    present = max(present_unit(scales.book.units, scales.today), scales.course.entry)
    most = longest(rule, is_full_time=scales.course.rate(present) >= FULL)
    word, words = unit_words(scales.book.units)
    sentence = wrong_extension(one.units - granted, granted, most, one=word, many=words)
    if sentence:
        raise OddRow(sentence)
    scales.more.append(Extended(rule.code, rule.title, one.units - granted, one.reason))
    scales.course = replace(scales.course, extended={**scales.course.extended, rule.code: one.units})


def mark(scales: Scales, column: Column, text: str, dues: Mapping[Key, Due]) -> None:
    """Weigh the cell of one milestone."""
    found, rule = marks_in(text), rule_called(column.called, scales.rules.values())
    if not found:
        return
    if rule is None:
        raise OddRow(NO_SUCH)
    years = [year_of(one, column, rule, is_yearly=is_yearly(rule, scales.rules)) for one in found]
    if len(set(years)) < len(years):
        raise OddRow("More than one day is written for one milestone. Keep one.")
    for one, year in zip(found, years, strict=True):
        mark_one(scales, one, rule, (rule.code, year), dues)


def year_of(one: Mark, column: Column, rule: MilestoneRule, *, is_yearly: bool) -> int:
    """Return which occurrence a mark is about: that of the heading, else of the year of its day."""
    if not is_yearly:
        if column.year:
            raise OddRow(f"{rule.title} comes once. Leave the year out of the heading.")
        return ONCE
    if column.year:
        return column.year
    if one.done_on is None:
        raise OddRow(f"{rule.title} comes every year. Say of which in the heading, like “{rule.title} 2027”.")
    return one.done_on.year


def mark_one(scales: Scales, one: Mark, rule: MilestoneRule, key: Key, dues: Mapping[Key, Due]) -> None:
    """Weigh that one milestone was done, or does not apply; what the record says of it already stays.

    What is open there, and not asked for any more once the suspensions of the row count, goes with them.
    """
    row = scales.kept().get(key)
    title = f"{rule.title} {key[1]}" if key[1] else rule.title
    if key in scales.marks:
        raise OddRow(f"{title} stands in another column as well. Keep one of the two.")
    if key not in dues and (row is None or row.state is MilestoneState.OPEN):
        years = sorted(year for code, year in dues if code == rule.code)
        asked = f"{years[0]} to {years[-1]}" if years else "no year"
        raise OddRow(f"{title} is not asked for: {rule.title} is from {asked} here. Look at the year again.")
    wrong = wrong_day(one.done_on, begun_on=scales.details.registered_on, today=scales.today) if one.done_on else None
    if wrong:
        raise OddRow(wrong)
    if row is None or row.state is MilestoneState.OPEN:
        scales.marks[key] = Marked(*key, title, one.done_on, one.exempt)
    elif differs(row, one):
        scales.notes.append(f"{title} {stands(row)}, otherwise than here. Change it on the record.")


def differs(row: Milestone, one: Mark) -> bool:
    """Whether a record says something else of a milestone."""
    if row.state is MilestoneState.DONE:
        return row.done_on != one.done_on
    return row.state is not MilestoneState.EXEMPT or not one.exempt


def stands(row: Milestone) -> str:
    """Say how a milestone stands on its record."""
    if row.state is MilestoneState.DONE and row.done_on:
        return f"was done on {plain_day(row.done_on)}"
    return "does not apply" if row.state is MilestoneState.EXEMPT else "is handed in"


def join(scales: Scales, cells: Mapping[str, str], team: Team, universities: Mapping[str, int]) -> list[Joining]:
    """Weigh who supervises."""
    found = list(supervisors_in(cells, universities))
    scales.odd.extend(one for one in found if not isinstance(one, Named))
    joining, notes, odd = team.joined([one for one in found if isinstance(one, Named)])
    scales.notes.extend(notes)
    scales.odd.extend(odd)
    return joining


def deadline_of(scales: Scales, dues: Mapping[Key, Due]) -> Deadline | None:
    """Return the day of the last milestone that the row says, where it is new and not the one reckoned."""
    day = scales.details.submission_deadline
    rule = next((one for one in scales.rules.values() if one.is_last and one.reckoned is Reckoned.COUNTED), None)
    if day is None or rule is None or (scales.known and scales.known.submission_deadline == day):
        return None
    key = (rule.code, ONCE)
    row, due = scales.kept().get(key), dues.get(key)
    is_settled = key in scales.marks or (row and (row.state is not MilestoneState.OPEN or row.set_on == day))
    if due is None or due.day == day or is_settled:
        return None
    return Deadline(rule.code, rule.title, day)
