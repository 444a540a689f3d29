"""What somebody would have to reach once a row is in: which is done, which comes when, which would be late. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.milestones.reckoning import ONCE
from programme.strands.cohorts.milestones.standing import Standing, Station, present_unit, standings
from programme.strands.cohorts.states import MilestoneState

if TYPE_CHECKING:
    from datetime import date

    from programme.strands.cohorts.incoming.before.facts import Before
    from programme.strands.cohorts.incoming.before.weighing import Scales
    from programme.strands.cohorts.milestones.reckoning import Due
    from programme.strands.cohorts.models import Milestone


@dataclass(frozen=True, slots=True)
class Expected:
    """One milestone as it would stand: `words` are its day, or its term while that has no dates."""

    title: str
    standing: Standing
    words: str
    is_set: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it would be late now."""
        return self.standing is Standing.OVERDUE


def expected(scales: Scales, before: Before) -> list[Expected]:
    """Return everything that has to be reached, in the order of time."""
    kept, found = scales.kept(), scales.dues()
    marks = {(one.code, one.occurrence): one for one in before.marks}
    last = (before.deadline.code, ONCE) if before.deadline else None
    stations, lines = [], []
    for key, due in found.items():
        rule, row, mark = scales.rules[due.code], kept.get(key), marks.get(key)
        state = MilestoneState.OPEN if row is None else row.state
        if mark:
            state = MilestoneState.DONE if mark.done_on else MilestoneState.EXEMPT
        day = before.deadline.day if before.deadline and key == last else set_day(row) or due.day
        done = (mark.done_on if mark else None) or (row.done_on if row else None)
        title = f"{rule.title} {due.occurrence}" if due.occurrence else rule.title
        stations.append(Station(state.value, due.unit, day))
        is_set = key == last or set_day(row) is not None
        lines.append((title, day_words(done or day, due, scales), is_set and done is None))
    present = present_unit(scales.book.units, scales.today)
    how = standings(stations, today=scales.today, is_suspended=scales.course.is_paused(present))
    return [
        Expected(title, standing, words, is_set) for (title, words, is_set), standing in zip(lines, how, strict=True)
    ]


def set_day(row: Milestone | None) -> date | None:
    """Return the day that was set by hand on the record."""
    return row.set_on if row else None


def day_words(day: date | None, due: Due, scales: Scales) -> str:
    """Say when: the day, or the term while that has no dates."""
    return plain_day(day) if day else f"{scales.book.units.name(due.unit)}, dates not known"
