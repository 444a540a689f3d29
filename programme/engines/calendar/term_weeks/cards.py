"""What a term card is made of: a university's terms by name, and each in its numbered weeks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from programme.engines.calendar.term_weeks.weeks import DateStatus, Numbering, Term, ordinal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_VACATION = timedelta(weeks=14)
"""How far a card goes on where the next term is not known: not as far as two years of it."""
YEAR = re.compile(r"\b\d{4}\b")


@dataclass(frozen=True, slots=True)
class CardTerm:
    """One term of a university as its card has it: what several stretches that bear one name come to.

    `key` is the end of its address (oxford-michaelmas-2026). The card goes on to `until`, the first day that the
    next term shows.
    """

    key: str
    organisation: str
    label: str
    stretches: tuple[Term, ...]
    until: date

    @property
    def first_day(self) -> date:
        """The first day of the first week of the term itself."""
        return self.stretches[0].first_week

    @property
    def last_day(self) -> date:
        """The last day of the last week of the term itself."""
        return self.stretches[-1].last_day

    @property
    def shown_from(self) -> date:
        """The first day that the card may show."""
        return self.stretches[0].shown_from

    @property
    def is_provisional(self) -> bool:
        """Whether its dates may still change."""
        return any(term.status is not DateStatus.CONFIRMED for term in self.stretches)


@dataclass(frozen=True, slots=True)
class CardWeek:
    """One week of a card, or what lies between or after the numbered ones; `last_day` is included.

    Only the weeks of the term itself (`is_of_term`) stand there with nothing in them.
    """

    title: str
    first_day: date
    last_day: date
    is_of_term: bool
    is_numbered: bool = True


def card_terms(terms: Iterable[Term]) -> list[CardTerm]:
    """Gather the terms of one organisation into cards, in their order; dates that nobody knows make none."""
    known = sorted((term for term in terms if term.status is not DateStatus.PLACEHOLDER), key=lambda it: it.first_week)
    named = [(key, tuple(found)) for key, found in groupby(known, key=key_of)]
    starts = [stretches[0].shown_from for _, stretches in named]
    return [
        CardTerm(key, stretches[0].organisation, named_by_year(stretches[0]), stretches, end_of(stretches, following))
        for (key, stretches), following in zip(named, [*starts, None][1:], strict=True)
    ]


def key_of(term: Term) -> str:
    """Return what a term is called in addresses; the year in which it begins tells one Semester 1 from the next."""
    words = re.findall(r"[a-z0-9]+", named_by_year(term).lower())
    return "-".join([term.organisation, *words])


def named_by_year(term: Term) -> str:
    """Return a term's name with its year: Michaelmas 2026, Semester 1, 2026."""
    return term.label if YEAR.search(term.label) else f"{term.label}, {term.first_week.year}"


def end_of(stretches: Sequence[Term], following: date | None) -> date:
    """Return the first day that is not on the card: the next term shows it, or it is far beyond this one."""
    last = stretches[-1].shown_until + timedelta(days=1)
    return max(last, min(following or date.max, last + LONGEST_VACATION))


def term_for(cards: Sequence[CardTerm], day: date) -> CardTerm | None:
    """Return the term of a day, or the next one, or else the last there was."""
    return next((card for card in cards if day < card.until), cards[-1] if cards else None)


def weeks_of_card(card: CardTerm) -> Iterator[CardWeek]:
    """Go through every day that the card may show, week by week: no day is left out, and none is there twice."""
    day = card.shown_from
    for stretch, following in zip(card.stretches, [*card.stretches, None][1:], strict=True):
        if day < stretch.shown_from:
            yield CardWeek("Vacation", day, stretch.shown_from - timedelta(days=1), is_of_term=False, is_numbered=False)
        day = max(day, stretch.shown_from)
        end = min(stretch.shown_until, following.first_week - timedelta(days=1)) if following else stretch.shown_until
        while day <= end:
            last = min(end, day + timedelta(days=6 - (day - stretch.first_week).days % 7))
            yield CardWeek(week_title(stretch, day), day, last, stretch.first_week <= day <= stretch.last_day)
            day = last + timedelta(days=1)
    if day < card.until:
        yield CardWeek("Vacation", day, card.until - timedelta(days=1), is_of_term=False, is_numbered=False)


def week_title(term: Term, day: date) -> str:
    """Say a week as its university does: 3rd week, or Week 5."""
    number = term.number(day)
    return f"{ordinal(number)} week" if term.numbering is Numbering.ORDINAL else f"Week {number}"
