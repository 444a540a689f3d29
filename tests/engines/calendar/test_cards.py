"""Term cards: which terms there are, and that every day of a term stands on its card once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.data.known_dates import oxford_terms
from programme.engines.calendar.term_weeks.cards import card_terms, term_for, weeks_of_card
from programme.engines.calendar.term_weeks.weeks import DateStatus, Numbering, Term


def semester(first: date, *, label: str = "Semester 1", weeks: int = 12, number: int = 1) -> Term:
    """A semester of Liverpool's."""
    return Term("liverpool", label, "S1", Numbering.COUNTED, first, weeks, DateStatus.PROVISIONAL, first_number=number)


def test_terms_are_named_by_their_year_and_follow_each_other() -> None:
    cards = card_terms(reversed(oxford_terms()))
    assert [card.key for card in cards][:3] == ["oxford-michaelmas-2024", "oxford-hilary-2025", "oxford-trinity-2025"]
    assert all(one.until == other.shown_from for one, other in pairwise(cards) if one.label[0] != "T")
    assert card_terms([semester(date(2026, 9, 28))])[0].key == "liverpool-semester-1-2026"


def test_weeks_are_called_as_each_university_calls_them() -> None:
    hilary = next(card for card in card_terms(oxford_terms()) if card.key == "oxford-hilary-2027")
    weeks = list(weeks_of_card(hilary))
    assert [week.title for week in weeks][:4] == ["−1st week", "0th week", "1st week", "2nd week"]  # noqa: RUF001  a minus sign is meant
    assert [week.title for week in weeks if week.is_of_term][-1] == "8th week"
    assert weeks[2].first_day == date(2027, 1, 17)
    assert weeks[-1].title == "Vacation"


def test_a_semester_that_a_break_divides_is_one_card() -> None:
    parts = [
        semester(date(2027, 1, 25), label="Semester 2", weeks=8),
        semester(date(2027, 4, 19), label="Semester 2", weeks=4, number=9),
    ]
    (card,) = card_terms(parts)
    titles = [week.title for week in weeks_of_card(card)]
    assert titles[7:10] == ["Week 8", "Vacation", "Week 9"]


def test_the_card_of_a_day_is_its_term_or_the_next_or_the_last() -> None:
    cards = card_terms(oxford_terms())
    assert term_for(cards, date(2020, 1, 1)) == cards[0]
    assert term_for(cards, date(2099, 1, 1)) == cards[-1]
    in_hilary = term_for(cards, date(2027, 2, 16))
    assert in_hilary is not None
    assert in_hilary.key == "oxford-hilary-2027"
    assert term_for([], date(2027, 2, 16)) is None


@st.composite
def some_terms(draw: st.DrawFn) -> list[Term]:
    """Terms of a university, with breaks between them or none, named weeks around them that may meet."""
    day = date(2026, 9, 28) + timedelta(days=draw(st.integers(0, 30)))
    found = []
    for number in range(draw(st.integers(1, 6))):
        weeks = draw(st.integers(1, 14))
        label = draw(st.sampled_from(["Semester 1", "Semester 2", "Autumn 2026"]))
        around = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        status = draw(st.sampled_from(DateStatus))
        found.append(Term("x", label, "S", Numbering.COUNTED, day, weeks, status, number + 1, *around))
        day += timedelta(weeks=weeks, days=draw(st.integers(0, 60)))
    return found


@given(some_terms())
def test_every_day_of_a_card_stands_in_one_week_of_it(terms: list[Term]) -> None:
    for card in card_terms(terms):
        weeks = list(weeks_of_card(card))
        assert weeks[0].first_day == card.shown_from
        assert weeks[-1].last_day == card.until - timedelta(days=1)
        assert all(one.last_day + timedelta(days=1) == other.first_day for one, other in pairwise(weeks))
        assert all(week.first_day <= week.last_day for week in weeks)
        assert all((week.last_day - week.first_day).days < 7 for week in weeks if week.is_numbered)
        of_term = [week for week in weeks if week.is_of_term]
        assert {card.first_day, card.last_day} <= {week.first_day for week in of_term} | {
            week.last_day for week in of_term
        }
