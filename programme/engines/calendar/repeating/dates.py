"""From a way of repeating to dates: London's wall time on each day, what is skipped and why, what is odd."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.core.web.words import long_date
from programme.engines.calendar.repeating.ways import ByRule, Every, Planned, Way, planned
from programme.engines.calendar.term_weeks.weeks import Term, label_for
from programme.engines.calendar.times import TimeDoesNotExist, TimeIsAmbiguous, nearest_instant, to_instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 200
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which a university is closed, both included."""

    words: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Avoided:
    """What is to be left out: bank holidays by day with their names, and closures; empty where nobody asked for it.

    `known_until` is the last day up to which bank holidays are known; None where they are not avoided.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    closures: tuple[Closed, ...] = ()
    known_until: date | None = None

    def reason(self, day: date) -> str:
        """Say why nothing is to be on a day, or nothing."""
        if day in self.holidays:
            return self.holidays[day]
        return next((row.words for row in self.closures if row.first <= day <= row.last), "")


@dataclass(frozen=True, slots=True)
class Watched:
    """A university whose terms are to hold every date: of those outside a warning is given."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Many dates: how they repeat, from when to when by London's clock, and what is left out or watched."""

    way: Way
    begins: time
    ends: time
    avoided: Avoided = Avoided()
    watched: tuple[Watched, ...] = ()


@dataclass(frozen=True, slots=True)
class OneDate:
    """One date: its London day, its instants (UTC), and what there is to think about."""

    day: date
    starts_at: datetime
    ends_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was left out, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a way of repeating comes to, both in order of date."""

    dates: tuple[OneDate, ...]
    skipped: tuple[Skipped, ...]


def dates_of(repeat: Repeat) -> Outcome:
    """Return the dates of a repeat, each moment once; of a rule with a count so many, those left out not among them.

    Raises Refusal where there are none, more than MOST, or where they reach further than three years.
    """
    check(repeat)
    kept: list[OneDate] = []
    skipped: list[Skipped] = []
    count = repeat.way.count if isinstance(repeat.way, ByRule) else None
    for item in within_bounds(repeat.way):
        reason = repeat.avoided.reason(item.day)
        if reason:
            skipped.append(Skipped(item.day, reason))
            continue
        one = one_date(item, repeat)
        if kept and kept[-1].starts_at == one.starts_at:
            continue
        kept.append(one)
        if len(kept) == count:
            break
        if len(kept) > MOST:
            raise Refusal(f"That is more than {MOST} dates: make them in parts.", field=field_of(repeat.way))
    if count is not None and len(kept) < count:
        raise Refusal(f"Within three years there are only {len(kept)} of them.", field="count")
    if not kept:
        raise Refusal("No date is left: all of them fall on days that are skipped." if skipped else "There is no date.")
    return Outcome(tuple(kept), tuple(skipped))


def check(repeat: Repeat) -> None:
    """Refuse an end before the start, and a rule that never ends."""
    if repeat.ends <= repeat.begins:
        raise Refusal("The end must be later than the start, on the same day.", field="ends")
    way = repeat.way
    if not isinstance(way, ByRule):
        return
    if (way.count is None) is (way.until is None):
        raise Refusal("Say how many dates, or until which day: one of the two.", field="count")
    if way.count is not None and not 0 < way.count <= MOST:
        raise Refusal(f"Enter a number of dates from 1 to {MOST}.", field="count")
    if way.until is not None and way.until < way.first_day:
        raise Refusal("The last day lies before the first.", field="until")
    if way.until is not None and way.until - way.first_day > LONGEST:
        raise Refusal("At most three years at once.", field="until")


def field_of(way: Way) -> str:
    """Name the field in which a way says how many dates it has."""
    return "until" if isinstance(way, ByRule) else "days"


def within_bounds(way: Way) -> Iterator[Planned]:
    """Give the days of a way for three years from the first; raises Refusal where a list goes further."""
    days = planned(way)
    if isinstance(way, ByRule):
        last = way.first_day + LONGEST
        return takewhile(lambda item: item.day <= last, days)
    found = list(days)
    if found and found[-1].day - found[0].day > LONGEST:
        raise Refusal("At most three years at once.", field="days")
    return iter(found)


def one_date(item: Planned, repeat: Repeat) -> OneDate:
    """Put the wall times to a day: over the hour that does not exist forward, of one that comes twice the first."""
    length = wall(item.day, repeat.ends) - wall(item.day, repeat.begins)
    begins = wall(item.day, item.begins or repeat.begins)
    ends = begins + length
    starts_at, ends_at = nearest_instant(begins), nearest_instant(ends)
    if ends_at <= starts_at:
        ends_at = starts_at + length
    odd = [item.note, clock_words(begins), clock_words(ends)]
    odd += [*(term_words(item.day, university) for university in repeat.watched), known_words(item.day, repeat.avoided)]
    return OneDate(item.day, starts_at, ends_at, tuple(dict.fromkeys(filter(None, odd))))


def wall(day: date, clock: time) -> datetime:
    """Join a day and a time of London's clock."""
    return datetime.combine(day, clock.replace(tzinfo=None))


def clock_words(moment: datetime) -> str:
    """Say what is odd about a wall time: it does not exist, or it comes twice."""
    try:
        to_instant(moment)
    except TimeDoesNotExist:
        return f"The clocks go forward: {moment:%H:%M} does not exist that night, so it is an hour later"
    except TimeIsAmbiguous:
        return f"The clocks go back: {moment:%H:%M} comes twice that night, and the first is taken"
    return ""


def term_words(day: date, university: Watched) -> str:
    """Say that a day lies outside a university's terms, or that its terms are not known so far ahead."""
    label = label_for(day, university.terms)
    if label.in_term:
        return ""
    if label.long == "vacation":
        return f"Outside {university.name}’s terms"
    return f"{university.name}’s terms are not known for then"


def known_words(day: date, avoided: Avoided) -> str:
    """Say that bank holidays are not known so far ahead."""
    if avoided.known_until is None or day <= avoided.known_until:
        return ""
    return f"Bank holidays are known until {long_date(avoided.known_until)} only"


EVERY_WORDS = {
    Every.DAY: "Every day",
    Every.WEEK: "Every week",
    Every.FORTNIGHT: "Every second week",
    Every.MONTH: "Every month, on the same weekday of the month",
    Every.LAST: "Every month, on the last such weekday",
}
