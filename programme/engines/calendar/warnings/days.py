"""What there is to think about on the days and at the hours of an event. Pure."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from programme.engines.calendar.times import LONDON, london_day, to_wall
from programme.engines.calendar.warnings.rule import order
from programme.engines.calendar.warnings.values import Kind, Warned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from programme.engines.calendar.term_weeks.weeks import WeekLabel
    from programme.engines.calendar.warnings.values import Days, Scheduled

MORNING, EVENING = time(7), time(22)
VACATION = "vacation"
INSTANT = timedelta(microseconds=1)


def on_days(event: Scheduled, days: Days, weeks: Mapping[str, WeekLabel]) -> list[Warned]:
    """Return what there is to think about, of each kind in the order of days.

    `weeks` says the week of the first day at each university, by its name: a vacation that is known is told, dates that
    are not confirmed are not.
    """
    first, last = london_day(event.stay.starts_at), london_day(event.stay.ends_at - INSTANT)
    found = [*holidays(event, days, first, last), *spells(event, days, first, last), *hours(event)]
    found += [
        Warned(kind=Kind.VACATION, event=event, name=name, day=first)
        for name, week in weeks.items()
        if not week.in_term and week.short == VACATION
    ]
    return sorted(found, key=order)


def holidays(event: Scheduled, days: Days, first: date, last: date) -> Iterator[Warned]:
    """Return the bank holidays among the days."""
    for day, name in days.holidays.items():
        if first <= day <= last:
            yield Warned(kind=Kind.HOLIDAY, event=event, name=name, day=day)


def spells(event: Scheduled, days: Days, first: date, last: date) -> Iterator[Warned]:
    """Return the closures and examinations that the days touch, each by the first day that it touches."""
    for spell in days.spells:
        if spell.first <= last and spell.last >= first:
            name = f"{spell.university}: {spell.name}"
            yield Warned(kind=spell.kind, event=event, name=name, day=max(first, spell.first))


def hours(event: Scheduled) -> Iterator[Warned]:
    """Return whether the clocks change while it is on, and whether people are to come at night."""
    stay = event.stay
    if stay.all_day:
        return
    before, after = (instant.astimezone(LONDON).utcoffset() for instant in (stay.starts_at, stay.ends_at))
    if before != after and stay.ends_at - stay.starts_at < timedelta(days=2):
        yield Warned(kind=Kind.CLOCKS, event=event, day=london_day(stay.ends_at))
    begins, ends = to_wall(stay.starts_at), to_wall(stay.ends_at)
    if begins.time() < MORNING or ends.time() > EVENING or ends.time() < MORNING:
        yield Warned(kind=Kind.NIGHT, event=event, day=begins.date())
