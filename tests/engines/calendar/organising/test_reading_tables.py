"""What people paste of term dates: a head line is passed over, and a first row that is wrong is said to be."""

import pytest

from programme.engines.calendar.term_weeks.periods import read_table

ROW = "teaching,Hilary term,HT,17/1/2027,8,1,confirmed"


@pytest.mark.parametrize(
    "head", ["kind,name,code,first day,weeks,first number,status", "Kind of dates,,,,,,", "\ufeffKIND"]
)
def test_a_head_line_is_passed_over(head: str) -> None:
    table = read_table(f"{head}\n{ROW}")
    assert [row.code for row in table.rows] == ["HT"]
    assert table.wrong == ()


def test_a_first_row_of_a_kind_that_there_is_not_is_told_and_not_passed_over() -> None:
    table = read_table(f"{ROW.replace('teaching', 'teeching')}\n{ROW}")
    assert len(table.rows) == 1
    assert [line.partition(":")[0] for line in table.wrong] == ["Line 1"]
