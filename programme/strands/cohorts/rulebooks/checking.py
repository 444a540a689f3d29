"""What may stand in a rulebook: terms in their order, limits that fit, milestones that can be reckoned. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from programme.strands.cohorts.candidatures.rule import Wrong
from programme.strands.cohorts.milestones.reckoning import Falls, Reckoned
from programme.strands.cohorts.milestones.units import MONTHS_A_YEAR, Counting, Named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_TERMS, MOST_RULES = 6, 60
MOST_UNITS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDetails:
    """Everything about a rulebook but its milestones. Lengths are in units of `counting`; None is no limit."""

    counting: Counting
    terms: tuple[Named, ...] = ()
    part_time_rate: int = 50
    least_supervisors: int = 2
    shortest_suspension: int = 1
    longest_suspension: int | None = None
    suspension_in_all: int | None = None
    meetings_counting: Counting = Counting.MONTHS
    meetings_every_full: int = 1
    meetings_every_part: int = 2
    meetings_year_month: int = 10
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDetails:
    """One milestone of a rulebook, for all researchers or for those of an award; see `milestones/reckoning.py`."""

    code: str
    title: str
    reckoned: Reckoned
    award_id: int | None = None
    form: str = ""
    advice: str = ""
    units: int = 1
    place: int = 0
    base: str = ""
    weeks: int = 0
    falls: Falls = Falls.LAST_DAY
    is_last: bool = False
    is_key: bool = True
    needs_evidence: bool = False
    signers: tuple[str, ...] = ()
    longest_extension_full: int | None = None
    longest_extension_part: int | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What checking needs to know of a rule that is in force."""

    code: str
    title: str
    reckoned: Reckoned
    base: str = ""
    award_id: int | None = None


def wrong_book(book: BookDetails) -> Wrong | None:
    """Say what is wrong with a rulebook, and what to do; None where all is well."""
    return wrong_terms(book) or wrong_limits(book)


def wrong_terms(book: BookDetails) -> Wrong | None:
    """Say what is wrong with the terms of a year."""
    terms = book.terms if book.counting is Counting.TERMS else ()
    if book.counting is Counting.TERMS and not 1 <= len(terms) <= MOST_TERMS:
        return Wrong("terms", f"Name the terms of an academic year, from 1 to {MOST_TERMS}, one on each line.")
    for words in ([term.name.casefold() for term in terms], [term.code.casefold() for term in terms]):
        twice = next((word for word in words if words.count(word) > 1), None)
        if twice is not None:
            return Wrong("terms", f"“{twice}” stands there twice: each term needs a name and a code of its own.")
    late = next((one for one, after in pairwise(terms) if one.years_later > after.years_later), None)
    if late is not None:
        sentence = f"The terms are out of order: {late.name} is next year’s, and one of this year’s follows."
        return Wrong("terms", f"{sentence} Begin with the first term of the academic year.")
    return None


def wrong_limits(book: BookDetails) -> Wrong | None:
    """Say which limit of suspensions contradicts another."""
    longest, in_all = book.longest_suspension, book.suspension_in_all
    if longest is not None and longest < book.shortest_suspension:
        return Wrong(
            "longest_suspension", "The longest suspension is shorter than the shortest one. Change one of them."
        )
    if in_all is not None and in_all < max(longest or 0, book.shortest_suspension):
        return Wrong("suspension_in_all", "In all it must be as long at least as one suspension may be.")
    return None


def wrong_rule(rule: RuleDetails, others: Collection[Standing], *, counting: Counting, a_year: int) -> Wrong | None:
    """Say what is wrong with a milestone beside the others that are in force; None where all is well.

    `others` are without the one that it takes the place of.
    """
    if not CODE.fullmatch(rule.code):
        return Wrong("code", "A code is one short word in small letters, like “transfer” or “report_2”.")
    if any(one.code == rule.code and one.award_id == rule.award_id for one in others):
        return Wrong("code", f"“{rule.code}” is used already. Change that milestone, or choose another code.")
    if len(others) >= MOST_RULES:
        return Wrong("code", f"A rulebook has {MOST_RULES} milestones at most. Retire one that nobody needs.")
    if rule.falls is Falls.NOUGHTH_FRIDAY and counting is not Counting.TERMS:
        return Wrong("falls", "Months have no noughth week: let it fall on the last day.")
    if rule.is_last and rule.reckoned is not Reckoned.COUNTED:
        return Wrong("is_last", "Only a milestone that is counted from the entry can end a course.")
    return WRONG[rule.reckoned](rule, others, a_year)


def wrong_counted(rule: RuleDetails, others: Collection[Standing], a_year: int) -> Wrong | None:
    """Say what is wrong with one at the end of the nth unit, or with those that stand before it."""
    del others, a_year
    if 1 <= rule.units <= MOST_UNITS:
        return None
    return Wrong("units", f"Enter after how many it is due, from 1 to {MOST_UNITS}.")


def wrong_yearly(rule: RuleDetails, others: Collection[Standing], a_year: int) -> Wrong | None:
    """Say what is wrong with one that comes every year."""
    del others
    if not 0 <= rule.place < a_year:
        return Wrong("place", f"Choose one of the {'months' if a_year == MONTHS_A_YEAR else 'terms'} of the year.")
    if 0 <= rule.units <= MOST_UNITS:
        return None
    return Wrong("first_after", f"Enter how many must have counted before the first one, from 0 to {MOST_UNITS}.")


def wrong_before(rule: RuleDetails, others: Collection[Standing], a_year: int) -> Wrong | None:
    """Say what is wrong with one that stands before another."""
    del a_year
    if rule.base == rule.code:
        return Wrong("base", "It cannot stand before itself. Choose the milestone that it prepares.")
    base = next((one for one in others if one.code == rule.base), None)
    if base is None:
        return Wrong("base", "There is no such milestone to stand before. Choose one, or add it first.")
    if base.reckoned is Reckoned.BEFORE:
        sentence = f"“{base.title}” itself stands before another one. Choose that one, with more weeks."
        return Wrong("base", sentence)
    if rule.weeks < 1:
        return Wrong("weeks", "Enter how many weeks before, 1 at least.")
    return None


WRONG = {
    Reckoned.COUNTED: wrong_counted,
    Reckoned.YEARLY: wrong_yearly,
    Reckoned.BEFORE: wrong_before,
}


def left_hanging(standing: Iterable[Standing]) -> Standing | None:
    """Return a rule that stands before one which is not in force, or stands before another itself; None if none does.

    Asked of what would stand after a change, for all researchers and for each award that has rules of its own.
    """
    rules = list(standing)
    for award_id in {rule.award_id for rule in rules} | {None}:
        in_force = {rule.code: rule for rule in sorted(rules, key=special) if rule.award_id in {None, award_id}}
        for rule in in_force.values():
            base = in_force.get(rule.base)
            if rule.reckoned is Reckoned.BEFORE and (base is None or base.reckoned is Reckoned.BEFORE):
                return rule
    return None


def special(rule: Standing) -> bool:
    """Return what sorts rules of an award behind those for all, whose place they take."""
    return rule.award_id is not None
