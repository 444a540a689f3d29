"""What the rulebooks that an installation starts with come to."""

from collections.abc import Sequence
from datetime import date

import pytest

from programme.strands.cohorts.milestones.course import Course
from programme.strands.cohorts.milestones.reckoning import Due, Rule, reckon
from programme.strands.cohorts.milestones.units import Counting, Units
from programme.strands.cohorts.rulebooks.defaults import LIVERPOOL

MONTHS = Units(Counting.MONTHS)
FIELDS = ("code", "reckoned", "units", "place", "base", "weeks", "is_last")
RULES = [Rule(**{name: getattr(one, name) for name in FIELDS}) for one in LIVERPOOL.rules]


def due(year: int, month: int) -> Sequence[Due]:
    """Return what is due at Liverpool for somebody who began in a month."""
    return reckon(RULES, Course(year * 12 + month - 1), MONTHS)


def test_liverpool_counts_as_its_forms_say() -> None:
    once = {one.code: one.day for one in due(2026, 10) if not one.occurrence}
    assert once == {"notice": date(2030, 7, 22), "submission": date(2030, 9, 30)}
    portfolios = [one.day for one in due(2026, 10) if one.code == "portfolio"]
    assert portfolios == [date(year, 5, 31) for year in (2027, 2028, 2029, 2030)]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_annual_report_has_its_panel_and_its_portfolio_whenever_one_began(month: int) -> None:
    years = {code: [one.occurrence for one in due(2026, month) if one.code == code] for code in ("report", "panel")}
    assert years["report"] == years["panel"]
    portfolios = [one.occurrence for one in due(2026, month) if one.code == "portfolio"]
    assert set(years["report"]) <= set(portfolios)
