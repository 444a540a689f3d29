"""Academic weeks in words, against the sheet of facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.data.known_dates import bank_holidays, oxford_terms
from programme.engines.calendar.term_weeks.weeks import (
    DateStatus,
    Numbering,
    Term,
    academic_year,
    label_for,
    labels_for,
    ordinal,
    same_week_next_year,
    wrong_first_day,
)

OXFORD = oxford_terms()
# Copied by hand from the University's list: term, Sunday of 0th week, of 1st, Saturday of 8th, Sunday of 9th.
FACTS = """
MT24 2024-10-06 2024-10-13 2024-12-07 2024-12-08
HT25 2025-01-12 2025-01-19 2025-03-15 2025-03-16
TT25 2025-04-20 2025-04-27 2025-06-21 2025-06-22
MT25 2025-10-05 2025-10-12 2025-12-06 2025-12-07
HT26 2026-01-11 2026-01-18 2026-03-14 2026-03-15
TT26 2026-04-19 2026-04-26 2026-06-20 2026-06-21
MT26 2026-10-04 2026-10-11 2026-12-05 2026-12-06
HT27 2027-01-10 2027-01-17 2027-03-13 2027-03-14
TT27 2027-04-18 2027-04-25 2027-06-19 2027-06-20
MT27 2027-10-03 2027-10-10 2027-12-04 2027-12-05
HT28 2028-01-09 2028-01-16 2028-03-11 2028-03-12
TT28 2028-04-16 2028-04-23 2028-06-17 2028-06-18
MT28 2028-10-01 2028-10-08 2028-12-02 2028-12-03
HT29 2029-01-07 2029-01-14 2029-03-10 2029-03-11
TT29 2029-04-15 2029-04-22 2029-06-16 2029-06-17
MT29 2029-09-30 2029-10-07 2029-12-01 2029-12-02
HT30 2030-01-06 2030-01-13 2030-03-09 2030-03-10
TT30 2030-04-21 2030-04-28 2030-06-22 2030-06-23
"""
ROWS = [line.split() for line in FACTS.split("\n") if line]
NAMES = {"M": "Michaelmas", "H": "Hilary", "T": "Trinity"}
DAYS = st.dates(date(2024, 9, 1), date(2030, 8, 31))

AUTUMN = Term("liverpool", "Semester 1", "S1", Numbering.COUNTED, date(2026, 9, 28), 12, DateStatus.CONFIRMED)
SPRING = replace(AUTUMN, label="Semester 2", short="S2", first_week=date(2027, 1, 25), weeks=8)
AFTER_EASTER = replace(SPRING, first_week=date(2027, 4, 12), weeks=4, first_number=9)
LIVERPOOL = [AUTUMN, SPRING, AFTER_EASTER]


@pytest.mark.parametrize(("code", "noughth", "first", "eighth_ends", "ninth"), ROWS)
def test_oxford_weeks_are_those_of_the_fact_sheet(
    code: str, noughth: str, first: str, eighth_ends: str, ninth: str
) -> None:
    name = f"{NAMES[code[0]]} 20{code[2:]}"
    assert long(noughth) == f"Sunday of 0th week, {name}"
    assert long(first) == f"Sunday of 1st week, {name}"
    assert long(eighth_ends) == f"Saturday of 8th week, {name}"
    assert long(ninth) == f"Sunday of 9th week, {name}"
    assert label_for(date.fromisoformat(first), OXFORD).short == f"1st Wk {code}"
    before = date.fromisoformat(noughth) - timedelta(days=7)
    assert label_for(before, OXFORD).long == f"Sunday of \N{MINUS SIGN}1st week, {name}"
    assert label_for(before - timedelta(days=1), OXFORD).long == "vacation"
    assert label_for(date.fromisoformat(ninth) + timedelta(days=7), OXFORD).long == "vacation"


def test_the_fact_sheet_is_all_there_is() -> None:
    assert [term.short for term in OXFORD] == [row[0] for row in ROWS]


def test_a_tuesday_of_third_week_is_written_as_in_oxford() -> None:
    label = label_for(date(2026, 10, 27), OXFORD)
    assert (label.long, label.short) == ("Tuesday of 3rd week, Michaelmas 2026", "3rd Wk MT26")


def test_dates_from_2025_on_are_provisional_and_those_before_are_not() -> None:
    assert not label_for(date(2025, 5, 1), OXFORD).is_provisional
    assert label_for(date(2025, 10, 20), OXFORD).is_provisional
    assert label_for(date(2025, 12, 25), OXFORD).is_provisional


def test_liverpool_weeks_are_counted_from_monday() -> None:
    label = label_for(date(2026, 10, 26), LIVERPOOL)
    assert (label.long, label.short) == ("Semester 1, week 5", "S1 W5")
    assert label_for(date(2026, 10, 25), LIVERPOOL).short == "S1 W4"
    assert label_for(date(2026, 12, 25), LIVERPOOL).long == "vacation"


def test_numbers_go_on_after_a_break() -> None:
    assert label_for(date(2027, 3, 21), LIVERPOOL).short == "S2 W8"
    assert label_for(date(2027, 3, 29), LIVERPOOL).long == "vacation"
    assert label_for(date(2027, 4, 12), LIVERPOOL).short == "S2 W9"


def test_without_dates_they_are_not_confirmed() -> None:
    label = label_for(date(2026, 10, 27), [])
    assert (label.long, label.short, label.in_term) == ("dates not confirmed", "dates not confirmed", False)
    assert label_for(date(2023, 10, 27), OXFORD).long == "dates not confirmed"
    assert label_for(date(2030, 9, 2), OXFORD).long == "dates not confirmed"


def test_placeholders_are_not_confirmed() -> None:
    placeholders = [replace(term, status=DateStatus.PLACEHOLDER) for term in LIVERPOOL]
    assert label_for(date(2026, 10, 27), placeholders).long == "dates not confirmed"
    assert label_for(date(2026, 12, 25), placeholders).long == "dates not confirmed"


def test_a_gap_in_a_year_half_entered_is_no_vacation() -> None:
    assert label_for(date(2027, 2, 15), [AUTUMN]).long == "dates not confirmed"
    assert label_for(date(2026, 10, 27), [AUTUMN]).short == "S1 W5"


def test_a_third_university_is_only_data() -> None:
    york = Term("york", "Lent 2027", "LT27", Numbering.ORDINAL, date(2027, 1, 21), 8, DateStatus.CONFIRMED)
    labels = labels_for(date(2027, 1, 26), [*OXFORD, *LIVERPOOL, york], organisations=["york", "oxford", "hull"])
    assert {slug: label.short for slug, label in labels.items()} == {
        "york": "1st Wk LT27",
        "oxford": "2nd Wk HT27",
        "hull": "dates not confirmed",
    }


def test_where_two_terms_show_a_day_the_one_that_holds_it_counts() -> None:
    late = replace(OXFORD[0], weeks_after=8)
    early = replace(OXFORD[1], weeks_before=8)
    assert label_for(date(2024, 12, 7), [late, early]).short == "8th Wk MT24"
    assert label_for(date(2025, 1, 19), [late, early]).short == "1st Wk HT25"
    assert label_for(date(2024, 12, 9), [late, early]).short == "9th Wk MT24"


@given(DAYS)
def test_every_day_of_the_known_years_has_a_label(day: date) -> None:
    label = label_for(day, OXFORD)
    assert label.in_term == (" week, " in label.long)
    assert label.in_term or label.long == "vacation"


@given(DAYS, st.integers(-9, 9))
def test_a_week_later_is_one_week_higher(day: date, weeks: int) -> None:
    for term in OXFORD:
        assert term.number(day + timedelta(weeks=weeks)) == term.number(day) + weeks


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (-1, "\N{MINUS SIGN}1st"),
        (0, "0th"),
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (23, "23rd"),
    ],
)
def test_ordinals_are_written_as_in_english(number: int, written: str) -> None:
    assert ordinal(number) == written


def test_an_academic_year_opens_in_september() -> None:
    assert academic_year(date(2026, 9, 1)) == 2026
    assert academic_year(date(2027, 8, 31)) == 2026


def test_a_wrong_first_day_is_told() -> None:
    assert wrong_first_day(Numbering.ORDINAL, date(2026, 10, 11)) is None
    assert wrong_first_day(Numbering.COUNTED, date(2026, 9, 28)) is None
    sentence = wrong_first_day(Numbering.COUNTED, date(2026, 9, 29))
    assert sentence == "Week 1 begins on a Monday; 29/09/2026 is a Tuesday."


def test_bank_holidays_are_read_with_their_substitutes() -> None:
    holidays = {holiday.day: holiday for holiday in bank_holidays()}
    assert len(holidays) == 8 * 8 + 4
    assert holidays[date(2026, 12, 28)].is_substitute
    assert holidays[date(2027, 3, 26)].name == "Good Friday"
    assert {day.year for day in holidays} == set(range(2024, 2032))


def long(day: str) -> str:
    return label_for(date.fromisoformat(day), OXFORD).long


@given(day=DAYS.filter(lambda day: day < date(2029, 9, 1)))
def test_the_same_week_a_year_later_has_the_same_name_but_for_the_year(day: date) -> None:
    then = same_week_next_year(day, OXFORD)
    if then is None:
        assert long(day.isoformat()) in {"vacation", "dates not confirmed"}
        return
    assert then.weekday() == day.weekday()
    assert long(then.isoformat())[:-1].startswith(long(day.isoformat())[:-4])
    assert 350 <= (then - day).days <= 380


def test_the_same_week_is_not_guessed_where_the_next_year_has_no_such_term() -> None:
    assert same_week_next_year(date(2026, 10, 6), LIVERPOOL) is None
    later = [replace(term, first_week=term.first_week + timedelta(weeks=53)) for term in LIVERPOOL]
    assert same_week_next_year(date(2026, 10, 6), [*LIVERPOOL, *later]) == date(2027, 10, 12)
    assert same_week_next_year(date(2027, 4, 13), [*LIVERPOOL, *later]) == date(2028, 4, 18)
    assert same_week_next_year(date(2026, 8, 1), [*LIVERPOOL, *later]) is None
    guesses = [replace(term, status=DateStatus.PLACEHOLDER) for term in later]
    assert same_week_next_year(date(2026, 10, 6), [*LIVERPOOL, *guesses]) is None
