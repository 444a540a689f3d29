"""What a row of a cohort's spreadsheet says: read, or odd with a sentence; pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.engines.calendar.reading.table import Line
from programme.strands.cohorts.incoming.columns import HEADINGS, TEMPLATE, heading_index, seen_in
from programme.strands.cohorts.incoming.facts import OddCells, OddRow, Said, said_in
from programme.strands.cohorts.incoming.reading import row_of
from programme.strands.cohorts.states import CandidatureState

PLACES = {"liverpool": 1, "oxford": 2}
CELLS = st.dictionaries(
    st.sampled_from(sorted(HEADINGS)),
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(["Oxford", "yes", "50 %", "0.5", "nan", "1e999", "46296", "99999", "1/10/2026", "part time"]),
    ),
)


def told(cells: dict[str, str]) -> Said | list[tuple[str, str]]:
    """What a row says, or why which of its cells are odd."""
    try:
        return said_in(cells, PLACES)
    except OddCells as odd:
        return list(odd.cells)


@given(CELLS)
def test_every_row_is_read_or_odd_with_a_sentence(cells: dict[str, str]) -> None:
    said = told(cells)
    if isinstance(said, list):
        assert all(name in cells and sentence.endswith(".") and len(sentence) < 300 for name, sentence in said)
        return
    assert said.per_cent is None or 0 < said.per_cent <= 100
    days = (said.registered_on, said.funded_until, said.submission_deadline)
    assert all(day is None or 2000 <= day.year <= 2100 for day in days)


def test_what_people_write_is_understood() -> None:
    cells = {
        "given": "Nora",
        "family": "Nettleford",
        "home": " OXFORD ",
        "mode": "PT",
        "per_cent": "0.5",
        "registered_on": "46296",
        "has_sponsored_visa": "Y",
        "state": "writing_up",
    }
    assert said_in(cells, PLACES) == Said(
        name="Nora Nettleford",
        home_id=2,
        is_part_time=True,
        per_cent=50,
        registered_on=date(2026, 10, 1),
        has_sponsored_visa=True,
        state=CandidatureState.WRITING_UP,
    )
    assert said_in({}, PLACES) == Said(name="")


YEARS = ("1/10/1926", "1/10/2126", "2101-01-01")


@pytest.mark.parametrize("text", YEARS)
def test_day_of_another_century_is_odd(text: str) -> None:
    with pytest.raises(OddRow, match="between 2000 and 2100"):
        said_in({"registered_on": text}, PLACES)


def test_headings_of_the_template_all_mean_something() -> None:
    head = Line(1, TEMPLATE)
    assert heading_index([head]) == 0
    assert all(column.field for column in seen_in(head))
    row = row_of(Line(7, ["Nora\n Nettleford", 50.0, date(2026, 10, 1)]), seen_in(Line(1, ["Name", "FTE", "Start"])))
    assert row == {"line": 7, "cells": {"name": "Nora Nettleford", "per_cent": "50", "registered_on": "01/10/2026"}}
