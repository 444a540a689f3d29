"""What may stand in a rulebook, and what cannot: pure rules."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.strands.cohorts.milestones.course import Course, Rate
from programme.strands.cohorts.milestones.reckoning import Falls, Reckoned, Rule, reckon
from programme.strands.cohorts.milestones.units import Counting, Named, Units
from programme.strands.cohorts.rulebooks.checking import (
    BookDetails,
    RuleDetails,
    Standing,
    left_hanging,
    wrong_book,
    wrong_rule,
)
from programme.strands.cohorts.rulebooks.defaults import DEFAULTS

TERMS = (Named("Michaelmas", "MT"), Named("Hilary", "HT", 1), Named("Trinity", "TT", 1))
BOOK = BookDetails(counting=Counting.TERMS, terms=TERMS)
TRANSFER = Standing("transfer", "Transfer", Reckoned.COUNTED)
INTEGRITY = Standing("integrity", "Integrity", Reckoned.BEFORE, "transfer")
RULE = RuleDetails(code="viva", title="Viva", reckoned=Reckoned.COUNTED, units=12)
BEFORE = RuleDetails(code="notice", title="Notice", reckoned=Reckoned.BEFORE, base="transfer", weeks=4)


def test_default_rulebooks_pass_their_own_checks() -> None:
    for book in DEFAULTS:
        details = BookDetails(
            counting=book.counting,
            terms=book.terms,
            longest_suspension=book.longest_suspension,
            suspension_in_all=book.suspension_in_all,
        )
        assert wrong_book(details) is None
        standing = [Standing(rule.code, rule.title, rule.reckoned, rule.base) for rule in book.rules]
        assert left_hanging(standing) is None


WRONG_BOOKS = (
    (replace(BOOK, terms=()), "terms", "from 1 to 6"),
    (replace(BOOK, terms=(TERMS[1], TERMS[0])), "terms", "out of order: Hilary is next year’s"),
    (replace(BOOK, terms=(TERMS[0], replace(TERMS[1], name="michaelmas"))), "terms", "stands there twice"),
    (replace(BOOK, terms=(TERMS[0], replace(TERMS[1], code="mt"))), "terms", "stands there twice"),
    (replace(BOOK, shortest_suspension=3, longest_suspension=2), "longest_suspension", "shorter than the shortest"),
    (replace(BOOK, longest_suspension=3, suspension_in_all=2), "suspension_in_all", "In all it must be as long"),
)


@pytest.mark.parametrize(("book", "field", "words"), WRONG_BOOKS)
def test_book_that_contradicts_itself_is_refused(book: BookDetails, field: str, words: str) -> None:
    wrong = wrong_book(book)
    assert wrong is not None
    assert (wrong.field, words in wrong.sentence) == (field, True)


WRONG_RULES = (
    (replace(RULE, code="Viva!"), "code", "one short word"),
    (replace(RULE, code="transfer"), "code", "is used already"),
    (replace(RULE, units=0), "units", "from 1 to 240"),
    (replace(RULE, reckoned=Reckoned.YEARLY, place=3), "place", "one of the terms"),
    (replace(RULE, reckoned=Reckoned.YEARLY, is_last=True), "is_last", "Only a milestone that is counted"),
    (replace(BEFORE, base="notice"), "base", "It cannot stand before itself"),
    (replace(BEFORE, base="nothing"), "base", "There is no such milestone"),
    (replace(BEFORE, base="integrity"), "base", "“Integrity” itself stands before another one"),
    (replace(BEFORE, weeks=0), "weeks", "1 at least"),
)


@pytest.mark.parametrize(("rule", "field", "words"), WRONG_RULES)
def test_milestone_that_cannot_be_reckoned_is_refused(rule: RuleDetails, field: str, words: str) -> None:
    wrong = wrong_rule(rule, [TRANSFER, INTEGRITY], counting=Counting.TERMS, a_year=3)
    assert wrong is not None
    assert (wrong.field, words in wrong.sentence) == (field, True)


def test_months_have_no_noughth_week() -> None:
    wrong = wrong_rule(replace(RULE, falls=Falls.NOUGHTH_FRIDAY), [], counting=Counting.MONTHS, a_year=12)
    assert wrong is not None
    assert wrong.field == "falls"


def test_rule_of_an_award_that_stands_before_another_takes_the_ground_from_under_a_third() -> None:
    variant = Standing("transfer", "Transfer", Reckoned.BEFORE, "viva", award_id=7)
    viva = Standing("viva", "Viva", Reckoned.COUNTED)
    assert left_hanging([TRANSFER, INTEGRITY, viva]) is None
    assert left_hanging([TRANSFER, INTEGRITY, viva, variant]) == INTEGRITY
    assert left_hanging([INTEGRITY]) == INTEGRITY


@st.composite
def rules(draw: st.DrawFn) -> RuleDetails:
    """Any milestone that a form can send."""
    return RuleDetails(
        code=draw(st.sampled_from(["transfer", "integrity", "viva", "report", "X"])),
        title="T",
        reckoned=draw(st.sampled_from(Reckoned)),
        units=draw(st.integers(-2, 300)),
        place=draw(st.integers(-2, 14)),
        base=draw(st.sampled_from(["", "transfer", "integrity", "viva", "report"])),
        weeks=draw(st.integers(-2, 60)),
        falls=draw(st.sampled_from(Falls)),
        is_last=draw(st.booleans()),
    )


@given(wanted=st.lists(rules(), max_size=8), rate=st.sampled_from([50, 100]), months=st.booleans())
def test_whatever_is_let_in_can_be_reckoned(wanted: list[RuleDetails], rate: int, *, months: bool) -> None:
    units = Units(Counting.MONTHS) if months else Units(Counting.TERMS, TERMS)
    taken: list[RuleDetails] = []
    for rule in wanted:
        others = [Standing(one.code, one.title, one.reckoned, one.base) for one in taken]
        if wrong_rule(rule, others, counting=units.counting, a_year=units.a_year) is None:
            taken.append(rule)
    plain = [
        Rule(one.code, one.reckoned, one.units, one.place, one.base, one.weeks, one.falls, one.is_last) for one in taken
    ]
    found = reckon(plain, Course(entry=2026 * units.a_year, rates=(Rate(2026 * units.a_year, rate),)), units)
    once = {rule.code for rule in taken if rule.reckoned is Reckoned.COUNTED}
    hanging = {rule.code for rule in taken if rule.reckoned is Reckoned.BEFORE and rule.base in once}
    assert once | hanging <= {due.code for due in found}
